/** Every page and every dialog of the console, read from its source, and how a person gets to it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { DEMO_OWNER } from "../../local/seed-staff.ts";

const CONSOLE = join(import.meta.dirname, "../../../storefront/console");
const read = (path: string): string => readFileSync(join(CONSOLE, path), "utf8");

/** What stands for a parameter of a pattern, and views of a page that its address names. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  "goods/stock/:skuId": ["goods/stock/gaiwan"],
  "goods/:goodsId": ["goods/tea-stove", "goods/tea-stove?tab=who", "goods/tea-stove?tab=price"],
  "goods/:goodsId/delivery": ["goods/annual-card/delivery"],
  "sales/sessions/:sessionId": ["sales/sessions/new", "sales/sessions/{draft}"],
  "sales/live/:saleId": ["sales/live/{running}"],
  "sales/rehearsals/:rehearsalId": ["sales/rehearsals/{rehearsal}"],
  "members/:memberId": [
    ...["members/tea-001", "members/tea-001?tab=lots", "members/tea-001?tab=about"],
    "members/tea-001?tab=past&at={now}",
  ],
  "stores/:storeId/booking": ["stores/zhenhai/booking"],
  "pages/:pageId": ["pages/home"],
  "rules/terms/:kind": ["rules/terms/tiers", "rules/terms/check_in"],
  "rules/:shelf/:id": ["rules/rules/member-day", "rules/tasks/new"],
};

export interface Found {
  readonly addresses: string[];
  /** Patterns that nobody says an address for. */
  readonly unknown: string[];
}

/** The pattern of every page that the sections declare. */
function patterns(): string[] {
  return readdirSync(CONSOLE, { withFileTypes: true }).flatMap((folder) => {
    if (!folder.isDirectory() || !readdirSync(join(CONSOLE, folder.name)).includes("section.ts"))
      return [];
    const base = /\bpath: "([^"]*)"/.exec(read(`${folder.name}/section.ts`))?.[1] ?? "";
    const index = read(`${folder.name}/index.tsx`);
    return [...index.matchAll(/\bpath: "([^"]*)"/g)].map(([, pattern = ""]) =>
      [base, pattern].filter(Boolean).join("/"),
    );
  });
}

/** Addresses of every page. */
export function pagesOf(ids: Readonly<Record<string, string>>): Found {
  const found: Found = { addresses: [], unknown: [] };
  for (const whole of patterns()) {
    const known = whole.includes(":") ? ADDRESSES[whole] : [whole];
    if (!known) found.unknown.push(whole);
    for (const one of known ?? []) {
      const filled = one.replace(/\{(\w+)\}/, (_, name: string) => ids[name] ?? `no-${name}`);
      found.addresses.push(`/console${filled === "" ? "" : `/${filled}`}`);
    }
  }
  return found;
}

/** Each page that an id leads to, by one that nothing goes by; each kind of rule has pages of its own. */
export function lostPages(): string[] {
  const byId = patterns().filter((whole) => whole.includes(":"));
  const named = byId.flatMap((whole) =>
    [":shelf", "rules", "tasks"].map((shelf) => whole.replace(":shelf", shelf)),
  );
  return [...new Set(named)].map(
    (whole) => `/console/${whole.replaceAll(/:\w+/g, "nothing-goes-by-this")}`,
  );
}

export interface Opening {
  /** The file whose dialog this opens, below storefront/console. */
  readonly file: string;
  readonly at: string;
  readonly open: (page: Page) => Promise<unknown>;
}

const press = (name: RegExp | string) => (page: Page) =>
  page.getByRole("main").getByRole("button", { name }).first().click();
/** As a field of the browser writes it, on the programme's clock. */
const tomorrow = (): string => new Date(Date.now() + 32 * 3_600_000).toISOString().slice(0, 10);
const firstRow = (page: Page) => page.locator("tbody .opener").first().click();
const fromMenu = (row: RegExp, name: string) => async (page: Page) => {
  await page.getByRole("row", { name: row }).getByRole("button", { name: "操作" }).click();
  await page.getByRole("menuitem", { name }).click();
};
const chosen = (name: string | RegExp) => async (page: Page) => {
  await page.locator("tbody input[type=checkbox]").first().check();
  await press(name)(page);
};

export const OPENINGS: readonly Opening[] = [
  { file: "shell/palette.tsx", at: "", open: (page) => page.keyboard.press("Control+k") },
  { file: "shell/keys-help.tsx", at: "", open: (page) => page.keyboard.press("?") },
  { file: "orders/order-panel.tsx", at: "orders", open: firstRow },
  {
    file: "orders/reveal.tsx",
    at: "orders?state=to_ship",
    open: async (page) => {
      await firstRow(page);
      await page.getByRole("dialog").getByRole("button", { name: /查看/ }).first().click();
    },
  },
  { file: "orders/ship-dialog.tsx", at: "orders?state=to_ship", open: chosen("逐单发货") },
  { file: "orders/import-dialog.tsx", at: "orders", open: press("导入单号发货") },
  { file: "orders/import-codes.tsx", at: "orders/codes", open: press("导入卡密") },
  { file: "orders/freight-page.tsx", at: "orders/freight", open: press("新建模板") },
  { file: "approvals/approval-dialog.tsx", at: "approvals", open: firstRow },
  { file: "audit-log/audit-log-page.tsx", at: "audit-log", open: firstRow },
  { file: "goods/move-dialog.tsx", at: "goods/stock/gaiwan", open: press("入库 / 出库") },
  { file: "goods/bulk-dialog.tsx", at: "goods", open: chosen("调价") },
  { file: "goods/list-page.tsx", at: "goods", open: chosen(/^下架$/) },
  { file: "goods/editor-page.tsx", at: "goods/tea-stove", open: press("下架") },
  { file: "sales/editor-items.tsx", at: "sales/sessions/new", open: press("添加好礼") },
  { file: "sales/editor-head.tsx", at: "sales/sessions/{draft}", open: press("删除草稿") },
  { file: "sales/monitor-dialogs.tsx", at: "sales/live/{running}", open: press("延长") },
  { file: "members/label-dialog.tsx", at: "members", open: chosen("打标签") },
  { file: "members/benefit-dialogs.tsx", at: "members", open: chosen("发补签卡") },
  {
    file: "members/benefit-dialogs.tsx, membership",
    at: "members/tea-001?tab=about",
    open: press("开通付费会员"),
  },
  { file: "members/merge-dialog.tsx", at: "members/tea-001", open: press("合并") },
  { file: "members/adjust-dialog.tsx", at: "members/tea-001", open: press("调整积分") },
  { file: "members/reason-dialogs.tsx", at: "members/tea-001", open: press("查看完整信息") },
  { file: "segments/segment-dialog.tsx", at: "segments", open: press("新建人群") },
  { file: "segments/segments-page.tsx", at: "segments", open: fromMenu(/前 30%/, "删除") },
  { file: "segments/gift-dialogs.tsx", at: "segments/gifts", open: press("新的赠送") },
  { file: "segments/gifts-page.tsx", at: "segments/gifts", open: fromMenu(/周年礼/, "停止") },
  { file: "rules/codes-page.tsx", at: "rules/codes", open: press("发一批码") },
  { file: "rules/side-cards.tsx", at: "rules/terms/tiers", open: press("历史与回退") },
  { file: "rules/rule-steps.tsx", at: "rules/rules/member-day", open: press("停用") },
  {
    file: "rules/overview-page.tsx",
    at: "rules",
    open: (page) => page.getByRole("switch", { name: /会员日双倍：生效中/ }).click(),
  },
  { file: "pages/document-parts.tsx", at: "pages", open: press("定时") },
  { file: "pages/page-switch.tsx", at: "pages", open: press(/^新建页面/) },
  { file: "people/dialogs.tsx", at: "people", open: press("邀请同事") },
  { file: "people/people-page.tsx", at: "people", open: fromMenu(/吴客服/, "停用") },
  { file: "roles/role-dialog.tsx", at: "roles", open: press("新建角色") },
  { file: "stores/dialogs.tsx", at: "stores", open: press("新建品牌") },
  { file: "stores/booking-page.tsx", at: "stores/zhenhai/booking", open: press(/^修改/) },
  { file: "security/ask-dialog.tsx", at: "security", open: press("修改密码") },
  {
    file: "security/totp-card.tsx",
    at: "security",
    open: async (page) => {
      await press("开启")(page);
      await page.getByRole("dialog").locator("input[type=password]").fill(DEMO_OWNER.password);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").locator("input[autocomplete=one-time-code]").waitFor();
    },
  },
  { file: "store-goods/change-dialog.tsx", at: "store-goods", open: press("修改") },
  {
    file: "pages/picture-input.tsx",
    at: "pages",
    open: async (page) => {
      await page.getByRole("main").getByRole("button", { name: "页面", exact: true }).click();
      await press("从商品里选")(page);
    },
  },
  {
    file: "pages/start-page.tsx",
    at: "pages/start",
    open: async (page) => {
      await press(/茶饮店/)(page);
      await press("开店")(page);
    },
  },
  {
    file: "pages/history.tsx",
    at: "pages",
    open: async (page) => {
      await page.getByRole("main").getByRole("button", { name: "版本", exact: true }).click();
      await press("比较")(page);
    },
  },
  { file: "roles/roles-page.tsx", at: "roles", open: press("删除") },
  { file: "finance/case-dialog.tsx", at: "finance", open: firstRow },
  { file: "finance/money-page.tsx", at: "finance/money", open: press("退回这笔钱") },
  { file: "finance/bill-row.tsx", at: "finance/money", open: press("查清了，写下原因") },
  { file: "finance/stored-page.tsx", at: "finance/stored-value", open: press("看明细") },
  { file: "rules/invites-page.tsx", at: "rules/invites", open: press("不予奖励") },
  { file: "security/security-page.tsx", at: "security", open: press("退出其他所有设备") },
  {
    file: "write-off/bookings.tsx",
    at: "write-off",
    open: async (page) => {
      const main = page.getByRole("main");
      await main.getByRole("combobox").selectOption("zhenhai");
      // Late in the evening the demo's visits are of the next day.
      const today = await page.evaluate(async () => {
        const path = "/api/v1/staff/write-offs/expected?storeId=zhenhai";
        const answer = await fetch(`${path}&dayMs=${Date.now()}`);
        return ((await answer.json()) as { items: unknown[] }).items.length;
      });
      if (today === 0) await main.getByLabel("日期").fill(tomorrow());
      const anew = main.getByRole("button", { name: "重新预约" }).first();
      await anew.click();
    },
  },
  {
    file: "write-off/recent.tsx",
    at: "write-off",
    open: async (page) => {
      await page.getByRole("main").getByRole("combobox").selectOption("jetty");
      await press("撤销")(page);
    },
  },
  { file: "sales/monitor-controls.tsx", at: "sales/live/{running}", open: press("同意并结束") },
];

/** Files that draw a dialog and are opened by nobody. */
export function unopened(): string[] {
  const known = new Set(OPENINGS.map(({ file }) => file));
  return readdirSync(CONSOLE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".tsx") && !path.startsWith("kit/"))
    .filter((path) => /<(?:Form)?Dialog\b|useConfirm\(/.test(read(path)) && !known.has(path));
}
