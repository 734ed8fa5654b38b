// @vitest-environment happy-dom
import type { JSX } from "preact";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import type { Call } from "./client.ts";
import { useRead, type ReadOptions } from "./use-read.ts";

const comeBack = (): boolean => document.dispatchEvent(new Event("visibilitychange"));

/** Answers one after the other; null: nobody answers. */
function serverOf(...given: (string | null)[]) {
  const problem = { code: "network", detail: "", errors: [], figures: {}, reference: null };
  const call = vi.fn<() => Promise<unknown>>(() => {
    const value = given.shift() ?? null;
    const answer = value === null ? { ok: false, status: 0, problem } : { ok: true, value };
    return Promise.resolve(answer);
  });
  return { call, mall: consoleWith(call as unknown as Call) };
}

function Said(options: ReadOptions): JSX.Element {
  const { value, problem } = useRead<string>("/api/v1/staff/finance", options);
  return <p>{problem ? problem.code : (value ?? "on its way")}</p>;
}

/** With what is known beside what went wrong; a press reads anew. */
function Known(): JSX.Element {
  const { value, problem, again } = useRead<string>("/api/v1/staff/finance");
  return <button type="button" onClick={again}>{`${value ?? ""} ${problem?.code ?? ""}`}</button>;
}

it("follows what was done elsewhere when somebody comes back, and keeps what is shown while no network answers", async () => {
  const { call, mall } = serverOf("as it was", null, "as it is");
  const place = await drawInConsole(<Said />, mall);
  await vi.waitFor(() => expect(place.textContent).toBe("as it was"));
  const seen: string[] = [];
  const watch = new MutationObserver(() => void seen.push(place.textContent));
  watch.observe(place, { childList: true, subtree: true, characterData: true });
  comeBack();
  await vi.waitFor(() => expect(call).toHaveBeenCalledTimes(2));
  comeBack();
  await vi.waitFor(() => expect(place.textContent).toBe("as it is"));
  expect(seen).toEqual(["as it is"]);
  watch.disconnect();
  remove(place);
});

it("says that nothing answers when a page that is kept fresh is read again, and still knows what was there", async () => {
  const { mall } = serverOf("as it was", null);
  const place = await drawInConsole(<Known />, mall);
  await vi.waitFor(() => expect(place.textContent).toBe("as it was "));
  await act(() => place.querySelector("button")?.click());
  await vi.waitFor(() => expect(place.textContent).toBe("as it was network"));
  remove(place);
});

it("says that nothing answers where nothing is shown yet, and reads no more once its page is left", async () => {
  const { call, mall } = serverOf(null);
  const place = await drawInConsole(<Said />, mall);
  await vi.waitFor(() => expect(place.textContent).toBe("network"));
  remove(place);
  await act(() => void comeBack());
  expect(call).toHaveBeenCalledOnce();
});

it("what was kept for whoever comes back is not read anew", async () => {
  const { call, mall } = serverOf("a token", "another");
  const place = await drawInConsole(<Said staysOnReturn />, mall);
  await vi.waitFor(() => expect(place.textContent).toBe("a token"));
  await act(() => void comeBack());
  expect(call).toHaveBeenCalledOnce();
  remove(place);
});
