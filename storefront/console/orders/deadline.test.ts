/** What staff tell a buyer who asks until when. */
import { expect, it } from "vitest";
import { deadlineOf } from "./deadline.ts";
import { WORDS } from "./words.ts";

const AT_MS = Date.parse("2026-11-24T00:12:00+08:00");
const MOMENT = "2026-11-24 00:12";

it("is said where time ends a state, and nowhere else", () => {
  const of = (state: "awaiting_payment" | "to_ship" | "shipped" | "received" | "closed") => {
    const pay = state === "awaiting_payment" ? { amountFen: 990, payByMs: AT_MS } : null;
    const isTimed = state === "shipped" || state === "received";
    return deadlineOf({ state, pay, dueAtMs: isTimed ? AT_MS : null }, WORDS["zh-CN"]);
  };
  expect(of("awaiting_payment")).toBe(`${MOMENT} 前可以付款，过时自动取消，积分退回`);
  expect(of("shipped")).toBe(`${MOMENT} 自动确认收货`);
  expect(of("received")).toBe(`${MOMENT} 前可以申请售后`);
  expect([of("to_ship"), of("closed")]).toEqual([null, null]);
});
