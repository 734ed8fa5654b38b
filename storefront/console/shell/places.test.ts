import { describe, expect, it } from "vitest";
import { SECTIONS } from "../registry.ts";
import { ICONS } from "../kit/icons.ts";
import type { Page } from "../section.ts";
import {
  grouped,
  hrefOf,
  leadsSomewhere,
  mayOpen,
  pageAt,
  placesFor,
  sectionAt,
} from "./places.ts";

describe("the registry", () => {
  it("gives every section a place, a key and an icon of its own", () => {
    const paths = SECTIONS.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    const keys = SECTIONS.flatMap(({ key }) => key ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    expect(SECTIONS.filter(({ icon }) => !(icon in ICONS))).toEqual([]);
    expect(SECTIONS.filter(({ title }) => title["zh-CN"] === title.en)).toEqual([]);
    expect(grouped(SECTIONS).flatMap(({ of }) => of)).toHaveLength(SECTIONS.length);
  });

  it("shows a section to whom one of its permissions is given", () => {
    const may = (one: string): boolean => one === "goods.read";
    expect(mayOpen({ permission: "goods.read" }, may)).toBe(true);
    expect(mayOpen({ permission: ["orders.read", "goods.read"] }, may)).toBe(true);
    expect(mayOpen({ permission: ["orders.read"] }, may)).toBe(false);
  });
});

describe("a text", () => {
  const lead = (text: string, sections = SECTIONS): string[] =>
    placesFor(sections, text).map(({ href }) => href);

  it("leads to the sections that go by it in either language", () => {
    expect(lead("")).toEqual(SECTIONS.map(hrefOf));
    expect([lead("库存")[0], lead("Stock ")[0]]).toEqual(["/console/goods", "/console/goods"]);
  });

  it("that no section goes by is looked for in goods, members and orders, as far as they are seen", () => {
    const found = lead(" tea-005 & 6");
    expect(found.toSorted()).toEqual(
      ["goods", "members", "orders"].map((path) => `/console/${path}?q=tea-005%20%26%206`),
    );
    const orders = SECTIONS.filter(({ path }) => path === "orders");
    expect(lead("tea-005", orders)).toEqual(["/console/orders?q=tea-005"]);
  });
});

describe("an address", () => {
  it("belongs to the section of its first part, the bare one to the first view", () => {
    expect(sectionAt(SECTIONS, "/console")?.path).toBe("");
    expect(sectionAt(SECTIONS, "/console/members/m-1")?.path).toBe("members");
    expect(sectionAt(SECTIONS, "/console/nothing")).toBeNull();
  });

  it("leads nowhere in a section that its reader does not see", () => {
    const sections = SECTIONS.filter(({ path }) => path === "goods");
    const leads = (href: string): boolean => leadsSomewhere(sections, href);
    expect(["/console/goods?q=x", "/g/cup", "https://mall.test/console"].map(leads)).toEqual([
      ...[true, true, true],
    ]);
    expect(["/console", "/console/members/m-1#x"].map(leads)).toEqual([false, false]);
  });

  it("is the first page of the section that fits", () => {
    const section = SECTIONS.find(({ path }) => path === "members");
    if (!section) throw new Error("no members");
    const page = (): null => null;
    const pages: Page[] = [
      { path: "", page },
      { path: "new", page },
      { path: ":memberId", page },
    ];
    expect(pageAt(pages, section, "/console/members")?.page).toBe(pages[0]);
    expect(pageAt(pages, section, "/console/members/new")?.page).toBe(pages[1]);
    expect(pageAt(pages, section, "/console/members/m-1")?.params).toEqual({ memberId: "m-1" });
    expect(pageAt(pages, section, "/console/members/m/1/2")).toBeNull();
    expect(hrefOf(section)).toBe("/console/members");
  });
});
