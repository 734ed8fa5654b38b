// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { drawInConsole, remove } from "../../testing/console.tsx";
import { DaysFilter } from "./filters.tsx";

it("days are whole, on the programme's clock, and stand in the address as moments", async () => {
  history.replaceState(null, "", "/console/orders?state=closed");
  const place = await drawInConsole(<DaysFilter until="untilMs" />);
  const fields = (): HTMLInputElement[] => [...place.querySelectorAll("input")];
  const choose = async (at: number, day: string): Promise<void> => {
    const field = fields()[at];
    if (!field) throw new Error("no field");
    await act(() => {
      field.value = day;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  await choose(0, "2026-11-23");
  await choose(1, "2026-11-23");
  const query = new URLSearchParams(location.search);
  expect(Object.fromEntries(query)).toEqual({
    state: "closed",
    fromMs: String(Date.parse("2026-11-23T00:00:00+08:00")),
    untilMs: String(Date.parse("2026-11-24T00:00:00+08:00")),
  });
  expect(fields().map(({ value }) => value)).toEqual(["2026-11-23", "2026-11-23"]);
  await choose(1, "");
  expect(new URLSearchParams(location.search).has("untilMs")).toBe(false);
  remove(place);
});
