/** Staff look members up, note what they learn, block, and see personal data with a reason. */
import { z } from "@hono/zod-openapi";
import { accountOf } from "../accounts/index.ts";
import { earn, isRefusal, refusalProblem } from "../earning/index.ts";
import { freshen } from "../figures/index.ts";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { maskName, seen, sightOf, type Sight } from "../kernel/masks.ts";
import { phoneContext } from "../members/index.ts";
import { MergeDesk } from "../merges/index.ts";
import { json, type Api, type Session } from "../platform/http/api.ts";
import { mayReveal } from "../staff/index.ts";
import type { Env } from "../platform/env.ts";
import { openVault } from "../vault/index.ts";
import { ledgerRoutes } from "./ledger-routes.ts";
import { namesRoute } from "./names-route.ts";
import { readCursor, SORTS, writeCursor, type Sort } from "./list.ts";
import { RegisterStore, type MemberRecord, type MemberRow } from "./store.ts";
import {
  memberListSchema,
  memberProfileSchema,
  revealedSchema,
  type MemberProfileView,
  type MemberRowView,
} from "./wire.ts";

const PATH = "/api/v1/staff/members/{memberId}";
const params = z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN) });
const reason = z.string().trim().min(2, "say why, in a word or two").max(LIMITS.textMax);
const id = z.string().regex(/^[0-9A-Za-z_.-]{1,64}$/);

export function registerRoutes(api: Api): void {
  listRoute(api);
  profileRoute(api);
  editRoute(api);
  blockRoute(api, "block");
  blockRoute(api, "unblock");
  revealRoute(api);
  namesRoute(api);
  ledgerRoutes(api);
}

const listQuery = z.object({
  q: z
    .string()
    .trim()
    .max(LIMITS.idMax)
    .default("")
    .describe("The beginning of an id or a name, or the last four digits of a phone."),
  label: id.optional(),
  segment: id.optional(),
  tier: id.optional(),
  blocked: z.enum(["1"]).optional(),
  expiring: z.coerce.number().int().min(1).max(365).optional().describe("Within so many days."),
  redeemed: z.coerce.number().int().min(1).max(365).optional().describe("Within so many days."),
  sort: z
    .enum([...SORTS, ...SORTS.map((sort) => `-${sort}` as const)] as [
      Sort,
      ...(Sort | `-${Sort}`)[],
    ])
    .default("-activity" as Sort)
    .describe("Of the whole list; a search or a filter has an order of its own."),
  cursor: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/members",
      access: "staff",
      permission: "members.read",
      tag: "Register",
      summary: "Members with their figures; a page may hold fewer rows than asked for and go on",
      query: listQuery,
      responses: { 200: { description: "One page", schema: memberListSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, query, nowMs, problem }) => {
      const cursor = query.cursor === undefined ? null : readCursor(query.cursor);
      if (query.cursor !== undefined && !cursor) {
        const errors = [{ path: "query.cursor", message: "not a cursor of this list" }];
        return problem("invalid", { errors });
      }
      await freshen(env, nowMs);
      const store = new RegisterStore(env.DB, session.programmeId);
      const sort: string = query.sort;
      const sight = sightOf(session.staff?.permissions);
      const { rows, next, by } = await store.list({
        ...{ q: query.q, sight, labelId: query.label ?? null, segmentId: query.segment ?? null },
        ...{ tierId: query.tier ?? null, isBlocked: query.blocked === "1", cursor, nowMs },
        ...{ expiringDays: query.expiring ?? null, redeemedDays: query.redeemed ?? null },
        limit: query.limit,
        sort: sort.replace("-", "") as Sort,
        isAscending: !sort.startsWith("-"),
      });
      return json({
        items: rows.map((row) => rowView(row, sight)),
        nextCursor: writeCursor(next),
        order: by,
      });
    },
  );
}

function profileRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: PATH,
      access: "staff",
      permission: "members.read",
      tag: "Register",
      summary: "One member: who they are, masked, and their figures",
      params,
      responses: { 200: { description: "The member", schema: memberProfileSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, params: { memberId }, nowMs }) => {
      await freshen(env, nowMs);
      return json(await profileOf(env, session, memberId, nowMs));
    },
  );
}

function editRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: PATH,
      access: "staff",
      permission: "members.write",
      tag: "Register",
      summary:
        "Changes a member's name and note; a stale version is refused with what is there now",
      params,
      body: z
        .object({
          version: z.int().min(0),
          name: z
            .string()
            .trim()
            .max(60)
            .nullable()
            .default(null)
            .describe("Null keeps the name that is known."),
          note: z.string().trim().max(500).default(""),
        })
        .openapi("EditMember"),
      responses: { 200: { description: "After it", schema: memberProfileSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, params: { memberId }, body, nowMs, problem, audit }) => {
      const store = new RegisterStore(env.DB, session.programmeId);
      const before = await store.find(memberId);
      const { version, name, note } = body;
      const isDone = await store.edit(memberId, { displayName: name, note, version }, nowMs);
      const current = await profileOf(env, session, memberId, nowMs);
      if (!isDone) return problem("conflict", { reason: "changed_meanwhile", current });
      audit({
        subject: `member:${memberId}`,
        before: { note: before?.note ?? "" },
        after: { note, isRenamed: name !== null },
      });
      return json(current);
    },
  );
}

function blockRoute(api: Api, verb: "block" | "unblock"): void {
  const isBlocked = verb === "block";
  api.route(
    {
      method: "post",
      path: `${PATH}/${verb}`,
      access: "staff",
      permission: "members.write",
      tag: "Register",
      summary: isBlocked
        ? "Blocks a member, who neither earns nor redeems from now on; points stay"
        : "Unblocks a member",
      params,
      body: z.object({ reason }).openapi(isBlocked ? "BlockMember" : "UnblockMember"),
      responses: { 200: { description: "After it", schema: memberProfileSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, params: { memberId }, body, nowMs, problem, audit }) => {
      const { programmeId } = session;
      // The Account enforces it, so it is told first: a row that says blocked is true.
      const memberKey = memberKeyOf(programmeId, memberId);
      const reply = await earn(env, memberKey, "profile", { facts: {}, isBlocked }, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      if (isBlocked) await giveBackTickets(env, memberKey);
      const store = new RegisterStore(env.DB, programmeId);
      await store.block(memberId, isBlocked ? nowMs : null, isBlocked ? body.reason : "", nowMs);
      audit({ subject: `member:${memberId}`, after: { isBlocked }, reason: body.reason });
      return json(await profileOf(env, session, memberId, nowMs));
    },
  );
}

/** Newest orders looked through for tickets; nobody holds more at a time. */
const TICKETS_MAX = 100;

/** Who stands at an open door with a ticket would redeem after all; the shelf has the last word on each. */
async function giveBackTickets(env: Env, memberKey: string): Promise<void> {
  const account = accountOf(env, memberKey);
  const orders = await account.orders(memberKey, TICKETS_MAX);
  const held = orders.filter(({ order }) => order.hold === "pending");
  await Promise.all(held.map(({ order }) => account.forgo(memberKey, order.saleId, order.orderId)));
}

function revealRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/reveal`,
      access: "staff",
      permission: "members.reveal",
      tag: "Register",
      summary: "Shows a member's name and phone in full; who asked and why is written down first",
      params,
      body: z.object({ reason }).openapi("RevealMember"),
      responses: { 200: { description: "In full", schema: revealedSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, params: { memberId }, body, nowMs, problem, audit }) => {
      const { programmeId } = session;
      const sight = sightOf(session.staff?.permissions);
      if (!sight.name && !sight.phone) return problem("forbidden", { reason: "hidden_from_you" });
      if (!(await mayReveal(env, session, nowMs))) return problem("rate_limited", {}, 600);
      audit({
        ...{ action: "members.reveal", subject: `member:${memberId}`, reason: body.reason },
        after: null,
      });
      const row = await new RegisterStore(env.DB, programmeId).find(memberId);
      const phone =
        row?.phoneSealed == null || !sight.phone
          ? null
          : await (
              await openVault(env, programmeId)
            ).open(phoneContext(programmeId, memberId), row.phoneSealed);
      return json({ name: sight.name ? (row?.displayName ?? "") : "", phone });
    },
  );
}

const NOBODY: Omit<MemberRecord, "memberId"> = {
  ...{ displayName: "", phoneTail: null, firstSeenAtMs: 0, lastActiveAtMs: 0 },
  ...{ lastRedeemedAtMs: null, lastPurchaseAtMs: null, lastStoreId: null, blockedAtMs: null },
  ...{ seq: 0, active: 0, pending: 0, tierId: null, nextExpiresAtMs: null, nextExpiring: 0 },
  ...{ earnedPoints: 0, spentPoints: 0, frequency: 0, mergedInto: null },
  ...{ phoneSealed: null, blockReason: "", note: "", version: 0 },
};

async function profileOf(
  env: Env,
  { programmeId, staff }: Session,
  memberId: string,
  nowMs: number,
): Promise<MemberProfileView> {
  const store = new RegisterStore(env.DB, programmeId);
  const [row, belongs, records] = await Promise.all([
    store.find(memberId),
    store.belongs(memberId),
    new MergeDesk(env, programmeId, nowMs).recordsIn(memberId),
  ]);
  const { phoneSealed, blockReason, note, version, ...figures } = row ?? { ...NOBODY, memberId };
  return {
    ...rowView(figures, sightOf(staff?.permissions)),
    ...belongs,
    ...{
      records,
      isKnown: row !== null,
      hasPhone: phoneSealed !== null,
      blockReason,
      note,
      version,
    },
  };
}

function rowView(row: MemberRow, sight: Sight): MemberRowView {
  const { memberId, displayName, phoneTail, firstSeenAtMs, lastActiveAtMs } = row;
  const { lastRedeemedAtMs, lastPurchaseAtMs, lastStoreId, blockedAtMs, active } = row;
  const { pending, tierId, nextExpiresAtMs, nextExpiring, earnedPoints, spentPoints } = row;
  return {
    ...{ memberId, name: displayName === "" ? "" : seen(sight.name, maskName(displayName)) },
    phoneTail: sight.phone ? phoneTail : null,
    ...{ firstSeenAtMs, lastActiveAtMs, lastRedeemedAtMs, lastPurchaseAtMs, lastStoreId },
    ...{ blockedAtMs, active, pending, tierId, nextExpiresAtMs, nextExpiring },
    ...{ earnedPoints, spentPoints, frequency: row.frequency, mergedInto: row.mergedInto },
  };
}
