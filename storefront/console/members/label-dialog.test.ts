import { expect, it } from "vitest";
import { labelIdOf } from "./label-dialog.tsx";

const NOW_MS = 1_764_000_000_000;
const labels = [{ labelId: "v-i-p", name: "V I P" }];

it("a new label never gets the id of one that stands, which would be renamed by it", () => {
  expect(labelIdOf("Tea club", labels, NOW_MS)).toBe("tea-club");
  expect(labelIdOf("V.I.P", labels, NOW_MS)).toBe(`v-i-p-${NOW_MS.toString(36)}`);
  expect(labelIdOf("老茶客", labels, NOW_MS)).toBe(`label-${NOW_MS.toString(36)}`);
});
