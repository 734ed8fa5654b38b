// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { ConsoleContext, type Console } from "./console.ts";
import { DaysFilter } from "./filters.tsx";
import { Router, RouterContext } from "./router.ts";

history.replaceState(null, "", "/console/orders?state=closed");
const router = new Router();
const console = { lang: "zh-CN", me: {}, may: () => true } as unknown as Console;

it("days are whole, on the programme's clock, and stand in the address as moments", async () => {
  const place = document.createElement("div");
  await act(() =>
    render(
      <RouterContext.Provider value={router}>
        <ConsoleContext.Provider value={console}>
          <DaysFilter until="untilMs" />
        </ConsoleContext.Provider>
      </RouterContext.Provider>,
      place,
    ),
  );
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
});
