// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import type { Answer } from "../kit/client.ts";
import { ConsoleContext, type Console } from "../kit/console.ts";
import { Router, RouterContext } from "../kit/router.ts";
import { ToastProvider } from "../kit/toast.tsx";
import { AskButton } from "./ask-button.tsx";

const router = new Router();
const MALL = { me: {}, may: () => true, opens: () => true } as unknown as Console;

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
  const place = document.createElement("div");
  document.body.append(place);
  await act(() =>
    render(
      <RouterContext.Provider value={router}>
        <ConsoleContext.Provider value={MALL}>
          <ToastProvider>
            <AskButton title="Ask" ask={ask} tell={({ state }) => `it is ${state}`} onDone={done} />
          </ToastProvider>
        </ConsoleContext.Provider>
      </RouterContext.Provider>,
      place,
    ),
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
  render(null, place);
});
