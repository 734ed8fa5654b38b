/** What staff do to one sale: draft, schedule, run, and the changes of a live one that are fair to those who look on. */
import { z } from "@hono/zod-openapi";
import { ORDER_ID_PATTERN, skuKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { stubOf } from "../platform/env.ts";
import { payWithinMs } from "../payments/index.ts";
import { json, type Api } from "../platform/http/api.ts";
import { saleView, saleViewSchema } from "../redemption/index.ts";
import { approvalSchema, secondPerson } from "../staff/index.ts";
import { EARLY_END, registerEarlyEnd } from "./early-end.ts";
import { addressOf, runCommand } from "./run-command.ts";
import { newSaleSchema, saleParams, timeMsSchema, unitsSchema } from "./wire.ts";

export function commandRoutes(api: Api): void {
  registerEarlyEnd();
  draftRoute(api);
  for (const kind of ["schedule", "pause", "resume", "wave", "close"] as const) {
    commandRoute(api, kind);
  }
  restockRoute(api);
  extendRoute(api);
  earlyEndRoute(api);
}

function draftRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/sales",
      access: "staff",
      permission: "sales.write",
      tag: "Sale commands",
      summary: "Drafts a sale; its units stay on the standing shelf until it is scheduled",
      body: newSaleSchema,
      responses: { 201: { description: "The draft", schema: saleViewSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, body, problem }) => {
      const { skuId, title, doors, ...prices } = body;
      const terms = {
        ...prices,
        payWithinMs: await payWithinMs(env, session.programmeId, "flash"),
      };
      const sku = stubOf(env.SKU, skuKeyOf(session.programmeId, skuId), env);
      const more = doors === null ? {} : { doors };
      const snapshot = await sku.draft({ ...terms, ...more, title: title ?? null });
      return snapshot ? json(saleView(snapshot), 201) : problem("not_found");
    },
  );
}

const SUMMARY_OF = {
  schedule: "Schedules a draft: its terms are fixed and its units leave the standing shelf",
  pause: "Pauses an open sale; taps made meanwhile wait",
  resume: "Resumes a paused sale",
  wave: "Puts returned units back on the shelf now",
  close:
    "Closes a sale that is not running, a running one ends by early-end; what is left goes to the standing shelf",
} as const;

function commandRoute(api: Api, kind: keyof typeof SUMMARY_OF): void {
  api.route(
    {
      method: "post",
      path: `/api/v1/staff/sales/{saleId}/${kind}`,
      access: "staff",
      permission: "sales.run",
      tag: "Sale commands",
      summary: `${SUMMARY_OF[kind]}; repeating it changes nothing`,
      params: saleParams,
      responses: { 200: { description: "The sale after it", schema: saleViewSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) => {
      if (kind !== "close") return runCommand(call, { kind });
      // The development login is no person, so there is no second one to wait for.
      return runCommand(call, { kind, isEarly: call.session.staff?.sessionId === null });
    },
  );
}

function restockRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/sales/{saleId}/restock",
      access: "staff",
      permission: "sales.run",
      tag: "Sale commands",
      summary: "Brings units to the shelf of a sale; not idempotent, each call adds",
      params: saleParams,
      body: z.object({
        units: unitsSchema,
        from: z
          .enum(["purchase", "standing"])
          .default("purchase")
          .describe("`purchase`: fresh units. `standing`: units that lie on the standing shelf."),
      }),
      responses: { 200: { description: "The sale after it", schema: saleViewSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) => {
      const { units, from } = call.body;
      return runCommand(call, { kind: "restock", units, fromStanding: from === "standing" });
    },
  );
}

function extendRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/sales/{saleId}/extend",
      access: "staff",
      permission: "sales.run",
      tag: "Sale commands",
      summary:
        "Lets a sale that has not closed run for longer; every open page hears of it; repeating it changes nothing",
      params: saleParams,
      body: z.object({
        closesAtMs: timeMsSchema.describe("Later than it is; an earlier end is another route."),
      }),
      responses: { 200: { description: "The sale after it", schema: saleViewSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) => runCommand(call, { kind: "extend", closesAtMs: call.body.closesAtMs }),
  );
}

function earlyEndRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/sales/{saleId}/early-end",
      access: "staff",
      permission: "sales.run",
      tag: "Sale commands",
      summary:
        "Proposes to end a running sale before its hour; a second person agrees in the inbox",
      params: saleParams,
      body: z.object({
        approvalId: z.string().regex(ORDER_ID_PATTERN).describe("Made by the client."),
        reason: z.string().trim().min(1).max(LIMITS.textMax),
      }),
      responses: {
        202: { description: "Waits for a second person", schema: approvalSchema },
        200: { description: "Ended; the merchant lets one person do it", schema: saleViewSchema },
      },
      problems: ["not_found", "conflict", "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, params, body, problem } = call;
      const address = addressOf(params.saleId, session.programmeId);
      const snapshot = address && (await stubOf(env.SKU, address.skuKey, env).view(params.saleId));
      if (!snapshot || snapshot.standing.status === "draft") return problem("not_found");
      const { saleId } = params;
      const proposal = {
        kind: EARLY_END,
        approvalId: body.approvalId,
        subject: `sale:${saleId}`,
        figure: 1,
        reason: body.reason,
        payload: { saleId, goods: snapshot.sale.terms.title },
      };
      const { status } = snapshot.standing;
      if (status !== "open" && status !== "paused")
        return problem("conflict", { reason: "status", saleStatus: status });
      const waits = await secondPerson(call, proposal);
      return waits ?? runCommand(call, { kind: "close", isEarly: true });
    },
  );
}
