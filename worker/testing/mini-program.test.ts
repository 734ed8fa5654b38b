/** The page of a mini program that docs/wechat.md gives to merchants, run as it stands there. */
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { returnPath } from "../kernel/own-path.ts";

interface MallPage {
  data: { url: string };
  setData(data: { url: string }): void;
  onLoad(options: { path?: string }): Promise<void>;
  onShareAppMessage(shared: { webViewUrl: string }): { path: string };
}

const guide = readFileSync(`${import.meta.dirname}/../../docs/wechat.md`, "utf8");
const sample = /```js\n\/\/ pages\/mall\/mall\.js\n([\s\S]*?)```/.exec(guide)?.[1] ?? "";
const MALL = "https://mall.example.com";

/** What WeChat's runtime gives to a page, as far as this one asks. */
function open(ticket: string | null): MallPage {
  let page: MallPage | undefined;
  const wx = {
    request: (asked: { success(answer: object): void; fail(): void }) =>
      ticket === null ? asked.fail() : asked.success({ data: { ticket } }),
  };
  runInNewContext(sample, { wx, Page: (made: MallPage) => (page = made) });
  if (!page) throw new Error("the guide has no page");
  page.setData = function setData(data) {
    this.data = data;
  };
  return page;
}

/** Where the web view of a friend goes who opens the card that was shared from `address`. */
async function friendOpens(address: string, ticket: string | null): Promise<URL> {
  const card = open("mine").onShareAppMessage({ webViewUrl: address }).path;
  // WeChat hands the parameter over as it was written, not decoded.
  const path = /[?&]path=([^&]*)/.exec(card)?.[1] ?? "";
  const page = open(ticket);
  await page.onLoad({ path });
  return new URL(page.data.url);
}

describe("the mini program's page of the guide", () => {
  it("opens for a friend what was shared, filters and all, with the friend's own ticket", async () => {
    const shared = "/g?q=%E8%8C%B6&within=420";
    const opened = await friendOpens(MALL + shared, "theirs");
    expect(opened.pathname).toBe("/api/v1/sign-in/ticket");
    expect(opened.searchParams.get("ticket")).toBe("theirs");
    expect(returnPath(opened.searchParams.get("returnTo") ?? "")).toBe(shared);
  });

  it("opens it for a guest too, and the home page where nothing was shared", async () => {
    expect((await friendOpens(`${MALL}/s/tea.cup~1`, null)).href).toBe(`${MALL}/s/tea.cup~1`);
    const page = open(null);
    await page.onLoad({});
    expect(page.data.url).toBe(`${MALL}/`);
  });

  it("shares no ticket, and opens nothing but the mall", async () => {
    const ticket = `${MALL}/api/v1/sign-in/ticket?ticket=mine`;
    for (const address of [ticket, `${MALL}.evil.example/`, "https://evil.example/"]) {
      expect((await friendOpens(address, null)).href).toBe(`${MALL}/`);
    }
    const page = open(null);
    await page.onLoad({ path: ".evil.example%2F" });
    expect(page.data.url).toBe(`${MALL}/`);
  });
});
