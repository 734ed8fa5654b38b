// @vitest-environment happy-dom
import { expect, it, vi } from "vitest";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import type { Call } from "../kit/client.ts";
import { Timeline } from "./timeline.tsx";

const entryOf = (seq: number, reason: string) => ({
  ...{ atMs: seq, order: null },
  entry: {
    ...{ seq, type: "adjust", points: 5, balanceAfter: 5, reason, actor: "staff:stf-1" },
    ...{ sourceId: null, orderId: null, storeId: null, rules: [], recordedAtMs: seq },
  },
});

it("follows what was entered elsewhere when somebody comes back, and keeps it while no network answers", async () => {
  const problem = { code: "network", status: 0, detail: "", errors: [], figures: {} };
  const given = [[entryOf(1, "周年")], null, [entryOf(2, "补发"), entryOf(1, "周年")]];
  let asked = 0;
  const call = ((_method: string, path: string) => {
    const isOurs = path.includes("/points/timeline");
    const items = (isOurs ? given[asked++] : null) ?? null;
    return Promise.resolve(
      items === null
        ? { ok: false, status: 0, problem }
        : { ok: true, status: 200, value: { items, nextCursor: null } },
    );
  }) as unknown as Call;
  const at = "/api/v1/staff/members/tea-1";
  const place = await drawInConsole(<Timeline at={at} />, consoleWith(call));
  const rows = (): number => place.querySelectorAll("tbody tr").length;
  await vi.waitFor(() => expect(rows()).toBe(1));
  const seen: number[] = [];
  const watch = new MutationObserver(() => void seen.push(rows()));
  watch.observe(place, { childList: true, subtree: true });
  for (const turn of [2, 3]) {
    document.dispatchEvent(new Event("visibilitychange"));
    await vi.waitFor(() => expect(asked).toBe(turn));
  }
  await vi.waitFor(() => expect(rows()).toBe(2));
  expect(seen.filter((many) => many === 0)).toEqual([]);
  watch.disconnect();
  remove(place);
});
