import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import type { Permission } from "../kernel/permission.ts";
import { json, type Api } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import { termsOf } from "../earning/index.ts";
import { listSales, type SaleView } from "../redemption/index.ts";
import { DashboardStore } from "./dashboard-store.ts";
import { dashboardView } from "./dashboard.ts";
import { freshen } from "./digester.ts";
import { goodsListRoute } from "./goods-list.ts";
import { dashboardSchema, type DashboardView } from "./wire.ts";

const CHART_DAYS = 90;
const DEFAULT_RATE = { points: 100, fen: 100 };

export function figuresRoutes(api: Api): void {
  dashboardRoute(api);
  goodsListRoute(api);
}

/** What staff see first. Everybody on the staff may ask; figures beyond their permissions are null. */
function dashboardRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/dashboard",
      access: "staff",
      permission: "goods.read",
      tag: "Figures",
      summary:
        "Today at a glance: rates, points owned, goods that go and do not, sales, what waits",
      responses: { 200: { description: "From projections", schema: dashboardSchema } },
    },
    async ({ env, ctx, session, nowMs, problem }) => {
      const { programmeId, staff } = session;
      try {
        await freshen(env, nowMs);
        const today = programmeDay(nowMs, ZONE_OFFSET_MS);
        const store = new DashboardStore(env.DB, programmeId);
        const [quick, kept, sales, terms] = await Promise.all([
          store.quick(today - CHART_DAYS + 1, nowMs),
          store.kept(nowMs),
          listSales(env, programmeId, nowMs),
          termsOf(env, programmeId, nowMs),
        ]);
        if (kept && !kept.isFresh) ctx.waitUntil(store.count(nowMs));
        const slow = kept?.figures ?? (await store.count(nowMs));
        const view = dashboardView(
          {
            ...{ quick, slow, today, nowMs, sales: (sales ?? []).map(saleRow) },
            rate: terms?.rate.rate ?? DEFAULT_RATE,
          },
          (permission: Permission) => staff?.permissions.has(permission) ?? false,
          staff?.storeIds ?? null,
        );
        return json(view);
      } catch (error) {
        log("dashboard_failed", { error: describeError(error) });
        return problem("unavailable", {}, 5);
      }
    },
  );
}

function saleRow(sale: SaleView): NonNullable<DashboardView["sales"]>[number] {
  const { saleId, skuId, title, status, opensAtMs, closesAtMs } = sale;
  const { pricePoints, priceFen, units, remaining, redeemed } = sale;
  return {
    ...{ saleId, skuId, title, status, opensAtMs, closesAtMs },
    ...{ pricePoints, priceFen, units, remaining, redeemed },
  };
}
