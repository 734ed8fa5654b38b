// @vitest-environment happy-dom
/** What stands over the page holds the focus, by keys, whatever is in it. */
import { render, type JSX } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Dialog } from "./dialog.tsx";
import { Sheet } from "./sheet.tsx";

const close = vi.fn();
const fields = (
  <>
    <a href="/rules">rules</a>
    <select aria-label="why" />
    <textarea aria-label="words" />
    <button type="button">send</button>
  </>
);
const OVER: Record<string, JSX.Element> = {
  dialog: (
    <Dialog title="Sure?" onClose={close}>
      {fields}
    </Dialog>
  ),
  sheet: (
    <Sheet title="Request" closeName="close" onClose={close}>
      {fields}
    </Sheet>
  ),
};

const at = (): Element | null => document.activeElement;
const focus = (selector: string): void => document.querySelector<HTMLElement>(selector)?.focus();

/** Whether the browser is left to move the focus itself. */
function press(key: string, shiftKey = false): boolean {
  const event = new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true });
  return at()?.dispatchEvent(event) ?? false;
}

let opener: HTMLButtonElement;
let place: HTMLElement;
beforeEach(() => {
  opener = document.body.appendChild(document.createElement("button"));
  place = document.body.appendChild(document.createElement("main"));
  opener.focus();
});
afterEach(() => {
  document.body.innerHTML = "";
  close.mockClear();
});

describe.each(Object.entries(OVER))("a %s", (name, over) => {
  beforeEach(() => act(() => render(over, place)));

  it("takes the focus and gives it back", async () => {
    expect(at()?.localName).toBe(name === "sheet" ? "h2" : "a");
    await act(() => render(null, place));
    expect(at()).toBe(opener);
  });

  it.each(["select", "textarea"])("lets Tab go on from a %s in its middle", (field) => {
    focus(field);
    expect(press("Tab")).toBe(true);
    expect(press("Tab", true)).toBe(true);
    expect(at()?.localName).toBe(field);
  });

  it("goes round at both ends, and closes with Escape", () => {
    const ends = place.querySelectorAll<HTMLElement>("a, button");
    const first = ends[0];
    const last = ends[ends.length - 1];
    last?.focus();
    expect(press("Tab")).toBe(false);
    expect(at()).toBe(first);
    expect(press("Tab", true)).toBe(false);
    expect(at()).toBe(last);
    press("Escape");
    expect(close).toHaveBeenCalledOnce();
  });
});
