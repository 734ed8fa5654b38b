import { expect, it } from "vitest";
import { holds } from "./etag.ts";

it.each([
  [null, false],
  ['"demo-7"', true],
  ['W/"demo-7"', true],
  ['"demo-6", W/"demo-7"', true],
  ['"demo-70"', false],
  ["demo-7", false],
  ["", false],
])("a caller with %s holds the copy: %s", (held, isHeld) => {
  const headers: Record<string, string> = held === null ? {} : { "if-none-match": held };
  const request = new Request("https://mall.test/", { headers });
  expect(holds(request, '"demo-7"')).toBe(isHeld);
  expect(holds(request, 'W/"demo-7"')).toBe(isHeld);
});
