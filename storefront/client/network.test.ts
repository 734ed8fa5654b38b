// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";
import { T0 } from "../testing/samples.ts";
import { HOUR_MS } from "./durations.ts";
import { watchNetwork } from "./network.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("says since when the page stands still by the server's clock, on a phone whose own is an hour wrong", () => {
  vi.useFakeTimers({ now: T0 + HOUR_MS });
  watchNetwork("zh-CN", T0);
  vi.advanceTimersByTime(2 * 60_000);
  dispatchEvent(new Event("offline"));
  expect(document.querySelector(".net-off")?.textContent).toContain("页面停在 10:02");
  dispatchEvent(new Event("online"));
  expect(document.querySelector(".net-off")?.textContent).toBe("");
});
