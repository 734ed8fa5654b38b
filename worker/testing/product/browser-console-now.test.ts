/** What is set in the console is what members see within five seconds, without a reload of their page; and two who set the same lose nothing. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Shop } from "./browser-shop.ts";
import { until } from "./product.ts";

const SEEN_WITHIN_MS = 5_000;

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
}, 120_000);
afterEach(async () => {
  await shop.putAway();
});
afterAll(async () => {
  await shop.close();
});

async function desk(path: string, memberId = "first-hand"): Promise<Page> {
  const context = await shop.context({
    ...{ viewport: { width: 1_280, height: 900 }, isMobile: false, hasTouch: false },
  });
  await context.request.post("/api/v1/dev/login", { data: { memberId, role: "staff" } });
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
  return page;
}

async function published(goodsId: string): Promise<void> {
  const goods = { title: "云山杯", skus: [{ pricePoints: 40 }] };
  const { revision } = await shop.must<{ revision: number }>("/api/v1/staff/goods", {
    ...{ goodsId, goods },
  });
  await shop.must(`/api/v1/staff/skus/${goodsId}/stock`, {
    ...{ requestId: `now-${goodsId}-0000001`, cause: "received", units: 5, note: "" },
  });
  await shop.must(`/api/v1/staff/goods/${goodsId}/publish`, { revision });
}

describe("what members see", () => {
  it("of goods that are withdrawn is gone from the list and closed on the open page", async () => {
    await published("seen-cup");
    const { memberId } = await shop.member(500);
    const member = await (await shop.phoneOf(memberId)).newPage();
    await member.goto("/g/seen-cup");
    await member.getByRole("button", { name: /兑换/ }).waitFor();
    const page = await desk("/console/goods/seen-cup");
    await page.getByRole("button", { name: "下架", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "下架" }).click();
    await page.getByText("已下架", { exact: true }).first().waitFor();
    await until(
      async () => (await fetch(`${shop.origin}/api/v1/goods`)).text(),
      (text) => !text.includes("seen-cup"),
      SEEN_WITHIN_MS,
    );
    await member
      .getByText(/下架|不再|暂时/)
      .first()
      .waitFor({ timeout: SEEN_WITHIN_MS });
  });

  it("of goods for one tier is closed to everybody else, and says why", async () => {
    await published("tier-cup");
    await shop.staff.send("PUT", "/api/v1/staff/earning/terms/tiers", {
      tiers: [
        { tierId: "leaf", title: "叶友", growthMin: 0, benefits: benefits() },
        { tierId: "old", title: "老茶客", growthMin: 900, benefits: benefits() },
      ],
      ...{ window: { kind: "rolling_months", months: 12 }, roundTo: "month" },
      ...{ expiry: { kind: "tier_start_date", months: 12 }, downgrade: "one_down" },
      ...{ graceDays: 30, onReversal: "at_once" },
    });
    const page = await desk("/console/goods/tier-cup?tab=who");
    await page.getByLabel("老茶客").last().check();
    await page.getByRole("button", { name: "保存" }).click();
    await page.getByText("已保存").waitFor();
    const { caller } = await shop.member(500);
    await until(
      () => caller.get("/api/v1/goods/tier-cup"),
      ({ body }) => JSON.stringify(body).includes("老茶客"),
      SEEN_WITHIN_MS,
    );
  });

  it("of a check-in follows its terms", async () => {
    const { caller } = await shop.member(0);
    const page = await desk("/console/rules/terms/check_in");
    await page.locator('[id="sf-dailyPoints"]').fill("7");
    await page.getByRole("button", { name: "保存，马上生效" }).click();
    await page.getByText("线上 v1").waitFor();
    await until(
      () => caller.get<{ points?: number }>("/api/v1/me/check-in"),
      ({ status, body }) => status === 200 && body.points === 7,
      SEEN_WITHIN_MS,
    );
    const { body } = await caller.post<{ points: number }>("/api/v1/me/check-in", {
      requestId: "now-check-in-0000001",
    });
    expect(body.points).toBe(7);
  });
});

describe("what staff give", () => {
  const file = (lines: readonly string[]) => ({
    ...{ name: "points.csv", mimeType: "text/csv" },
    buffer: Buffer.from(["memberId,points,reason,lastDay", ...lines].join("\n")),
  });

  it("by a file is checked first, names every bad line, and is booked once it is clean", async () => {
    const page = await desk("/console/adjustments/import");
    const input = page.locator("input[type=file]");
    await input.setInputFiles(file(["moved-1,120,旧系统余额,", "moved 2,0,旧系统余额,2020-01-01"]));
    const report = page.getByRole("region", { name: "第二步：看检查结果" });
    await report.getByRole("row").nth(3).waitFor();
    expect(await report.getByRole("row").allInnerTexts()).toEqual([
      expect.stringContaining("原因"),
      expect.stringMatching(/3\s+memberId\s+1–64 位/),
      expect.stringMatching(/3\s+points\s+填 1 到/),
      expect.stringMatching(/3\s+lastDay\s+这一天已经过去/),
    ]);
    await input.setInputFiles(file(["moved-1,120,旧系统余额,"]));
    await page.getByRole("button", { name: "导入", exact: true }).click();
    await page.getByText("导入完成：1 行入账").waitFor();
    const { body } = await shop.staff.get<{ balance: { active: number } }>(
      "/api/v1/staff/members/moved-1/points?limit=1",
    );
    expect(body.balance.active).toBe(120);
  });

  it("as cards and as a bought tier is the member's at once", async () => {
    const { memberId, caller } = await shop.member(0);
    const page = await desk(`/console/members/${memberId}?tab=about`);
    await page.getByRole("button", { name: "发补签卡" }).click();
    await page.getByRole("dialog").getByLabel("张数").fill("3");
    await page.getByRole("dialog").getByRole("button", { name: "发放" }).click();
    await page.getByText("有补签卡 3 张").waitFor();
    const checkIn = await caller.get<{ makeUpCards: number }>("/api/v1/me/check-in");
    expect(checkIn.body.makeUpCards).toBe(3);
    await page.getByRole("button", { name: "开通付费会员" }).click();
    await page.getByRole("dialog").getByLabel("等级").selectOption({ label: "老茶客" });
    await page.getByRole("dialog").getByLabel("收款金额").fill("198");
    await page.getByRole("dialog").getByRole("button", { name: "开通 1 年" }).click();
    await page.getByText(/老茶客，到 \d{4}/).waitFor();
    const tier = await caller.get<{ source: string; tier: { name: string } }>("/api/v1/me/tier");
    expect(tier.body).toMatchObject({ source: "paid", tier: { name: "老茶客" } });
  });
});

const benefits = () => ({
  ...{ redeemPercent: 100, hasExclusivePool: false, giftPoints: 0 },
  ...{ earnPercent: 100, checkInBonus: 0 },
});

describe("the first HTML", () => {
  const htmlAt = async (path: string, token: string): Promise<string> => {
    const headers = token === "" ? {} : { authorization: `Bearer ${token}` };
    return (await fetch(shop.origin + path, { headers })).text();
  };

  it("brings what the first view shows, and names its files", async () => {
    const html = await htmlAt("/console", shop.staff.token);
    expect(html).toContain('"first":[{"path":"/api/v1/staff/dashboard","body":{');
    const files = [...html.matchAll(/<link [^>]*href="(\/assets\/console\/dashboard-[^"]+)"/g)];
    expect(files.map(([, file = ""]) => file.split(".").at(-1))).toEqual(["js", "css"]);
    for (const [, file = ""] of files) expect((await fetch(shop.origin + file)).status).toBe(200);
    const goods = await htmlAt("/console/goods/some-cup", shop.staff.token);
    expect(goods).toMatch(/rel="modulepreload" crossorigin href="\/assets\/console\/goods-/);
    expect(goods).toContain('"first":[]');
  });

  it("of every section brings what its first page asks for, and the page asks for none of it again", async () => {
    const page = await desk("/console/security");
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/api/")) asked.push(request.url().slice(shop.origin.length));
    });
    for (const section of ["goods", "orders", "members", "rules", "pages", "people", "approvals"]) {
      const html = await htmlAt(`/console/${section}`, shop.staff.token);
      const [, text = "[]"] = /"first":(\[.*?\]),"devLogin"/s.exec(html) ?? [];
      const brought = (JSON.parse(text) as { path: string }[]).map(({ path }) => path);
      expect([section, brought.length > 0]).toEqual([section, true]);
      asked.length = 0;
      await page.goto(`/console/${section}`);
      await page
        .getByRole("main")
        .locator("tbody tr, .empty, .rule-row, .pb-name")
        .first()
        .waitFor();
      expect(asked.filter((path) => brought.includes(path))).toEqual([]);
    }
  });

  it("has no figures for who is not signed in, and none for a member", async () => {
    const { caller } = await shop.member(0);
    for (const token of ["", caller.token]) {
      const html = await htmlAt("/console", token);
      expect(html).toContain('"first":[]');
      expect(html).not.toContain("modulepreload");
    }
  });
});

describe("what is taken back", () => {
  const stateOf = async (path: string, name: string): Promise<unknown> => {
    const { body } = await shop.staff.get(path);
    return JSON.stringify(body).includes(name);
  };

  it("of goods that were withdrawn, by Ctrl Z: members see them again", async () => {
    await published("again-cup");
    const membersSee = (isThere: boolean): Promise<unknown> =>
      until(
        () => stateOf("/api/v1/goods", "again-cup"),
        (now) => now === isThere,
        SEEN_WITHIN_MS,
      );
    const page = await desk("/console/goods/again-cup");
    await page.getByRole("button", { name: "下架", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "下架" }).click();
    await page.getByRole("status").getByRole("button", { name: "撤销" }).waitFor();
    await membersSee(false);
    await page.keyboard.press("Control+z");
    await page.getByText("已撤销").waitFor();
    await page.getByRole("button", { name: "下架", exact: true }).waitFor();
    await membersSee(true);
  });

  it("of a segment, by its button and by keys alone", async () => {
    const path = "/api/v1/staff/segments";
    const rule = { all: [{ kind: "balance", min: 100, max: null }] };
    const made = await shop.staff.send("PUT", `${path}/rich-in-points`, {
      ...{ name: "积分大户", version: 0, rule },
    });
    expect(made.status).toBeLessThan(300);
    const page = await desk("/console/segments");
    const row = page.getByRole("row", { name: /积分大户/ });
    await row.getByRole("button", { name: "操作" }).click();
    await page.getByRole("menuitem", { name: "删除" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "删除" }).click();
    await row.waitFor({ state: "detached" });
    await page.getByRole("status").getByRole("button", { name: "撤销" }).focus();
    await page.keyboard.press("Enter");
    await row.waitFor();
    expect(await stateOf(path, "rich-in-points")).toBe(true);
  });

  it("of a session that was called off is not, as its question says: another like it is made", async () => {
    await published("again-mug");
    const opensAtMs = Date.now() + 3_600_000;
    const { sessionId, version } = await shop.must<{ sessionId: string; version: number }>(
      "/api/v1/staff/sessions",
      {
        ...{ title: "午夜场", opensAtMs, closesAtMs: opensAtMs + 1_800_000 },
        items: [
          { skuId: "again-mug", pricePoints: 9, units: 2, limitPerMember: 1, quantityMax: 1 },
        ],
      },
    );
    await shop.must(`/api/v1/staff/sessions/${sessionId}/schedule`, { version });
    const page = await desk(`/console/sales/sessions/${sessionId}`);
    await page.getByRole("button", { name: "取消这一场" }).click();
    await page
      .getByRole("dialog")
      .getByText(/不能撤销/)
      .waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "取消这一场" }).click();
    await page.getByText("已取消，件数已回货架").waitFor();
    await page.getByRole("button", { name: "照样再建一场" }).click();
    await page.getByText("已建成草稿，时间顺延到以后，改好再发布").waitFor();
    await page.getByRole("button", { name: "检查并发布" }).waitFor();
    const made = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect(made).not.toBe(sessionId);
    const { body } = await shop.staff.get<{ opensAtMs: number; items: unknown[] }>(
      `/api/v1/staff/sessions/${made}`,
    );
    expect([body.opensAtMs, body.items.length]).toEqual([opensAtMs + 86_400_000, 1]);
  });

  it("of a rule: it is tried and in force again", async () => {
    const path = "/api/v1/staff/earning/rules";
    await shop.must(path, ruleOf("taken-back"));
    await shop.must(`${path}/taken-back/dry-run`, {});
    await shop.must(`${path}/taken-back/publish`, {});
    const page = await desk("/console/rules");
    const live = page.getByRole("switch", { name: "来一次：生效中，点按停用" });
    await live.click();
    await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
    await page.getByRole("switch", { name: "来一次：未生效，点按去发布" }).waitFor();
    await page.getByRole("status").getByRole("button", { name: "撤销" }).waitFor();
    await page.keyboard.press("Control+z");
    await live.waitFor();
  });
});

const ruleOf = (ruleId: string) => ({
  ...{ ruleId, title: "来一次", on: ["order"], startsAtMs: null, endsAtMs: null },
  ...{ condition: null, scope: null, priority: 0, isStackable: true, caps: [] },
  ...{ expiry: null, pending: null },
  benefit: { kind: "per_amount", points: 1, perFen: 100, counting: "whole_steps" },
});

/** Where a text is typed, and what saves it; null: it saves itself. */
interface Typed {
  readonly at: string;
  readonly opens?: string;
  readonly field: string;
  readonly save: string | null;
  /** Where names will not do. */
  readonly texts?: readonly [string, string];
}

const VERIFY_FILES = [
  "MP_verify_firsthand.txt aaaaaaaa1",
  "MP_verify_laterhand.txt bbbbbbbb2",
] as const;

/** The last of its name: that of a dialog stands behind that of its page. */
const pressed = (page: Page, name: string): Promise<void> =>
  page.getByRole("button", { name, exact: true }).last().click();

const FREIGHT = {
  ...{ title: "原来的名", isDefault: true, undeliverable: [] },
  rules: [
    {
      ...{ regions: [], firstPieces: 1, firstFen: 800, extraPieces: 1, extraFen: 200 },
      freeFromPieces: null,
    },
  ],
};

describe("two who set the same", () => {
  const editors: Readonly<Record<string, (sessionId: string) => Typed>> = {
    goods: () => ({ at: "goods/both-cup", field: "名称", save: "保存" }),
    sale: (id) => ({ at: `sales/sessions/${id}`, field: "场次名", save: "存草稿" }),
    terms: () => ({
      at: "rules/terms/check_in",
      field: "每天",
      save: "保存，马上生效",
      texts: ["11", "12"],
    }),
    freight: () => ({ at: "orders/freight", opens: "修改", field: "名称", save: "保存" }),
    channels: () => ({ at: "channels", field: "域名校验文件", save: "保存", texts: VERIFY_FILES }),
    page: () => ({ at: "pages", opens: "页面", field: "页面名称", save: null }),
  };

  it("each is told what differs, keeps what they typed, and saves on top of it", async () => {
    const opensAtMs = Date.now() + 3 * 86_400_000;
    await published("both-cup");
    const { sessionId } = await shop.must<{ sessionId: string }>("/api/v1/staff/sessions", {
      ...{ title: "原来的名", opensAtMs, closesAtMs: opensAtMs + 3_600_000 },
      items: [{ skuId: "both-cup", pricePoints: 9, units: 2, limitPerMember: 1, quantityMax: 1 }],
    });
    await shop.staff.send("PUT", "/api/v1/staff/freight-templates/both", FREIGHT);
    const [first, second] = [await desk("/console"), await desk("/console", "second-hand")];
    for (const [name, editor] of Object.entries(editors)) {
      const { at, opens, field, save, texts } = editor(sessionId);
      const [early, late] = texts ?? ["先改的名", "后改的名"];
      for (const page of [first, second]) {
        await page.goto(`/console/${at}`);
        if (opens) await page.getByRole("main").getByText(opens, { exact: true }).first().click();
        await page.getByLabel(field).first().waitFor();
      }
      await first.getByLabel(field).first().fill(early);
      if (save) await second.getByLabel(field).first().fill(late);
      const saved = first.waitForResponse((answer) => answer.request().method() === "PUT");
      if (save) await pressed(first, save);
      expect([name, (await saved).status()]).toEqual([name, 200]);
      if (save) await pressed(second, save);
      else await second.getByLabel(field).first().fill(late);
      const dialog = second.getByRole("dialog").filter({ hasText: "用我的覆盖" });
      const told = dialog.getByRole("row").filter({ hasText: late }).filter({ hasText: early });
      await told.waitFor();
      await second.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      expect([name, await second.getByLabel(field).first().inputValue()]).toEqual([name, late]);
      await second.getByRole("alert").getByRole("button", { name: "看哪里不一样" }).click();
      const over = second.waitForResponse((answer) => answer.request().method() === "PUT");
      await dialog.getByRole("button", { name: "用我的覆盖" }).click();
      expect([name, (await over).status()]).toEqual([name, 200]);
    }
  }, 90_000);

  it("threshold: the later one sees both and keeps what they typed", async () => {
    const at = "/console/approvals/thresholds";
    const [first, second] = [await desk(at), await desk(at, "second-hand")];
    const card = (page: Page) => page.locator("section.card", { hasText: "发放积分" }).first();
    const figure = (page: Page) =>
      card(page).getByRole("spinbutton").or(card(page).locator("input.num"));
    await figure(first).first().fill("2000");
    await figure(second).first().fill("3000");
    await card(first).getByRole("button", { name: "保存" }).click();
    await first.getByText("门槛已保存").waitFor();
    await card(second).getByRole("button", { name: "保存" }).click();
    const dialog = second.getByRole("dialog");
    await dialog.getByText(/2,?000/).waitFor();
    await dialog.getByText(/3,?000/).waitFor();
  });
});
