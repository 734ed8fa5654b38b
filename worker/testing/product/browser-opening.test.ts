/** Each template opens a whole shop: categories, goods, rules, look, home page and a first sale, as a newcomer does it. */
import { describe, expect, it } from "vitest";
import { isLive, Shop, textOf } from "./browser-shop.ts";
import { until } from "./product.ts";

const CHINESE = {
  ...{ lang: "zh-CN", shopName: "店铺名称", open: "开店", opened: "店开好了" },
  ...{ firstSale: "看第一场秒杀", rehearse: "开始彩排" },
} as const;
const ENGLISH = {
  ...{ lang: "en", shopName: "Shop name", open: "Open the shop", opened: "The shop is open" },
  ...{ firstSale: "See the first sale", rehearse: "Rehearse" },
} as const;

const TEMPLATES = [
  { title: "茶饮店", theme: "tea", words: CHINESE, first: "云山鲜奶茶 中杯" },
  { title: "Retail", theme: "market", words: ENGLISH, first: "Pocket notebook" },
  { title: "餐饮", theme: "cinnabar", words: CHINESE, first: "小菜一份" },
  { title: "Finance", theme: "bank", words: ENGLISH, first: "Parking, 1 hour" },
] as const;

interface Found {
  readonly categories: { name: string; goods?: number }[];
  readonly goods: { title: string }[];
  readonly rules: unknown[];
  readonly tiers: unknown[];
  readonly sales: { saleId: string }[];
}

async function whatIsThere(shop: Shop): Promise<Found> {
  const read = async <T>(path: string): Promise<T> => (await shop.staff.get<T>(path)).body;
  const [{ categories }, { goods }, rules, tiers, { sales }] = await Promise.all([
    read<Pick<Found, "categories">>("/api/v1/staff/categories"),
    read<Pick<Found, "goods">>("/api/v1/goods?limit=50"),
    read<{ items: { state: string }[] }>("/api/v1/staff/earning/rules"),
    read<{ terms: { tiers: unknown[] } | null }>("/api/v1/staff/earning/terms/tiers"),
    read<Pick<Found, "sales">>("/api/v1/sales"),
  ]);
  const live = rules.items.filter(({ state }) => state === "published");
  return { categories, goods, rules: live, tiers: tiers.terms?.tiers ?? [], sales };
}

describe("a newcomer's shop", () => {
  it.each(TEMPLATES)(
    "from $title has everything a first day needs",
    async ({ title, theme, words, first }) => {
      const shop = await Shop.open();
      try {
        const context = await shop.context({
          ...{ viewport: { width: 1_280, height: 900 }, isMobile: false, hasTouch: false },
        });
        const data = { memberId: "founder", role: "staff" };
        await context.request.post("/api/v1/dev/login", { data });
        await context.addCookies([{ name: "qd_lang", value: words.lang, url: shop.origin }]);
        const page = await context.newPage();
        await page.goto("/console/pages/start");
        await page.getByRole("button", { name: new RegExp(`^${title}`) }).click();
        await page.getByLabel(words.shopName).fill("山前小铺");
        await page.getByRole("button", { name: words.open }).click();
        await page.getByText(words.opened).waitFor({ timeout: 60_000 });

        // Lists are projections: they follow in a moment.
        const found = await until(
          () => whatIsThere(shop),
          ({ sales, goods }) => sales.length > 0 && goods.length > 3,
        );
        expect(found.categories.length).toBeGreaterThan(0);
        expect(found.goods.length).toBeGreaterThan(3);
        // In the language of whoever opened it.
        expect(found.goods.map((one) => one.title)).toContain(first);
        expect(found.rules).toHaveLength(1);
        expect(found.tiers.length).toBeGreaterThan(1);
        expect(found.sales.length).toBeGreaterThan(0);

        // The sale is a session: it can be rehearsed before it opens.
        await page.getByRole("link", { name: words.firstSale }).click();
        await page.getByRole("button", { name: words.rehearse }).waitFor();

        // What the first visitor sees, and where the first sale is announced.
        const home = await (await shop.context()).newPage();
        await home.goto("/");
        await isLive(home);
        expect(await textOf(home, "h1")).toContain("山前小铺");
        expect(await home.locator("html").getAttribute("data-theme")).toBe(theme);
        await home.goto(`/s/${encodeURIComponent(found.sales[0]?.saleId ?? "")}`);
        await isLive(home);
        await home.locator("#grab").waitFor();
        expect(shop.complaints).toEqual({ errors: [], missing: [] });
      } finally {
        await shop.close();
      }
    },
    120_000,
  );
});
