// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import type { CalendarSession } from "../../../worker/sales/wire.ts";
import { renderPage } from "../../ssr.tsx";
import { open } from "../../testing/mount.tsx";
import { saleData, saleSample, T0 } from "../../testing/samples.ts";
import { CalendarPage, type CalendarData } from "./calendar-page.tsx";

afterEach(() => {
  document.body.innerHTML = "";
  vi.useRealTimers();
});

/** Two seconds before its only session opens, with one sale of each id. */
function calendarOf(...saleIds: string[]): CalendarData {
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  const hours = { opensAtMs: T0, closesAtMs: T0 + 600_000 };
  const sales = saleIds.map((saleId) => saleSample({ saleId, ...hours }));
  const session = { sessionId: "s1", title: "整点场", ...hours, sales };
  return {
    ...{ ...base, page: "calendar", isOne: false, serverTimeMs: T0 - 2_000 },
    sessions: [session as unknown as CalendarSession],
  };
}

it("asks for the picture at its top at once and lets the others wait", () => {
  const { html } = renderPage(calendarOf("first~1", "second~1"));
  const pictures = [...html.matchAll(/<img\b[^>]*>/g)].map(([image]) => image);
  expect(pictures).toHaveLength(2);
  expect(pictures[0]).toContain('fetchpriority="high"');
  expect(pictures[1]).toContain('loading="lazy"');
});

it("keeps a session where it stands when its hour comes, and moves it when somebody comes back", async () => {
  vi.useFakeTimers({ now: T0 - 2_000 });
  const data = calendarOf("first~1");
  const place = open(data, <CalendarPage data={data} />);
  const heading = (): string => place.querySelector("h2.cal-group")?.textContent ?? "";
  const before = heading();
  expect(place.querySelector(".cal-act")?.textContent).toBe("去预约");
  await act(async () => void (await vi.advanceTimersByTimeAsync(4_000)));
  expect(place.querySelector(".cal-act")?.textContent).toBe("去抢");
  expect(heading()).toBe(before);
  await act(async () => void dispatchEvent(new Event("online")));
  expect(heading()).not.toBe(before);
});

it("says that one of a running session's sales is over, and asks nobody to grab it", () => {
  const data = calendarOf("first~1", "second~1");
  const [session] = data.sessions;
  if (!session) throw new Error("no session");
  const [first, second] = session.sales;
  if (!first || !second) throw new Error("no sales");
  const ended = { ...first, status: "closed", remaining: 0 } as const;
  const sessions = [{ ...session, sales: [ended, { ...second, status: "open" as const }] }];
  const running = { ...data, sessions, serverTimeMs: T0 + 5_000 };
  vi.useFakeTimers({ now: T0 + 5_000 });
  const rows = [...open(running, <CalendarPage data={running} />).querySelectorAll(".cal-sale")];
  expect(rows.map((row) => row.querySelector(".cal-act")?.textContent)).toEqual(["去看看", "去抢"]);
  expect(rows[0]?.textContent).toContain("已结束");
});
