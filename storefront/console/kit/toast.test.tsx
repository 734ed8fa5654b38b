// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { ToastProvider, useToast, type Toasts } from "./toast.tsx";

afterEach(() => void act(() => render(null, document.body)));

it("is taken back by a key as soon as it is seen", async () => {
  let toasts: Toasts | null = null;
  const Opened = (): null => {
    toasts = useToast();
    return null;
  };
  await act(() =>
    render(
      <ToastProvider>
        <Opened />
      </ToastProvider>,
      document.body,
    ),
  );
  const undo = vi.fn<() => void>();
  const toast = { text: "已展示", undo };
  const seen = new Promise<void>((resolve) => {
    new MutationObserver(() => resolve()).observe(document.body, {
      childList: true,
      subtree: true,
    });
  });
  (toasts as Toasts | null)?.show(toast);
  await seen;
  dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true }));
  expect(undo).toHaveBeenCalledOnce();
});
