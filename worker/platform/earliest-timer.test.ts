/** Timers that are set often and fire once. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AwakeTimer, EarliestTimer } from "./earliest-timer.ts";

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

const MINUTE_MS = 60_000;

describe("a timer of the earliest moment", () => {
  it("fires once, at the earliest it was set for", () => {
    const firedAtMs: number[] = [];
    const timer = new EarliestTimer(() => firedAtMs.push(Date.now()));
    for (const atMs of [500, 200, 900]) timer.set(atMs, atMs);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(firedAtMs).toEqual([200]);
  });

  it("can be set again by what it fires", () => {
    const firedAtMs: number[] = [];
    const timer = new EarliestTimer(() => {
      firedAtMs.push(Date.now());
      if (firedAtMs.length < 3) timer.set(Date.now() + 100, 100);
    });
    timer.set(100, 100);
    vi.advanceTimersByTime(MINUTE_MS);
    expect(firedAtMs).toEqual([100, 200, 300]);
  });

  it("of an object that is awake leaves a long wait to the alarm", () => {
    const firedAtMs: number[] = [];
    const timer = new AwakeTimer(() => firedAtMs.push(Date.now()));
    for (const atMs of [Number.POSITIVE_INFINITY, MINUTE_MS]) timer.set(atMs, atMs);
    timer.set(-5, -5);
    vi.advanceTimersByTime(2 * MINUTE_MS);
    expect(firedAtMs).toEqual([0]);
  });
});
