// @vitest-environment happy-dom
import { render, type JSX } from "preact";
import { act } from "preact/test-utils";
import { afterEach, expect, it, vi } from "vitest";
import { ConfirmProvider, Dialog } from "./dialog.tsx";

const closed = vi.fn<() => void>();
afterEach(() => {
  closed.mockClear();
  void act(() => render(null, document.body));
});

async function open(field: JSX.Element): Promise<HTMLElement> {
  await act(() =>
    render(
      <ConfirmProvider>
        <Dialog title="编辑" onClose={closed}>
          {field}
        </Dialog>
      </ConfirmProvider>,
      document.body,
    ),
  );
  const found = document.querySelector<HTMLElement>(".modal-body > *");
  if (!found) throw new Error("no field");
  return found;
}

async function type(field: HTMLElement, text: string): Promise<void> {
  await act(() => {
    field.focus();
    Object.assign(field, { value: text });
  });
}

/** As Escape is told to the topmost dialog. */
async function escape(): Promise<void> {
  const top = [...document.querySelectorAll("dialog")].at(-1);
  await act(() => void top?.dispatchEvent(new Event("cancel", { cancelable: true })));
}
const asked = (): boolean => document.body.textContent.includes("填的内容还没保存");
const press = (name: string): Promise<void> =>
  act(() => {
    const all = [...document.querySelectorAll("button")];
    all.find(({ textContent }) => textContent === name)?.click();
  });

it("asks before Escape or a press beside it takes typed words away", async () => {
  await type(await open(<textarea />), "半个钟头写的说明");
  await escape();
  expect(asked()).toBe(true);
  await press("留下继续改");
  expect(asked()).toBe(false);
  expect(closed).not.toHaveBeenCalled();
  const down = new MouseEvent("mousedown", { bubbles: true });
  await act(() => void document.querySelector("dialog")?.dispatchEvent(down));
  await press("关掉，不保存");
  expect(closed).toHaveBeenCalledOnce();
});

it("asks nothing where nothing was typed, where it was taken out again, and of a search", async () => {
  const field = await open(<textarea />);
  await type(field, "一句");
  await type(field, "");
  await escape();
  await type(await open(<input type="search" />), "杯");
  await escape();
  expect(asked()).toBe(false);
  expect(closed).toHaveBeenCalledTimes(2);
});

it("has the way out beside its acts, which asks nothing and does nothing", async () => {
  const done = vi.fn<() => void>();
  await act(() =>
    render(
      <ConfirmProvider>
        <Dialog title="编辑" onClose={closed} acts={<button onClick={done}>保存</button>}>
          <textarea />
        </Dialog>
      </ConfirmProvider>,
      document.body,
    ),
  );
  const names = [...document.querySelectorAll("footer button")].map((one) => one.textContent);
  expect(names).toEqual(["取消", "保存"]);
  const field = document.querySelector("textarea");
  if (field) await type(field, "一句");
  await press("取消");
  expect(closed).toHaveBeenCalledOnce();
  expect(done).not.toHaveBeenCalled();
});

it("is closed by its cross without a question", async () => {
  await type(await open(<textarea />), "不要了");
  await act(() => document.querySelector<HTMLElement>("dialog header button")?.click());
  expect(closed).toHaveBeenCalledOnce();
});
