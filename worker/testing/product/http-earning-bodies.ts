/** Fitting bodies and paths of the earning routes, for the tests that spoil them. */
import { ruleOf } from "../points/earning.ts";
import { taskBody } from "../points/programme.ts";
import type { Json } from "./http-shop.ts";

const ID = "fitting-0000000000000001";
const RULE: Json = { ...ruleOf({ ruleId: "fitting", title: "Spend" }) };
const {
  detail: _,
  link: __,
  ...TASK
} = taskBody({
  ...{ taskId: "fitting", title: "Buy", target: 1, points: 5 },
});

/** Every route of earning: who may call it, and what the right caller is answered with a fitting body. */
export const EARNING_ROUTES: Readonly<Record<string, readonly ["member" | "staff", number]>> = {
  "get /api/v1/me/check-in": ["member", 404],
  "post /api/v1/me/check-in": ["member", 404],
  "post /api/v1/me/check-in/make-up": ["member", 404],
  "get /api/v1/me/tasks": ["member", 200],
  "post /api/v1/me/tasks/{taskId}/claim": ["member", 404],
  "put /api/v1/me/birthday": ["member", 404],
  "get /api/v1/me/tier": ["member", 404],
  "get /api/v1/me/prices": ["member", 422],
  "get /api/v1/me/reminders": ["member", 200],
  "put /api/v1/me/reminders/settings": ["member", 200],
  "get /api/v1/me/invites": ["member", 404],
  "post /api/v1/me/invites/device": ["member", 200],
  "post /api/v1/me/invites/accept": ["member", 404],
  "post /api/v1/me/till-codes": ["member", 404],
  "post /api/v1/staff/earning/events": ["staff", 201],
  "post /api/v1/staff/earning/events/{eventId}/returns": ["staff", 201],
  "post /api/v1/staff/earning/events/{eventId}/complete": ["staff", 201],
  "get /api/v1/staff/earning/invites": ["staff", 200],
  "get /api/v1/staff/earning/terms": ["staff", 200],
  "get /api/v1/staff/earning/terms/{kind}": ["staff", 200],
  "put /api/v1/staff/earning/terms/{kind}": ["staff", 200],
  "get /api/v1/staff/earning/schemas": ["staff", 200],
  "post /api/v1/staff/earning/terms/{kind}/preview": ["staff", 200],
  "get /api/v1/staff/earning/rules": ["staff", 200],
  "post /api/v1/staff/earning/rules": ["staff", 201],
  "get /api/v1/staff/earning/rules/{id}/versions": ["staff", 200],
  "put /api/v1/staff/earning/rules/{id}": ["staff", 200],
  "post /api/v1/staff/earning/rules/{id}/dry-run": ["staff", 200],
  "post /api/v1/staff/earning/rules/{id}/publish": ["staff", 200],
  "post /api/v1/staff/earning/rules/{id}/retire": ["staff", 200],
  "get /api/v1/staff/earning/tasks": ["staff", 200],
  "post /api/v1/staff/earning/tasks": ["staff", 201],
  "get /api/v1/staff/earning/tasks/{id}/versions": ["staff", 200],
  "put /api/v1/staff/earning/tasks/{id}": ["staff", 200],
  "post /api/v1/staff/earning/tasks/{id}/dry-run": ["staff", 200],
  "post /api/v1/staff/earning/tasks/{id}/publish": ["staff", 200],
  "post /api/v1/staff/earning/tasks/{id}/retire": ["staff", 200],
  "post /api/v1/staff/earning/till-codes": ["staff", 201],
  "get /api/v1/staff/earning/till-codes": ["staff", 200],
  "post /api/v1/staff/earning/till-codes/{codeId}/revoke": ["staff", 404],
  "post /api/v1/staff/adjustments": ["staff", 201],
  "get /api/v1/staff/adjustments": ["staff", 200],
  "post /api/v1/staff/points/import": ["staff", 422],
  "get /api/v1/staff/members/{memberId}/earning": ["staff", 200],
  "get /api/v1/staff/members/{memberId}/reminders": ["staff", 200],
  "put /api/v1/staff/members/{memberId}/earning": ["staff", 200],
  "post /api/v1/staff/members/{memberId}/make-up-cards": ["staff", 200],
  "post /api/v1/staff/members/{memberId}/membership": ["staff", 404],
  "post /api/v1/staff/members/{memberId}/invite/review": ["staff", 404],
};

/** What stands in the paths. */
export const EARNING_PARAMS: Readonly<Record<string, string>> = {
  taskId: "fitting",
  eventId: "fitting",
  id: "fitting",
  kind: "clawback",
  codeId: "never-issued-0001",
};

/** Bodies that a module reads by its own schema: the document shows no fields of them. */
export const FREE_FORM: Readonly<Record<string, Json>> = {
  "/api/v1/staff/earning/terms/{kind}": { policy: "within_balance" },
  "/api/v1/staff/earning/terms/{kind}/preview": { policy: "within_balance" },
  "/api/v1/staff/earning/rules": RULE,
  "/api/v1/staff/earning/rules/{id}": { ...RULE, title: "Spend more" },
  "/api/v1/staff/earning/tasks": TASK,
  "/api/v1/staff/earning/tasks/{id}": { ...TASK, title: "Buy more" },
};

export const EARNING_FITTING: Readonly<Record<string, Json>> = {
  ...Object.fromEntries(Object.keys(FREE_FORM).map((path) => [path, {}])),
  "/api/v1/me/check-in": { requestId: ID },
  "/api/v1/me/check-in/make-up": { requestId: ID, day: "2026-01-01" },
  "/api/v1/me/tasks/{taskId}/claim": { requestId: ID },
  "/api/v1/me/birthday": { month: 2, day: 29 },
  "/api/v1/me/reminders/settings": { optedOut: false },
  "/api/v1/me/invites/device": { device: "d" },
  "/api/v1/me/invites/accept": { requestId: ID, code: "3456789F", device: "d" },
  "/api/v1/me/till-codes": { requestId: ID, code: "3456789F" },
  "/api/v1/staff/earning/events": {
    eventId: "fitting",
    memberId: "granted",
    kind: "order",
    name: null,
    atMs: Date.now() - 60_000,
    lines: [{ productId: "p", categoryIds: [], labels: [], amountFen: 100 }],
    storeId: null,
    channel: null,
    segments: [],
    labels: [],
    birthday: null,
    device: "",
    network: "",
    payment: "",
    address: "",
  },
  "/api/v1/staff/earning/events/{eventId}/returns": {
    memberId: "granted",
    returnId: "r",
    amountFen: null,
  },
  "/api/v1/staff/earning/events/{eventId}/complete": { memberId: "granted" },
  "/api/v1/staff/earning/till-codes": {
    requestId: ID,
    via: "staff",
    points: 1,
    usesMax: 1,
    usesPerMemberMax: 1,
    startsAtMs: 0,
    expiresAtMs: 1_900_000_000_000,
    storeId: null,
  },
  "/api/v1/staff/adjustments": {
    adjustmentId: ID,
    memberId: "granted",
    points: 1,
    reason: "test",
    customerNote: "test",
    internalNote: "test",
    expiresAtMs: null,
    mayGoNegative: false,
  },
  "/api/v1/staff/members/{memberId}/earning": {
    segments: [],
    labels: [],
    birthday: null,
    tierEndsAtMs: null,
  },
  "/api/v1/staff/members/{memberId}/make-up-cards": { requestId: ID, cards: 1 },
  "/api/v1/staff/members/{memberId}/membership": {
    ...{ requestId: ID, tierId: "gold", months: 1, paid: { kind: "gift" } },
  },
  "/api/v1/staff/members/{memberId}/invite/review": { isGenuine: true },
};
