// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PageData } from "../../worker/pages/page-data.ts";
import { comeAnew } from "./come-anew.ts";

const reload = vi.fn();
const tell = vi.fn();
let opened: Partial<PerformanceNavigationTiming>;
let isAnswered: boolean;
let listeners: AbortController;

beforeEach(() => {
  opened = { type: "navigate", workerStart: 0, transferSize: 4_000 };
  isAnswered = true;
  listeners = new AbortController();
  sessionStorage.clear();
  reload.mockReset();
  tell.mockReset();
  vi.useFakeTimers();
  vi.spyOn(location, "reload").mockImplementation(reload);
  vi.spyOn(performance, "getEntriesByType").mockImplementation(() => [
    opened as PerformanceNavigationTiming,
  ]);
  vi.stubGlobal("fetch", async () => {
    if (!isAnswered) throw new TypeError("no network");
    return new Response("");
  });
  const { addEventListener: add } = globalThis;
  vi.spyOn(globalThis, "addEventListener").mockImplementation((name: string, listener: unknown) =>
    add(name, listener as EventListener, { signal: listeners.signal }),
  );
});
afterEach(() => {
  listeners.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A page of this member, opened, and whatever it asks the server answered. */
async function visit(memberId: string | null, name = "home"): Promise<void> {
  const me = memberId === null ? null : { memberId };
  comeAnew({ page: name, me } as PageData, tell);
  await vi.advanceTimersByTimeAsync(0);
}

const back = (): Partial<PerformanceNavigationTiming> => ({
  ...{ type: "back_forward", workerStart: 0, transferSize: 0 },
});

async function restored(persisted = true): Promise<void> {
  dispatchEvent(Object.assign(new Event("pageshow"), { persisted }));
  await vi.advanceTimersByTimeAsync(0);
}

it("leaves a page alone that was just fetched, on the way back too", async () => {
  await visit("a");
  opened = { ...back(), transferSize: 300 };
  await visit("a");
  await restored(false);
  expect(reload).not.toHaveBeenCalled();
});

it("reads a page anew that was kept whole, or lay in the browser's own cache", async () => {
  await visit("a");
  await restored();
  expect(reload).toHaveBeenCalledTimes(1);
  opened = back();
  await visit("a");
  expect(reload).toHaveBeenCalledTimes(2);
  expect(tell).not.toHaveBeenCalled();
});

it("leaves to the service worker what it gave", async () => {
  opened = { ...back(), workerStart: 12 };
  await visit("a");
  expect(reload).not.toHaveBeenCalled();
});

it("leaves the catalogue as it was, unless somebody else is here now", async () => {
  await visit("a", "goodsList");
  await restored();
  opened = back();
  await visit("a", "goodsList");
  expect(reload).not.toHaveBeenCalled();
  await visit(null, "goodsList");
  expect(reload).toHaveBeenCalledTimes(1);
});

it("takes what stands in place of a page for nobody's", async () => {
  await visit("a");
  await visit(null, "problem");
  opened = back();
  await visit("a", "goodsList");
  expect(reload).not.toHaveBeenCalled();
});

it("keeps the page while nobody answers, says so, and reads it anew once somebody does", async () => {
  await visit("a");
  isAnswered = false;
  await restored();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(tell).toHaveBeenCalledTimes(1);
  expect(reload).not.toHaveBeenCalled();
  isAnswered = true;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(reload).toHaveBeenCalledTimes(1);
});

it("keeps no page of somebody who has left, whether anybody answers or not", async () => {
  await visit("a");
  isAnswered = false;
  sessionStorage.setItem("qd.who", "");
  await restored();
  expect(reload).toHaveBeenCalledTimes(1);
});
