/** What a desk can say of a code by itself, and what it keeps for whom. */
// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { StaffMe } from "../../../worker/console/wire.ts";
import { forgetLists, keptOf } from "../kit/kept.ts";
import { isUnheard, locatorOf, lookAlone, type Noted } from "./noted.ts";

const CODE = "123456700042";
const TEA = { locator: "1234567", title: "手冲体验课", usesLeft: 2 };
const noted = (over: Partial<Noted> = {}): Noted => ({
  ...{ writeOffId: "w-1", code: CODE, storeId: "zhenhai", uses: 1, title: null },
  ...{ readAtMs: 0, refusal: null, ...over },
});

describe("a code without a network", () => {
  it("is read as it was typed or scanned", () => {
    expect(locatorOf("1234 5670 0042")).toBe("1234567");
    expect(locatorOf(`QD1.${CODE}.abcdefghijklmnopqrstuv`)).toBe("1234567");
    expect(locatorOf("https://example.com")).toBeNull();
    expect(lookAlone("nonsense", [TEA], [])).toEqual({ refusal: "code_unreadable" });
  });

  it("of today's list has the uses that this device has not noted yet", () => {
    expect(lookAlone(CODE, [TEA], [])).toEqual({ known: TEA });
    expect(lookAlone(CODE, [TEA], [noted()])).toEqual({ known: { ...TEA, usesLeft: 1 } });
    expect(lookAlone(CODE, [TEA], [noted({ uses: 2 })])).toEqual({ refusal: "used_up" });
    expect(lookAlone(CODE, [TEA], [noted({ uses: 2, refusal: "void" })])).toEqual({ known: TEA });
  });

  it("of a stranger is noted once", () => {
    expect(lookAlone(CODE, [], [])).toEqual({ known: null });
    expect(lookAlone(CODE, [], [noted()])).toEqual({ refusal: "noted_already" });
  });

  it("is sent again after silence, and not after a word", () => {
    const problem = { code: "", detail: "", errors: [], figures: {}, reference: null };
    const unheard = [0, 409, 429, 503].filter((status) => isUnheard({ ...problem, status }));
    expect(unheard).toEqual([0, 429, 503]);
  });
});

describe("what a device keeps", () => {
  const clerk = (staffId: string, programmeId = "demo"): StaffMe => ({
    ...{ staffId, programmeId, name: staffId, permissions: [] },
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    localStorage.clear();
  });

  it("is this page's alone on a device that stores nothing, and the device's once it does", () => {
    const place = keptOf(clerk("su"), "queue", "");
    const full = (): never => {
      throw new DOMException("full", "QuotaExceededError");
    };
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: full });
    expect(place.write(["first"])).toBe(false);
    // The second is noted beside the first, not in its place.
    expect(place.write([...(place.read() as string[]), "second"])).toBe(false);
    expect(place.read()).toEqual(["first", "second"]);
    vi.unstubAllGlobals();
    expect(place.write(["second"])).toBe(true);
    expect(localStorage.length).toBe(1);
    expect(place.read()).toEqual(["second"]);
  });

  it("is its clerk's alone; the lists go with the session, what waits to be sent stays", () => {
    keptOf(clerk("lin"), "list", "zhenhai").write([1]);
    keptOf(clerk("lin"), "queue", "").write([2]);
    for (const other of [clerk("wu"), clerk("lin", "other")]) {
      expect(keptOf(other, "list", "zhenhai").read()).toBeNull();
      expect(keptOf(other, "queue", "").read()).toBeNull();
    }
    forgetLists();
    expect(keptOf(clerk("lin"), "list", "zhenhai").read()).toBeNull();
    expect(keptOf(clerk("lin"), "queue", "").read()).toEqual([2]);
    // What was asked for before comes after.
    keptOf(clerk("lin"), "list", "zhenhai").write([3]);
    expect(keptOf(clerk("lin"), "list", "zhenhai").read()).toBeNull();
  });
});
