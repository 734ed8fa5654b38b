/** What a session proposes for goods that were just added. */
import { expect, it } from "vitest";
import { newItem } from "./session-values.ts";

it.each([
  { onShelf: 50, units: 50 },
  { onShelf: 999, units: 100 },
  // Bought in on demand, or none left: the check says which.
  { onShelf: 0, units: 100 },
])("proposes $units units where $onShelf lie on the shelf", ({ onShelf, units }) => {
  expect(newItem("cup", 900, onShelf).units).toBe(units);
});
