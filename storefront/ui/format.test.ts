import { describe, expect, it } from "vitest";
import {
  count,
  dateIso,
  dateName,
  dayName,
  daysBetween,
  remainingTo,
  signed,
  timeHms,
  timeProof,
  weekdayName,
  yuan,
} from "./format.ts";

const WEEKDAY = new Intl.DateTimeFormat("en-US", { timeZone: "Asia/Shanghai", weekday: "short" });
const at = (text: string): number => Date.parse(`${text}+08:00`);

describe("figures and times", () => {
  it("groups thousands and uses a true minus", () => {
    expect([count(0), count(999), count(1_280), count(1_234_567), count(-900)]).toEqual([
      "0",
      "999",
      "1,280",
      "1,234,567",
      "−900",
    ]);
    expect([signed(5), signed(0), signed(-75)]).toEqual(["+5", "0", "−75"]);
  });

  it("writes yuan as a price and as an account", () => {
    expect([yuan(16_800), yuan(990), yuan(0), yuan(128_000)]).toEqual([
      "¥168",
      "¥9.90",
      "¥0",
      "¥1,280",
    ]);
    expect(yuan(0, "full")).toBe("¥0.00");
  });

  it("counts days in Beijing, whatever the phone says", () => {
    const now = at("2025-10-25T23:59:59");
    expect(dayName("zh-CN", at("2025-10-26T00:00:00"), now)).toBe("明天");
    expect(dayName("zh-CN", at("2025-10-25T00:00:00"), now)).toBe("今天");
    expect(daysBetween(now, at("2025-11-07T00:00:01"))).toBe(13);
    expect(dateName("zh-CN", at("2026-03-31T10:00:00"), now)).toBe("2026 年 3 月 31 日");
    expect(dateName("en", at("2025-12-31T10:00:00"), now)).toBe("31 Dec");
    expect(timeProof(at("2025-10-25T10:00:01.284"))).toBe("10:00:01.284");
  });

  it("has the hours that the table of zones has for Beijing, over turns of the day, the month and the year", () => {
    const zone = new Intl.DateTimeFormat("sv-SE", {
      ...{ timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" },
    });
    const firstMs = Date.parse("1999-12-31T15:59:59Z");
    for (let step = 0; step < 400; step += 1) {
      const atMs = firstMs + step * 25 * 86_399_000;
      expect(`${dateIso(atMs)} ${timeHms(atMs)}`).toBe(zone.format(atMs));
      expect(WEEKDAY.format(atMs)).toBe(weekdayName("en", atMs));
    }
  });

  it("shows zero only when the moment has come", () => {
    expect(remainingTo(10_000, 9_999)).toMatchObject({ seconds: 1 });
    expect(remainingTo(10_000, 10_000)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0 });
    expect(remainingTo(90_061_000, 0)).toEqual({ days: 1, hours: 1, minutes: 1, seconds: 1 });
  });
});
