/** What the merchant's systems report: events, their returns, their completion. */
import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { birthdaySchema } from "./birthday.ts";
import { earn, isRefusal, refusalProblem } from "./earn-call.ts";
import { printsOf } from "./invites/index.ts";
import { earnedViewSchema, returnedViewSchema } from "./wire.ts";

const EVENT_ID = /^[0-9A-Za-z_.-]{1,64}$/;
const word = z.string().regex(/^[0-9A-Za-z_.-]{1,64}$/);
const words = z.array(word).max(50);
const memberId = z.string().regex(MEMBER_ID_PATTERN);
const trait = z.string().max(200).default("");

const eventSchema = z
  .object({
    eventId: z.string().regex(EVENT_ID).describe("Unique at its source; an order's is its number."),
    memberId,
    kind: z.enum(["order", "write_off", "registration", "review", "custom"]),
    name: word.nullable().default(null).describe("Of a custom event."),
    atMs: z.int().min(0).max(LIMITS.timeMsMax).describe("When it happened; not in the future."),
    lines: z
      .array(
        z.object({
          productId: word,
          categoryIds: words.default([]),
          labels: words.default([]),
          amountFen: z.int().min(0).max(LIMITS.amountFenMax),
        }),
      )
      .max(100)
      .default([])
      .describe("Of an order or write-off: what was paid for each line, without freight."),
    storeId: word.nullable().default(null),
    channel: word.nullable().default(null),
    segments: words.optional(),
    labels: words.optional(),
    birthday: birthdaySchema.nullable().optional(),
    device: trait.describe("For the guard of invites; only keyed hashes are kept."),
    network: trait,
    payment: trait,
    address: trait,
  })
  .openapi("EarnEvent");

const PROBLEMS = ["not_found", "conflict", "idempotency_mismatch"] as const;

export function eventRoutes(api: Api): void {
  reportRoute(api);
  returnRoute(api);
  completeRoute(api);
}

function reportRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/earning/events",
      access: "staff",
      permission: "points.grant",
      tag: "Earning rules",
      summary: "Reports an event; it earns once, under the rules of its own time",
      body: eventSchema,
      responses: {
        201: { description: "What it earned", schema: earnedViewSchema },
        200: { description: "Reported before", schema: earnedViewSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, body, nowMs, problem }) => {
      const { eventId, kind, name, atMs, lines, storeId, channel } = body;
      const wrong = contradictionOf(body, nowMs);
      if (wrong) return problem("invalid", { errors: [wrong] });
      const { device, network, payment, address, segments, labels, birthday } = body;
      const input = {
        ...{ eventId, kind, name, atMs, lines, storeId, channel },
        facts: { segments, labels, birthday },
        prints: printsOf(env.SESSION_KEYS, session.programmeId, {
          device,
          network,
          payment,
          address,
        }),
        actor: `staff:${session.memberId}`,
      };
      const memberKey = memberKeyOf(session.programmeId, body.memberId);
      const reply = await earn(env, memberKey, "event", input, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { points, growth, breakdown, notices, balance, isReplay } = reply;
      const withheld = notices.map((notice) => ({
        ruleId: notice.ruleId,
        period: notice.period,
        points: notice.withheld,
      }));
      const view = { eventId, points, growth, breakdown, withheld, balance: balance.active };
      return json(view, isReplay ? 200 : 201);
    },
  );
}

function contradictionOf(
  { kind, name, lines, atMs }: z.output<typeof eventSchema>,
  nowMs: number,
): { path: string; message: string } | null {
  const hasMoney = kind === "order" || kind === "write_off";
  if (!hasMoney && lines.length > 0) {
    return { path: "lines", message: `a ${kind} has no lines` };
  }
  if (kind === "custom" && name === null) {
    return { path: "name", message: "a custom event has a name" };
  }
  if (kind !== "custom" && name !== null) {
    return { path: "name", message: "only a custom event has a name" };
  }
  return atMs > nowMs ? { path: "atMs", message: "lies in the future" } : null;
}

function returnRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/earning/events/{eventId}/returns",
      access: "staff",
      permission: "points.grant",
      tag: "Earning rules",
      summary:
        "Reports that goods of an event came back: takes points in proportion, by the programme's policy",
      params: z.object({ eventId: z.string().regex(EVENT_ID) }),
      body: z
        .object({
          memberId,
          returnId: word,
          amountFen: z
            .int()
            .min(1)
            .max(LIMITS.amountFenMax)
            .nullable()
            .default(null)
            .describe("Money returned; null: all that is left."),
        })
        .openapi("EventReturn"),
      responses: {
        201: { description: "What it took", schema: returnedViewSchema },
        200: { description: "Reported before", schema: returnedViewSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, nowMs, problem }) => {
      const { eventId } = params;
      const { returnId, amountFen } = body;
      const memberKey = memberKeyOf(session.programmeId, body.memberId);
      const input = { eventId, returnId, amountFen, actor: `staff:${session.memberId}` };
      const reply = await earn(env, memberKey, "return", input, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { asked, taken, balance, isReplay } = reply;
      const view = { eventId, returnId, asked, taken, balance: balance.active };
      return json(view, isReplay ? 200 : 201);
    },
  );
}

function completeRoute(api: Api): void {
  const completedSchema = z
    .object({ eventId: z.string(), balance: z.int() })
    .openapi("CompletedEvent");
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/earning/events/{eventId}/complete",
      access: "staff",
      permission: "points.grant",
      tag: "Earning rules",
      summary:
        "Reports that an event is final, as by the receipt of its order: its waiting points become active",
      params: z.object({ eventId: z.string().regex(EVENT_ID) }),
      body: z.object({ memberId }).openapi("CompleteEvent"),
      responses: {
        201: { description: "Completed", schema: completedSchema },
        200: { description: "Completed before", schema: completedSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, params, body, nowMs, problem }) => {
      const { eventId } = params;
      const memberKey = memberKeyOf(session.programmeId, body.memberId);
      const actor = `staff:${session.memberId}`;
      const reply = await earn(env, memberKey, "complete", { eventId, actor }, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      return json({ eventId, balance: reply.balance.active }, reply.isReplay ? 200 : 201);
    },
  );
}
