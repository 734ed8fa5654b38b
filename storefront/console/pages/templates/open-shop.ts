/** Opens a shop from a template, step by step through the API that any client meets. Every step may be repeated. */
import type { PageDocumentView } from "../../../../worker/page-builder/wire.ts";
import type { Answer, Call, Problem } from "../../kit/index.ts";
import type { StaffCategoriesView } from "../../../../worker/catalog/wire.ts";
import type { GoodsRole } from "../../../../worker/catalog/model.ts";
import type { Tenant } from "../../../../worker/staff/wire.ts";
import type { Template, TemplateGoods, TemplateTask } from "./template.ts";
import { DAY_MS, HOUR_MS } from "../../../client/durations.ts";

export const STEPS = ["goods", "rules", "look", "home", "sale"] as const;
export type Step = (typeof STEPS)[number];

const EARNING = "/api/v1/staff/earning";

/** A step that was done before is as good as one done now. */
function problemOf(answer: Answer<unknown>): Problem | null {
  return answer.ok || answer.problem.code === "conflict" ? null : answer.problem;
}

async function first(tries: readonly (() => Promise<Problem | null>)[]): Promise<Problem | null> {
  for (const attempt of tries) {
    const problem = await attempt();
    if (problem) return problem;
  }
  return null;
}

const send =
  (call: Call, method: "POST" | "PUT", path: string, body: unknown) =>
  async (): Promise<Problem | null> =>
    problemOf(await call(method, path, body));

async function publish(call: Call, pageId: string, body: object): Promise<Problem | null> {
  const path = `/api/v1/staff/pages/${pageId}`;
  const now = await call<PageDocumentView>("GET", path);
  if (!now.ok) return now.problem;
  const { revision } = now.value;
  const saved = await call<PageDocumentView>("PUT", `${path}/draft`, { revision, body });
  if (!saved.ok) return saved.problem;
  const shown = await call("POST", `${path}/publish`, { revision: saved.value.revision });
  return shown.ok ? null : shown.problem;
}

/** Adds the categories that are not there yet; what the shop has stays. */
async function addCategories(call: Call, { categories }: Template): Promise<Problem | null> {
  const path = "/api/v1/staff/categories";
  const now = await call<StaffCategoriesView>("GET", path);
  if (!now.ok) return now.problem;
  const { revision } = now.value;
  const there = now.value.categories.map(({ categoryId, parentId, name, isHidden }) => ({
    ...{ categoryId, parentId, name, isHidden },
  }));
  const missing = categories
    .filter(({ id }) => there.every(({ categoryId }) => categoryId !== id))
    .map(({ id, title }) => ({ categoryId: id, parentId: null, name: title, isHidden: false }));
  if (missing.length === 0) return null;
  return problemOf(await call("PUT", path, { revision, categories: [...there, ...missing] }));
}

/** The band that a price lies in: the mix of 6 : 3 : 1 is counted by it. */
const roleOf = (points: number): GoodsRole =>
  points < 500 ? "everyday" : points < 2_000 ? "quality" : "special";

function draftOf(one: TemplateGoods, position: number): object {
  const { skuId, kind, title, subtitle, groundColor, marketPriceFen, category, picture } = one;
  return {
    ...{ kind, role: roleOf(one.pricePoints), position, categoryId: category },
    ...{ title, subtitle, groundColor, marketPriceFen },
    pictures: [{ path: picture, width: 800, height: 800, alt: title }],
    limits: { perOrder: 5, perDay: null, lifetime: null, window: null },
    skus: [{ skuId, pricePoints: one.pricePoints, priceFen: one.priceFen ?? 0 }],
  };
}

/** Goods, their first delivery, and their publication. Goods that are there already are left as they are. */
async function stockOne(call: Call, one: TemplateGoods, position: number): Promise<Problem | null> {
  const { skuId, units } = one;
  const goods = draftOf(one, position);
  const made = await call<{ revision: number }>("POST", "/api/v1/staff/goods", {
    ...{ goodsId: skuId, goods },
  });
  if (!made.ok) return problemOf(made);
  const stock = { requestId: `template-${skuId}-1`, cause: "received", units, note: "" };
  const stocked = await call("POST", `/api/v1/staff/skus/${skuId}/stock`, stock);
  if (!stocked.ok) return problemOf(stocked);
  if (one.voucher) {
    const terms = { freightTemplateId: null, storeIds: null, lowStockAt: 20, product: "" };
    const path = `/api/v1/staff/delivery-terms/${skuId}?basedOn=0`;
    const problem = problemOf(await call("PUT", path, { ...terms, ...one.voucher }));
    if (problem) return problem;
  }
  const { revision } = made.value;
  return problemOf(await call("POST", `/api/v1/staff/goods/${skuId}/publish`, { revision }));
}

/** Vouchers are used up at a store: a merchant who has none yet gets the first, named after the shop. */
async function addStore(call: Call, name: string): Promise<Problem | null> {
  const tenant = await call<Tenant>("GET", "/api/v1/staff/tenant");
  if (!tenant.ok) return tenant.problem;
  const { brands, stores } = tenant.value;
  const [brand] = brands;
  if (!brand || stores.length > 0) return null;
  const store = { storeId: "first", brandId: brand.brandId, name, address: "" };
  return problemOf(await call("POST", "/api/v1/staff/stores", store));
}

function stockGoods(call: Call, template: Template, name: string): Promise<Problem | null> {
  return first([
    () => addStore(call, name),
    () => addCategories(call, template),
    ...template.goods.map((one, at) => () => stockOne(call, one, (at + 1) * 10)),
  ]);
}

const tier = ([tierId, title, growthMin]: Template["tiers"][number], at: number): object => ({
  ...{ tierId, title, growthMin },
  benefits: {
    ...{ redeemPercent: 100, hasExclusivePool: false, giftPoints: 0 },
    ...{ earnPercent: 100 + at * 10, checkInBonus: at },
  },
});

/** What the rules of the shop's own page promise: points live for twelve months, and their end is announced. */
const TERMS = {
  earn: {
    ...{ zoneOffsetMs: 8 * HOUR_MS, rounding: "floor", walletCaps: [], pending: { kind: "none" } },
    expiry: { kind: "after", amount: 12, unit: "months", rounding: { kind: "month_end" } },
  },
  reminders: {
    ...{ ladderDays: [15, 7, 1], sendMinute: 600, pointsMin: 10 },
    quiet: { fromMinute: 1_320, toMinute: 540 },
  },
  growth: { perAmount: { growth: 1, perFen: 100 }, registration: 10, checkIn: 1 },
};

const termsOf = ({ checkInPoints, invite, tiers }: Template): Readonly<Record<string, object>> => ({
  ...TERMS,
  check_in: {
    ...{ cycle: "weekly", dailyPoints: checkInPoints, streak: [{ days: 7, points: 20 }] },
    ...{ cumulative: [], combine: "plus", afterLast: "restart" },
    ...{ makeUpDaysMax: 3, makeUpPays: true },
  },
  tiers: {
    ...{ tiers: tiers.map(tier), window: { kind: "rolling_months", months: 12 } },
    ...{ expiry: { kind: "tier_start_date", months: 12 }, roundTo: "month" },
    ...{ downgrade: "one_down", graceDays: 30, onReversal: "at_once" },
  },
  invites: {
    ...{ ...invite, act: "order", amountFenMin: 1_000, days: 30 },
    cap: { period: "month", timesMax: 10 },
    guard: { device: "refuse", network: "review", payment: "refuse", address: "review" },
  },
});

const spendRule = ({ pointsPerYuan, spendTitle }: Template): object => ({
  ...{ ruleId: "spend", title: spendTitle, on: ["order", "write_off"], priority: 0 },
  ...{ startsAtMs: null, endsAtMs: null, condition: null, scope: null, isStackable: true },
  ...{ caps: [], expiry: null, pending: null },
  benefit: { kind: "per_amount", points: pointsPerYuan, perFen: 100, counting: "whole_steps" },
});

/** A new member's first of its kind. */
const taskOf = ({ taskId, title, detail, on, points }: TemplateTask): object => ({
  ...{ taskId, title, detail, on, points, kind: "newcomer", target: 1, period: "ever" },
  ...{ condition: null, growth: 0, claim: "by_member", newcomerDays: 30 },
  ...{ startsAtMs: null, endsAtMs: null, link: on === "check_in" ? "/points/check-in" : "/" },
});

/** A rule or task of this id that the shop has already stays as it is, and so does a draft of it. */
async function publishNew(
  call: Call,
  shelf: string,
  id: string,
  body: object,
): Promise<Problem | null> {
  const draft = await call<{ savedAtMs: number }>("POST", shelf, body);
  if (!draft.ok) return problemOf(draft);
  const { savedAtMs } = draft.value;
  return first([
    send(call, "POST", `${shelf}/${id}/dry-run`, undefined),
    send(call, "POST", `${shelf}/${id}/publish?basedOn=${savedAtMs}`, undefined),
  ]);
}

/** Terms that the shop has set already stay as they are. */
function setRules(call: Call, template: Template): Promise<Problem | null> {
  const put = ([kind, terms]: readonly [string, object]) =>
    send(call, "PUT", `${EARNING}/terms/${kind}?basedOn=0`, terms);
  return first([
    ...Object.entries(termsOf(template)).map(put),
    () => publishNew(call, `${EARNING}/rules`, "spend", spendRule(template)),
    ...template.tasks.map(
      (task) => () => publishNew(call, `${EARNING}/tasks`, task.taskId, taskOf(task)),
    ),
  ]);
}

/** The first sale opens tomorrow at ten, Beijing time: early enough to be looked at, late enough to be changed. */
export function firstSaleAtMs(nowMs: number): number {
  const day = Math.floor((nowMs + 8 * HOUR_MS) / DAY_MS) + 1;
  return day * DAY_MS - 8 * HOUR_MS + 10 * HOUR_MS;
}

interface FirstSession {
  readonly sessionId: string;
  readonly version: number;
  readonly state: string;
  readonly items: readonly { readonly skuId: string }[];
}

const SESSIONS = "/api/v1/staff/sessions";
const SALE_MS = 2 * HOUR_MS;

/** The first sale, where it is there already. */
export async function findFirstSale(
  call: Call,
  { sale }: Template,
  nowMs: number,
): Promise<Answer<FirstSession | null>> {
  const opensAtMs = firstSaleAtMs(nowMs);
  const span = new URLSearchParams({ fromMs: `${opensAtMs}`, toMs: `${opensAtMs + SALE_MS}` });
  const there = await call<{ sessions: readonly FirstSession[] }>("GET", `${SESSIONS}?${span}`);
  if (!there.ok) return there;
  const isSame = ({ items }: FirstSession): boolean =>
    items.some(({ skuId }) => skuId === sale.skuId);
  return { ...there, value: there.value.sessions.find(isSame) ?? null };
}

/** A session, as staff would plan it: it can be rehearsed and looked at until it opens. One that is there already is gone on with. */
async function announceSale(
  call: Call,
  template: Template,
  name: string,
  nowMs: number,
): Promise<Problem | null> {
  const { sale, saleTitle } = template;
  const there = await findFirstSale(call, template, nowMs);
  if (!there.ok) return there.problem;
  let session = there.value;
  if (session && session.state !== "draft") return null;
  if (!session) {
    const items = [{ ...sale, limitPerMember: 1, quantityMax: 1 }];
    const opensAtMs = firstSaleAtMs(nowMs);
    const closesAtMs = opensAtMs + SALE_MS;
    const draft = { title: `${name} ${saleTitle}`, opensAtMs, closesAtMs, items };
    const made = await call<FirstSession>("POST", SESSIONS, draft);
    if (!made.ok) return made.problem;
    session = made.value;
  }
  const { sessionId, version } = session;
  const scheduled = await call("POST", `${SESSIONS}/${sessionId}/schedule`, { version });
  return scheduled.ok ? null : scheduled.problem;
}

export function runStep(
  call: Call,
  step: Step,
  template: Template,
  name: string,
  nowMs: number,
): Promise<Problem | null> {
  switch (step) {
    case "goods":
      return stockGoods(call, template, name);
    case "rules":
      return setRules(call, template);
    case "look":
      return publish(call, "look", { ...template.look, name });
    case "home":
      return publish(call, "home", template.home);
    case "sale":
      return announceSale(call, template, name, nowMs);
  }
}
