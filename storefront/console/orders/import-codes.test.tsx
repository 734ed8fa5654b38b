// @vitest-environment happy-dom
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import type { Console } from "../kit/console.ts";
import { ImportCodes } from "./import-codes.tsx";

const CODES = Array.from({ length: 1_201 }, (_, at) => `CODE-${at}`);

it("takes many codes in part by part; what is refused stands in the field, and goes on from there", async () => {
  const sent: string[][] = [];
  let isRefusing = true;
  const call = ((_method: string, _path: string, body: string) => {
    const lines = body.split("\n");
    sent.push(lines);
    if (isRefusing && sent.length === 2) {
      const errors = [{ path: "line 3", message: "200 signs at most" }];
      const problem = { code: "invalid", detail: "not so", errors, reference: null, figures: {} };
      return Promise.resolve({ ok: false, status: 422, problem });
    }
    const value = { added: lines.length - 1, duplicates: [1] };
    return Promise.resolve({ ok: true, status: 200, value });
  }) as unknown as Console["call"];
  const done = vi.fn<() => void>();
  const place = await drawInConsole(
    <ImportCodes skuId="film" onClose={() => {}} onDone={done} />,
    consoleWith(call),
  );
  const field = (): HTMLTextAreaElement => {
    const found = document.querySelector("textarea");
    if (!found) throw new Error("no field");
    return found;
  };
  const press = async (): Promise<void> => {
    await act(() => document.querySelector<HTMLButtonElement>(".btn.primary")?.click());
  };
  await act(() => {
    field().value = `${CODES.join("\r\n")}\n`;
    field().dispatchEvent(new Event("input", { bubbles: true }));
  });
  await press();
  await vi.waitFor(() => expect(document.body.textContent).toContain("line 3: 200 signs at most"));
  expect(sent.map(({ length }) => length)).toEqual([500, 500]);
  expect(field().value.split("\n")).toEqual(CODES.slice(500));
  expect(done).not.toHaveBeenCalled();

  isRefusing = false;
  await press();
  await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
  expect(sent.slice(2).flat()).toEqual(CODES.slice(500));
  expect(document.body.textContent).not.toContain("line 3");
  remove(place);
});
