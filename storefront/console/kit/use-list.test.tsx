// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { ConsoleContext, type Console } from "./console.ts";
import { Router, RouterContext } from "./router.ts";
import { DataTable } from "./table.tsx";
import { useList } from "./use-list.ts";
import { ToastProvider } from "./toast.tsx";

history.replaceState(null, "", "/console/orders?q=rare");
const router = new Router();

function consoleWith(call: Console["call"]): Console {
  return { call, me: {}, may: () => true, opens: () => true } as unknown as Console;
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
  const List = () => (
    <DataTable
      list={useList<{ id: string }>({ path: "/api/v1/staff/orders", filters: ["q"] })}
      columns={[{ key: "id", title: "Id", cell: ({ id }) => id }]}
      rowKey={({ id }) => id}
      name="Orders"
      empty={{ title: "none yet" }}
    />
  );
  const place = document.createElement("div");
  const mall = consoleWith(call);
  await act(() => {
    render(
      <RouterContext.Provider value={router}>
        <ConsoleContext.Provider value={mall}>
          <ToastProvider>
            <List />
          </ToastProvider>
        </ConsoleContext.Provider>
      </RouterContext.Provider>,
      place,
    );
  });
  await vi.waitFor(() => expect(place.textContent).toContain(text));
  render(null, place);
  return asked;
}

it("a filter that meets nothing in the first steps of a long list finds what comes later", async () => {
  expect(await asksUntil("found-one", 7, 9)).toBe(8);
});

it("a long list says that it goes on, and that nothing fits only at its end", async () => {
  expect(await asksUntil("列表还没到头", 400, 500)).toBe(21);
  expect(await asksUntil("没有符合条件的记录", 400, 6)).toBe(6);
});
