/** A newcomer in WeChat: from a link in a chat to the first redemption, over the fake WeChat server. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ruleOf } from "../points/earning.ts";
import { publishWith } from "../points/programme.ts";
import { isLive, Shop, shows, textOf } from "./browser-shop.ts";

/** As WeChat on Android names itself. */
const WECHAT =
  "Mozilla/5.0 (Linux; Android 13; M2012K11C) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 XWEB/1160065 MMWEBSDK/20231202 MicroMessenger/8.0.47.2560(0x28002F35) WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
  const rule = ruleOf({
    ...{ ruleId: "welcome", title: "新会员礼", on: ["registration"] },
    benefit: { kind: "fixed", points: 100 },
    caps: [{ period: "ever", pointsMax: null, timesMax: 1 }],
  });
  await publishWith((_, path, body) => shop.must(path, body), "rules", rule);
});
afterEach(() => shop.putAway());
afterAll(async () => {
  const { errors, missing } = shop.complaints;
  await shop.close();
  expect({ errors, missing }).toEqual({ errors: [], missing: [] });
});

describe("a newcomer inside WeChat", () => {
  it("goes from the link to consent, a welcome of 100 points and the first redemption", async () => {
    const saleId = await shop.sale({ pricePoints: 60, priceFen: 0, opensInMs: 0 });
    const page = await (await shop.context({ userAgent: WECHAT })).newPage();
    await page.goto(`/s/${saleId}`);
    await isLive(page);
    // Nobody is asked anything before the first act that needs a member.
    expect(await textOf(page, "#grab")).toContain("登录后抢");
    await page.tap("#grab");
    await page.getByRole("heading", { name: "先看一下隐私说明" }).waitFor();
    await isLive(page);
    await page.getByRole("button", { name: "同意并登录" }).click();
    await page.waitForURL(`**/s/${saleId}`);
    await isLive(page);
    // Said by name where they land, once: the next page does not say it again.
    expect(await textOf(page, "body")).toContain("送你的 100 积分到账了");
    await page.reload();
    await isLive(page);
    expect(await textOf(page, "body")).not.toContain("到账了");
    await page.tap("#grab");
    await shows(page, "#grab", /查看订单/);
    await page.goto("/me");
    expect(await textOf(page, ".me-who")).toContain("可用积分 40");
    expect(await textOf(page, "#privacy")).toContain("微信");
  });

  it("may say no, and goes on as a guest with nothing kept", async () => {
    const page = await (await shop.context({ userAgent: WECHAT })).newPage();
    await page.goto("/login?returnTo=/help");
    await page.getByRole("link", { name: "先不登录" }).click();
    await page.waitForURL("**/help");
    await page.goto("/me");
    expect(await textOf(page, "h1")).toBe("你还没有登录");
  });
});
