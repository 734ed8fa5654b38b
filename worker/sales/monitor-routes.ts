/** The live page of a sale, which is its report afterwards: figures from the Sku itself, who got it, and CSV of both. */
import { z } from "@hono/zod-openapi";
import type { Cell } from "../kernel/csv.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import { stubOf } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { csvStream, cutSentence, timeCell } from "../platform/http/csv-stream.ts";
import {
  latencyAt,
  requestsOf,
  saleView,
  type Curve,
  type NumberedTake,
  type SaleMonitor,
} from "../redemption/index.ts";
import { SessionStore } from "./store.ts";
import { addressOf } from "./run-command.ts";
import { monitorSchema } from "./schemas.ts";
import { saleParams, takeSchema, type curveSchema, type MonitorView } from "./wire.ts";

export function monitorRoutes(api: Api): void {
  monitorRoute(api);
  grantsRoute(api);
  reportRoute(api);
}

function monitorRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/sales/{saleId}/monitor",
      access: "staff",
      permission: "sales.read",
      tag: "Monitor",
      summary: "The sale as it runs, from its Sku: units, answers, curve, latency, doors, lag",
      params: saleParams,
      responses: { 200: { description: "Figures", schema: monitorSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const address = addressOf(params.saleId, session.programmeId);
      const [monitor, sessionId] = await Promise.all([
        address && stubOf(env.SKU, address.skuKey, env).monitor(params.saleId),
        // The calendar is in D1, and a sale goes on without it.
        new SessionStore(env.DB, session.programmeId)
          .sessionOfSale(params.saleId)
          .catch(() => null),
      ]);
      return monitor ? json(monitorView(monitor, sessionId)) : problem("not_found");
    },
  );
}

function grantsRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/sales/{saleId}/grants",
      access: "staff",
      permission: "sales.read",
      tag: "Monitor",
      summary: "Grants of a sale, the newest first",
      params: saleParams,
      query: z.object({
        before: z.coerce
          .number()
          .pipe(z.int().min(1))
          .optional()
          .describe("Only grants with a smaller number."),
      }),
      responses: {
        200: { description: "Grants", schema: z.object({ grants: z.array(takeSchema) }) },
      },
      problems: ["not_found"],
    },
    async ({ env, session, params, query, problem }) => {
      const address = addressOf(params.saleId, session.programmeId);
      if (!address) return problem("not_found");
      const sku = stubOf(env.SKU, address.skuKey, env);
      const grants = await sku.grants(params.saleId, query.before ?? Number.MAX_SAFE_INTEGER);
      return grants ? json({ grants: grants.map(takeView) }) : problem("not_found");
    },
  );
}

const EXPORT_ROWS_MAX = 100_000;

function reportRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/sales/{saleId}/report",
      access: "staff",
      permission: "sales.read",
      tag: "Monitor",
      summary: "CSV of the grants or of the curve; cells that a spreadsheet would run are quoted",
      params: saleParams,
      query: z.object({ of: z.enum(["grants", "curve"]) }),
      responses: { 200: { description: "A file", types: ["text/csv"] } },
      problems: ["not_found"],
    },
    async ({ env, session, params: { saleId }, query, locale, problem }) => {
      const address = addressOf(saleId, session.programmeId);
      if (!address) return problem("not_found");
      const sku = stubOf(env.SKU, address.skuKey, env);
      const monitor = await sku.monitor(saleId);
      if (!monitor) return problem("not_found");
      const isCurve = query.of === "curve";
      return csvStream({
        name: `${saleId}-${query.of}`,
        head: HEADS[locale][query.of],
        rowsMax: EXPORT_ROWS_MAX,
        cutLine: cutSentence(locale, EXPORT_ROWS_MAX),
        page: async (cursor) => {
          if (isCurve) return { rows: curveRows(monitor.figures.coarse), next: null };
          const before = cursor === null ? Number.MAX_SAFE_INTEGER : Number(cursor);
          const page = (await sku.grants(saleId, before)) ?? [];
          const last = page.at(-1);
          const rows = page.map((one) => grantRow(takeView(one)));
          return { rows, next: last ? String(last.take.ordinal) : null };
        },
      });
    },
  );
}

const HEADS = {
  "zh-CN": {
    grants: ["序号", "时间", "会员", "单号", "件数", "状态", "剩余"],
    curve: ["时间", "请求", "抢到", "剩余"],
  },
  en: {
    grants: ["ordinal", "at", "member", "order", "quantity", "state", "shelf_after"],
    curve: ["at", "requests", "granted", "shelf"],
  },
} as const;

function grantRow(take: z.infer<typeof takeSchema>): Cell[] {
  const { ordinal, atMs, memberId, orderId, quantity, state, shelfAfter } = take;
  return [ordinal, timeCell(atMs, "ms"), memberId, orderId, quantity, state, shelfAfter];
}

function curveRows({ fromMs, stepMs, steps }: Curve): Cell[][] {
  let shelf: number | null = null;
  return steps.map((step, at): Cell[] => {
    shelf = step.shelf ?? shelf;
    return [timeCell(fromMs + at * stepMs), step.requests, step.granted, shelf];
  });
}

function curveView({ fromMs, stepMs, steps }: Curve): z.infer<typeof curveSchema> {
  return {
    fromMs,
    stepMs,
    requests: steps.map(({ requests }) => requests),
    granted: steps.map(({ granted }) => granted),
    shelf: steps.map(({ shelf }) => shelf),
  };
}

function peakOf({ steps }: Curve): number {
  let peak = 0;
  for (let at = 0; at < steps.length; at += 1) {
    const second = steps.slice(at, at + 10).reduce((sum, { requests }) => sum + requests, 0);
    peak = Math.max(peak, second);
  }
  return peak;
}

/** Staff who watch need to tell members apart, not to know who they are. */
function maskedId(memberId: string): string {
  return memberId.length <= 4
    ? `${memberId.slice(0, 1)}***`
    : `${memberId.slice(0, 2)}***${memberId.slice(-2)}`;
}

function takeView({ memberKey, orderId, take }: NumberedTake): z.infer<typeof takeSchema> {
  const { ordinal, quantity, epoch, state, remaining, atMs } = take;
  const memberId = maskedId(splitMemberKey(memberKey).memberId);
  return { ordinal, memberId, orderId, quantity, epoch, state, shelfAfter: remaining, atMs };
}

export function monitorView(monitor: SaleMonitor, sessionId: string | null): MonitorView {
  const { figures, snapshot, doors } = monitor;
  const { unsettled, unsettledOldestMs, projectionLagMs } = monitor;
  return {
    sale: saleView(snapshot),
    sessionId,
    reserve: snapshot.sale.reserve,
    movedOut: snapshot.sale.movedOut,
    requests: requestsOf(figures),
    requestsPeak: peakOf(figures.fine),
    tickets: figures.answers["ticketed"] ?? 0,
    answers: figures.answers,
    latencyP50Ms: latencyAt(figures.latency, 0.5),
    latencyP99Ms: latencyAt(figures.latency, 0.99),
    fine: curveView(figures.fine),
    coarse: curveView(figures.coarse),
    doors: [...doors],
    sockets: doors.reduce((sum, { sockets }) => sum + sockets, 0),
    ...{ unsettled, unsettledOldestMs, projectionLagMs },
    events: [...monitor.events],
    takes: monitor.takes.map(takeView),
  };
}
