// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import type { Approval } from "../../../worker/staff/approval.ts";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import { button, press } from "../../testing/mount.tsx";
import type { Call } from "../kit/client.ts";
import { ApprovalsPage } from "./approvals-page.tsx";

const waiting: Approval = {
  ...{ approvalId: "a-1", kind: "points.grant", state: "proposed", subject: "member:tea-1" },
  ...{ figure: 20_000, reason: "周年", payload: {}, proposedBy: "staff:stf-2", proposedAtMs: 1 },
  ...{ expiresAtMs: 4_000_000_000_000, decidedBy: null, decidedAtMs: null },
  ...{ note: null, outcome: null },
};
const done: Approval = { ...waiting, state: "done", decidedBy: "staff:stf-3", decidedAtMs: 2 };

/** The inbox with the proposal open; `stands` is what the list answers from then on. */
async function opened() {
  let stands = waiting;
  const figures = { reason: "changed_meanwhile" };
  const problem = { code: "conflict", detail: "", errors: [], figures, reference: null };
  const call = ((method: string, path: string) => {
    if (method === "POST") return Promise.resolve({ ok: false, status: 409, problem });
    const value = path.startsWith("/api/v1/staff/approvals?")
      ? { items: [stands], nextCursor: null }
      : path.endsWith("/approval-kinds")
        ? { kinds: [] }
        : { staff: {}, stores: {}, tiers: {}, approvalKinds: {} };
    return Promise.resolve({ ok: true, status: 200, value });
  }) as unknown as Call;
  history.replaceState(null, "", "/console/approvals");
  const place = await drawInConsole(<ApprovalsPage />, consoleWith(call));
  const row = await vi.waitFor(() => button(place, "points.grant"));
  await act(() => row.click());
  const become = (now: Approval): void => {
    stands = now;
  };
  return { place, become };
}

const dialog = (): HTMLElement | null => document.querySelector("dialog");

it("a proposal that is open says what became of it elsewhere, and asks for no answer any more", async () => {
  const { place, become } = await opened();
  expect(dialog()?.textContent).toContain("同意，立即办");
  become(done);
  document.dispatchEvent(new Event("visibilitychange"));
  await vi.waitFor(() => expect(dialog()?.textContent).toContain("已办好"));
  expect(dialog()?.textContent).not.toContain("同意，立即办");
  remove(place);
});

it("whoever answers one that was just decided is told so, and finds the list as it is", async () => {
  const { place, become } = await opened();
  become(done);
  await press(document, "同意，立即办");
  await vi.waitFor(() => expect(dialog()).toBeNull());
  expect(document.body.textContent).toContain("别人刚刚处理过了");
  await vi.waitFor(() => expect(place.querySelector("tbody")?.textContent).toContain("已办好"));
  remove(place);
});
