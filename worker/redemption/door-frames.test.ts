/** What a door reads of what a page sends. */
import { expect, it } from "vitest";
import { readFrame } from "./door-frames.ts";

it.each([
  ["grab", { t: "grab" }],
  ["ticket", { t: "ticket", ticket: "YQ" }],
  ["ping", { t: "ping", clientTimeMs: 7 }],
])("passes over fields of a newer page in a %s", (_, frame) => {
  expect(readFrame(JSON.stringify({ ...frame, later: 1 }))).toEqual(frame);
});
