// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { drawInConsole, remove } from "../../testing/console.tsx";
import type { Answer } from "../kit/client.ts";
import { AskButton } from "./ask-button.tsx";

it("tells what was answered and has the list read anew; a refusal is said, and nothing else is done", async () => {
  const problem = {
    ...{ code: "conflict", status: 409, detail: "not so" },
    ...{ errors: [], reference: null, figures: {} },
  };
  const ask = vi
    .fn<() => Promise<Answer<{ state: string }>>>()
    .mockResolvedValueOnce({ ok: false, status: 409, problem })
    .mockResolvedValue({ ok: true, status: 200, value: { state: "done" } });
  const done = vi.fn<() => void>();
  const place = await drawInConsole(
    <AskButton title="Ask" ask={ask} tell={({ state }) => `it is ${state}`} onDone={done} />,
  );
  const press = async (): Promise<void> => {
    await act(() => place.querySelector<HTMLButtonElement>(".btn.sm")?.click());
  };
  await press();
  await vi.waitFor(() => expect(document.body.textContent).toContain("not so"));
  expect(done).not.toHaveBeenCalled();

  await press();
  await vi.waitFor(() => expect(document.body.textContent).toContain("it is done"));
  expect(done).toHaveBeenCalledOnce();
  remove(place);
});
