import { expect, it } from "vitest";
import { PERMISSIONS_OF, type BuiltInRole } from "./roles.ts";
import { maskDetail, maskName, maskPhone, seen, sightOf } from "../kernel/masks.ts";

const SEEN_BY: Readonly<Record<BuiltInRole, readonly [boolean, boolean, boolean]>> = {
  owner: [true, true, true],
  operations: [true, false, false],
  fulfilment: [true, true, true],
  service: [true, true, true],
  clerk: [true, true, false],
  finance: [false, false, false],
  auditor: [false, false, false],
};

it.each(Object.entries(SEEN_BY))(
  "%s sees names, phones, addresses: %s",
  (role, [name, phone, address]) => {
    const permissions = new Set(PERMISSIONS_OF[role as BuiltInRole]);
    expect(sightOf(permissions)).toEqual({ name, phone, address });
  },
);

it("shows nobody anything who holds nothing", () => {
  expect(sightOf(undefined)).toEqual({ name: false, phone: false, address: false });
});

it("masks for who may see, says that there is something to who may not, and nothing where nothing is", () => {
  expect(seen(true, maskName("黄小安"))).toBe("黄*安");
  expect(seen(true, maskPhone("13612340415"))).toBe("136****0415");
  expect(seen(true, maskDetail("幸福路 100 号 3 单元"))).not.toContain("单元");
  expect(seen(false, maskName("黄小安"))).toBe("•••");
  expect(seen(false, "")).toBe("");
});
