/** A member's own allowance, in a shop whose allowance is so small that any machine gets through it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectProblem, HttpShop, type Reply } from "./http-shop.ts";
import type { Caller } from "./product.ts";

let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open({ MEMBER_RATE: "100/1" });
});
afterAll(() => shop.close());

describe("a member who sends too much", () => {
  it("is told to wait, and nobody else is", async () => {
    const member = await shop.member(10);
    const replies = await Promise.all(
      Array.from({ length: 250 }, () => shop.redeem(member, "demo.nothing~1")),
    );
    const limited = replies.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThan(0);
    for (const reply of limited) {
      expectProblem(reply, 429, "rate_limited");
      expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
    }
    expect(replies.every(({ status }) => status === 404 || status === 429)).toBe(true);
    expect((await shop.send(member, "GET", "/api/v1/me")).status).toBe(200);
    await shop.buy(await shop.member(10), await shop.sale());
  });

  it("guesses few till codes, and keeps nobody else from using one", async () => {
    const [guesser, other] = [await shop.member(0), await shop.member(0)];
    const attempt = (who: Caller, at: number) =>
      shop.send(who, "POST", "/api/v1/me/till-codes", {
        ...{ requestId: `till-code-guess-${at}`, code: "3456789F" },
      });
    const replies = [];
    for (let at = 0; at < 30; at += 1) replies.push(await attempt(guesser, at));
    const known = replies.filter(({ status }) => status === 404).length;
    expect(known).toBeGreaterThan(0);
    expect(known).toBeLessThan(replies.length);
    expectProblem(replies.at(-1) as Reply, 429, "rate_limited");
    expect((await attempt(other, 0)).status).toBe(404);
  });
});
