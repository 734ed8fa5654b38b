// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import type { CalendarSession } from "../../../worker/sales/wire.ts";
import { open } from "../../testing/mount.tsx";
import { saleData, saleSample, T0 } from "../../testing/samples.ts";
import { CalendarPage, type CalendarData } from "./calendar-page.tsx";

afterEach(() => {
  document.body.innerHTML = "";
  vi.useRealTimers();
});

it("keeps a session where it stands when its hour comes, and moves it when somebody comes back", async () => {
  vi.useFakeTimers({ now: T0 - 2_000 });
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  const sale = saleSample({ opensAtMs: T0, closesAtMs: T0 + 600_000 });
  const session = { sessionId: "s1", title: "整点场", opensAtMs: T0, closesAtMs: T0 + 600_000 };
  const data: CalendarData = {
    ...{ ...base, page: "calendar", isOne: false, serverTimeMs: T0 - 2_000 },
    sessions: [{ ...session, sales: [sale] } as unknown as CalendarSession],
  };
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
