/** The sale page for those who read English, use the keyboard, listen, or want no motion. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { inState, isLive, openOrder, Shop, shows, stateOf, textOf } from "./browser-shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(async () => {
  await shop.putAway();
});
afterAll(async () => {
  const { errors, missing } = shop.complaints;
  await shop.close();
  expect({ errors, missing }).toEqual({ errors: [], missing: [] });
});

/** Everything a screen reader would be told from the region, one entry per change. */
async function listen(page: Page, selector: string): Promise<() => Promise<string[]>> {
  await page.evaluate((region) => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    const node = document.querySelector(region);
    if (node === null) throw new Error(`no ${region}`);
    new MutationObserver(() => {
      const text = node.textContent.trim();
      if (text !== "" && text !== heard.at(-1)) heard.push(text);
    }).observe(node, { childList: true, characterData: true, subtree: true });
  }, selector);
  return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

const CJK = /[\u3400-\u9fff]/;

describe("in English", () => {
  const english = { locale: "en-GB" };

  it("walks from the link to the grant", async () => {
    const { memberId } = await shop.member(1_000);
    const context = await shop.phoneOf(memberId, english);
    const saleId = await shop.sale({ opensInMs: 6_500 });
    const page = await shop.visit(context, saleId);
    expect(await page.getAttribute("html", "lang")).toBe("en");
    expect(await inState(page, "bookable")).toMatch(
      /^Book, hold 600 points \d\d:\d\d today · cancel any time$/,
    );
    await page.tap("#grab");
    await inState(page, "booked");
    expect(await shows(page, ".pass", /Your ticket is ready/)).toContain("600 points held");
    await inState(page, "arming");
    expect(await inState(page, "open")).toBe("Redeem 600 points + ¥9.90");
    await page.tap("#grab");
    expect(await inState(page, "granted")).toContain("View order");
    await shows(page, ".band", /Redeemed Settled \d\d:\d\d:\d\d\.\d{3} 1 Your unit/);
    const words = await page.evaluate(() => document.body.innerText);
    // The goods keep the name their merchant gave them, and the way back to Chinese is in Chinese.
    const rest = words
      .replaceAll("云山白随行保温杯", "")
      .replaceAll("墨绿", "")
      .replaceAll("中文", "");
    expect(CJK.exec(rest)?.[0]).toBeUndefined();
    await openOrder(page);
    expect(await textOf(page, "h1")).toBe("Redeemed, to be shipped");
  });

  it("explains every refusal", async () => {
    const poor = await shop.member(100);
    const open = await shop.sale();
    const short = await shop.visit(await shop.phoneOf(poor.memberId, english), open);
    expect(await inState(short, "points_insufficient")).toBe("Get more points 500 points short");
    expect(await textOf(short, ".pass")).toContain("Needs 600; you have 100");

    const gone = await shop.sale({ units: 1 });
    await shop.taken(gone);
    const rich = await shop.member(600);
    const context = await shop.phoneOf(rich.memberId, english);
    const late = await shop.visit(context, gone);
    expect(await inState(late, "sold_out")).toBe("See other goods Returned units come back here");
    expect(await textOf(late, ".band")).toContain("All gone");

    const over = await shop.sale();
    await shop.command(over, "close");
    const ended = await shop.visit(context, over);
    expect(await inState(ended, "closed")).toContain("This sale has ended");
  });

  it("switches by the link on the page, and stays switched", async () => {
    const saleId = await shop.sale();
    const page = await shop.visit(await shop.context(), saleId);
    await page.getByRole("link", { name: "English" }).tap();
    await page.waitForFunction(() => document.documentElement.lang === "en");
    await isLive(page);
    expect(await inState(page, "login")).toContain("Sign in to redeem");
    await page.reload();
    expect(await page.getAttribute("html", "lang")).toBe("en");
  });
});

describe("by keyboard and by ear", () => {
  it("books and grabs with Enter, keeps the focus, and says the verdict once", async () => {
    const { memberId } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    const saleId = await shop.sale({ opensInMs: 7_000 });
    const page = await shop.visit(context, saleId);
    await inState(page, "bookable");
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? "");
    for (let tabs = 0; tabs < 12 && (await focused()) !== "grab"; tabs += 1) {
      await page.keyboard.press("Tab");
    }
    expect(await focused()).toBe("grab");
    const outline = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(
        document.activeElement ?? document.body,
      );
      return `${outlineStyle} ${outlineWidth}`;
    });
    expect(outline).toBe("solid 2px");
    const heard = await listen(page, '[aria-live="assertive"]');
    await page.keyboard.press("Enter");
    await inState(page, "booked");
    expect(await page.getAttribute("#grab", "aria-disabled")).toBe("true");
    // A press while it waits does nothing, and the focus is not lost to a disabled control.
    await page.keyboard.press("Enter");
    await inState(page, "open");
    expect(await focused()).toBe("grab");
    expect(await page.locator('[aria-live="polite"]').first().textContent()).toBe("开抢了");
    await page.keyboard.press("Enter");
    await inState(page, "granted");
    expect(await focused()).toBe("grab");
    await shows(page, ".band", /第几件/);
    expect(await heard()).toEqual(["抢兑成功。已扣 600 积分 · ¥9.90 收货时付。"]);
  });

  it("names the controls, and silences the timer", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    expect(await page.getAttribute('[role="timer"]', "aria-live")).toBe("off");
    expect(await page.getByRole("button", { name: "分享" }).count()).toBe(1);
    expect(await page.getByRole("img", { name: /云山白随行保温杯/ }).count()).toBe(1);
    expect(await page.getByRole("img", { name: "余量 5 件，共 5 件" }).count()).toBe(1);
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    expect(await page.getByRole("main").count()).toBe(1);
  });

  it("keeps the focus in the dialog, and Escape is the safe answer", async () => {
    const saleId = await shop.sale();
    const { memberId, caller } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await inState(page, "open");
    await page.tap("#grab");
    await inState(page, "granted");
    await openOrder(page);
    const cancel = page.getByRole("button", { name: "取消订单" });
    await cancel.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    for (let tabs = 0; tabs < 5; tabs += 1) {
      await page.keyboard.press("Tab");
      expect(
        await page.evaluate(() => document.activeElement?.closest('[role="dialog"]') !== null),
      ).toBe(true);
    }
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await cancel.evaluate((node) => node === document.activeElement)).toBe(true);
    const { body } = await caller.get<{ active: number }>("/api/v1/me/points");
    expect(body.active).toBe(0);
  });
});

describe("with reduced motion", () => {
  it("shows the seal still", async () => {
    const saleId = await shop.sale();
    const { memberId } = await shop.member(600);
    const page = await shop.visit(
      await shop.phoneOf(memberId, { reducedMotion: "reduce" }),
      saleId,
    );
    await inState(page, "open");
    await page.tap("#grab");
    await inState(page, "granted");
    await page.waitForSelector(".seal");
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll("*")].flatMap((node) => {
        const { animationName, transitionDuration } = getComputedStyle(node);
        const moves = transitionDuration
          .split(",")
          .some((duration) => Number.parseFloat(duration) > 0.001);
        return animationName !== "none" || moves ? [node.getAttribute("class") ?? ""] : [];
      }),
    );
    expect(moving).toEqual([]);
    expect(await stateOf(page)).toBe("granted");
  });
});
