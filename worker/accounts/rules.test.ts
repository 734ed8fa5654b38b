import { expect, it } from "vitest";
import { NOBODY_SPECIAL, unmetRule } from "./rules.ts";

it("counts a member to the store they bought in last, and to those a label names", () => {
  const audience = { tierIds: null, segments: null, storeIds: ["jetty"] };
  expect(unmetRule(audience, NOBODY_SPECIAL)).toBe("store");
  expect(unmetRule(audience, { ...NOBODY_SPECIAL, lastStoreId: "jetty" })).toBeNull();
  expect(unmetRule(audience, { ...NOBODY_SPECIAL, lastStoreId: "museum" })).toBe("store");
  expect(unmetRule(audience, { ...NOBODY_SPECIAL, labels: ["store:jetty"] })).toBeNull();
});
