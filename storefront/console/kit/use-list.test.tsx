// @vitest-environment happy-dom
import type { JSX } from "preact";
import { expect, it, vi } from "vitest";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import type { Console } from "./console.ts";
import { DataTable } from "./table.tsx";
import { useList } from "./use-list.ts";

function Orders(): JSX.Element {
  return (
    <DataTable
      list={useList<{ id: string }>({ path: "/api/v1/staff/orders", filters: ["q"] })}
      columns={[{ key: "id", title: "Id", cell: ({ id }) => id }]}
      rowKey={({ id }) => id}
      name="Orders"
      empty={{ title: "none yet" }}
    />
  );
}

/** Draws a list that is looked through in steps, with a row in one of them, until it says this; how often it asked. */
async function asksUntil(text: string, stepWithRow: number, steps: number): Promise<number> {
  let asked = 0;
  const call: Console["call"] = (_, path) => {
    asked += 1;
    const at = Number(new URL(path, "http://x").searchParams.get("cursor") ?? 0);
    const items = at === stepWithRow ? [{ id: "found-one" }] : [];
    const value = { items, nextCursor: at + 1 < steps ? String(at + 1) : null };
    return Promise.resolve({ ok: true, status: 200, value: value as never });
  };
  history.replaceState(null, "", "/console/orders?q=rare");
  const place = await drawInConsole(<Orders />, consoleWith(call));
  await vi.waitFor(() => expect(place.textContent).toContain(text));
  remove(place);
  return asked;
}

it("a filter that meets nothing in the first steps of a long list finds what comes later", async () => {
  expect(await asksUntil("found-one", 7, 9)).toBe(8);
});

it("a long list says that it goes on, and that nothing fits only at its end", async () => {
  expect(await asksUntil("列表还没到头", 400, 500)).toBe(21);
  expect(await asksUntil("没有符合条件的记录", 400, 6)).toBe(6);
});

it("follows what was done elsewhere when somebody comes back, and keeps its rows while no network answers", async () => {
  const given: (readonly string[] | null)[] = [["first"], null, ["first", "second"]];
  let asked = 0;
  const call = (() => {
    const ids = given[asked++] ?? null;
    const problem = { code: "network", detail: "", errors: [], figures: {}, reference: null };
    return Promise.resolve(
      ids === null
        ? { ok: false, status: 0, problem }
        : { ok: true, status: 200, value: { items: ids.map((id) => ({ id })), nextCursor: null } },
    );
  }) as unknown as Console["call"];
  history.replaceState(null, "", "/console/orders");
  const place = await drawInConsole(<Orders />, consoleWith(call));
  await vi.waitFor(() => expect(place.textContent).toContain("first"));
  const comeBack = (): boolean => document.dispatchEvent(new Event("visibilitychange"));
  const seen: string[] = [];
  const watch = new MutationObserver(() => void seen.push(place.textContent));
  watch.observe(place, { childList: true, subtree: true, characterData: true });
  comeBack();
  await vi.waitFor(() => expect(asked).toBe(2));
  comeBack();
  await vi.waitFor(() => expect(place.textContent).toContain("second"));
  expect(seen.filter((text) => !text.includes("first"))).toEqual([]);
  watch.disconnect();
  remove(place);
});
