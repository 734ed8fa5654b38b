/** The mall inside a page of another site, by the samples of docs/embed.md; and nowhere that the merchant did not say. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { ruleOf } from "../points/earning.ts";
import { publishWith } from "../points/programme.ts";
import { Shop } from "./browser-shop.ts";
import { until } from "./product.ts";

let shop: Shop;
let host: Server;
let hostOrigin = "";

/** The samples as the document has them, with the address of this test's mall. */
function sampleOf(kind: "script" | "iframe"): string {
  const text = readFileSync("docs/embed.md", "utf8");
  const blocks = [...text.matchAll(/```html\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const found = blocks.find((block) => block.trimStart().startsWith(`<${kind}`)) ?? "";
  return found.replaceAll("https://mall.example.com", shop.origin);
}

/** What the document has the page around do when somebody goes on. */
function listenerOf(): string {
  const text = readFileSync("docs/embed.md", "utf8");
  const code = /```js\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  return `<script>${code}</script>`;
}

/** The addresses that the document says may be linked, without those of a thing. */
function linkedPaths(): string[] {
  const text = readFileSync("docs/embed.md", "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("| `/"));
  const named = rows.flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)]);
  return named.map(([, path = ""]) => path).filter((path) => !path.includes("<"));
}

/** As high as its page; no lower than what embed.js makes room for before it knows. */
const fits = ({ frame, inside }: { frame: number; inside: number }): boolean =>
  Math.abs(frame - Math.max(480, inside)) < 2;

/** How high the frame is, and the page inside, once the one has heard of the other. */
async function heights(page: Page): Promise<{ frame: number; inside: number }> {
  const read = async (): Promise<{ frame: number; inside: number }> => ({
    frame: (await page.locator("iframe").boundingBox())?.height ?? 0,
    inside: await page
      .frameLocator("iframe")
      .locator("body")
      .evaluate((body) => body.getBoundingClientRect().height),
  });
  return until(read, (both) => fits(both));
}

async function must<T>(method: "POST" | "PUT", path: string, body: unknown): Promise<T> {
  const reply = await shop.staff.send<T>(method, `/api/v1/staff${path}`, body);
  if (reply.status > 299) throw new Error(`${path}: ${reply.status}`);
  return reply.body;
}

async function publishPage(pageId: string): Promise<void> {
  const share = { title: "", description: "", picture: null };
  const text = Array.from({ length: 20 }, (_, line) => `第 ${line + 1} 道：春茶`).join("\n");
  const notice = { type: "notice", id: "n1", text: "春茶到店", link: null };
  const blocks = [notice, { type: "rich_text", id: "t1", text }];
  const draft = { revision: 0, body: { title: "春日", blocks, share } };
  const { revision } = await must<{ revision: number }>("PUT", `/pages/${pageId}/draft`, draft);
  await must("POST", `/pages/${pageId}/publish`, { revision, atMs: null });
}

async function publishGoods(goodsId: string): Promise<void> {
  const goods = { title: "白瓷茶杯", skus: [{ pricePoints: 300 }] };
  const { revision } = await must<{ revision: number }>("POST", "/goods", { goodsId, goods });
  await must("POST", `/goods/${goodsId}/publish`, { revision });
}

beforeAll(async () => {
  shop = await Shop.open();
  host = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://host.invalid");
    const sample =
      pathname === "/iframe"
        ? sampleOf("iframe")
        : sampleOf("script").replace(
            'data-path="/"',
            `data-path="${searchParams.get("path") ?? "/"}"`,
          ) + listenerOf();
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><html lang="zh-CN"><title>商家官网</title><body><h1>商家官网</h1>${sample}</body></html>`,
    );
  });
  await new Promise<void>((resolve) => host.listen(0, "localhost", resolve));
  // Another site than 127.0.0.1: its cookies are third party there.
  hostOrigin = `http://localhost:${(host.address() as AddressInfo).port}`;
  const phone = { isOn: true, gatewayUrl: null, gatewaySecret: null };
  const saved = await shop.staff.send("PUT", "/api/v1/staff/channels", {
    revision: 0,
    channels: {
      ...{ wechat: null, phone, ticketKeys: [], verifyFiles: [], hiddenInWechat: [] },
      embedOrigins: [hostOrigin],
    },
  });
  expect(saved.status).toBe(200);
  const rule = ruleOf({
    ...{ ruleId: "welcome", title: "新会员礼", on: ["registration"] },
    benefit: { kind: "fixed", points: 100 },
  });
  await publishWith((_, path, body) => shop.must(path, body), "rules", rule);
});
afterEach(() => shop.putAway());
afterAll(async () => {
  host.close();
  await shop.close();
});

describe("embedded on another origin", () => {
  it("fits its height, signs in inside the frame, and stays signed in there only", async () => {
    const context = await shop.context();
    const page = await context.newPage();
    await page.goto(`${hostOrigin}/script`);
    const frame = page.frameLocator("iframe");
    await frame.locator("html[data-live]").waitFor();
    await until(
      async () => (await page.locator("iframe").boundingBox())?.height ?? 0,
      (height) => height > 480,
    );
    await frame.locator(".wallet .btn").click();
    await frame.locator("html[data-live] #phone").waitFor();
    await frame.getByLabel("手机号", { exact: true }).fill("13800009001");
    await frame.getByRole("button", { name: "获取验证码" }).click();
    const hint = frame.getByText(/验证码是 \d{6}/);
    const code = /\d{6}/.exec(await hint.innerText())?.[0] ?? "";
    await frame.getByLabel("验证码", { exact: true }).fill(code);
    await frame.getByLabel("我已阅读并同意隐私说明").check();
    await frame.getByRole("button", { name: "登录", exact: true }).first().click();
    await frame.locator(".wallet-b").waitFor();
    // Over the page itself, and once: the frame is as high as both.
    const welcome = frame.getByText("送你的 100 积分到账了");
    await welcome.waitFor();
    expect(fits(await heights(page))).toBe(true);
    await page.reload();
    await frame.locator(".wallet-b").waitFor();
    expect(await welcome.count()).toBe(0);
    const kept = (await context.cookies()).filter(({ name }) => name === "qd_session");
    expect(kept).toMatchObject([{ secure: true, partitionKey: "http://localhost" }]);
    const alone = await context.newPage();
    await alone.goto("/");
    expect(await alone.locator(".wallet-in").count()).toBe(1);
  });

  it("opens a deep link by a plain iframe", async () => {
    const page = await (await shop.context()).newPage();
    await page.goto(`${hostOrigin}/iframe`);
    await page.frameLocator("iframe").locator("h1", { hasText: "规则与帮助" }).waitFor();
  });

  it("opens every address that is said to be linked, as high as it is, and tells where members go", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    await publishPage("spring");
    await publishGoods("tea-cup");
    const things = [`/s/${encodeURIComponent(saleId)}`, "/p/spring", "/g/tea-cup"];
    const paths = [...linkedPaths(), ...things];
    expect(paths).toContain("/points/check-in");
    const page = await (await shop.phoneOf("embedded")).newPage();
    const at = (): string => decodeURIComponent(new URL(page.url()).hash);
    for (const path of paths) {
      await page.goto(`${hostOrigin}/script?path=${encodeURIComponent(path)}`);
      await page.frameLocator("iframe").locator("html[data-live]").waitFor();
      // Who is signed in on the mall's own site is a guest in here: pages of members lead to the sign-in and name the way back.
      const told = await until(
        async () => at(),
        (hash) => hash !== "",
      );
      const way = decodeURIComponent(told.replace("#/login?returnTo=", "#"));
      expect(way).toBe(`#${decodeURIComponent(path)}`);
      const height = await page.locator("iframe").evaluate((frame) => frame.style.height);
      expect(Number.parseInt(height, 10), path).toBeGreaterThan(320);
    }
    // The merchant's page and goods are there themselves, and not the page that says that something is not.
    for (const [path, words] of [
      ["/p/spring", "春茶到店"],
      ["/g/tea-cup", "白瓷茶杯"],
    ] as const) {
      await page.goto(`${hostOrigin}/script?path=${path}`);
      await page.frameLocator("iframe").getByText(words).first().waitFor();
      expect(fits(await heights(page)), path).toBe(true);
    }
    await page.goto(`${hostOrigin}/script?path=/`);
    await page.frameLocator("iframe").locator('.tabbar a[href="/g"]').click();
    await until(
      async () => at(),
      (hash) => hash === "#/g",
    );
  });

  it("is shown by nobody whom the merchant did not name", async () => {
    const page = await fetch(shop.origin);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(new RegExp(`frame-ancestors 'self' ${hostOrigin}$`));
    const board = await fetch(`${shop.origin}/console`);
    expect(board.headers.get("content-security-policy")).toMatch(/frame-ancestors 'self'$/);
  });
});
