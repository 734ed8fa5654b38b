// @vitest-environment happy-dom
/** What a form stands on: a colleague's words never pass under what somebody types. */
import { render } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ConfirmProvider } from "./dialog.tsx";
import { Router, RouterContext } from "./router.ts";
import { ToastProvider } from "./toast.tsx";
import { useForm, type Form } from "./use-form.ts";
import type { Answer } from "./client.ts";

interface Doc {
  readonly version: number;
  readonly title: string;
}
interface Values {
  readonly title: string;
}

const router = new Router();
let place: HTMLElement;
let form: Form<Values>;
/** What the server has, and what was sent to it. */
let server: Doc;
let sent: { readonly title: string; readonly over: number | null }[];

function save({ title }: Values, over: Doc | null): Promise<Answer<Doc>> {
  sent.push({ title, over: over?.version ?? null });
  if (over?.version === server.version) {
    server = { version: server.version + 1, title };
    return Promise.resolve({ ok: true, status: 200, value: server });
  }
  const figures = { current: server };
  const problem = { code: "conflict", detail: "", errors: [], reference: null, figures };
  return Promise.resolve({ ok: false, problem } as unknown as Answer<Doc>);
}

function Editor({ stored }: { stored: Doc }): null {
  const drawn = useForm<Values, Doc, Doc>({
    ...{ initial: { title: stored.title }, stored, save },
    fromStored: ({ title }) => ({ title }),
  });
  useLayoutEffect(() => {
    form = drawn;
  });
  return null;
}

const read = (stored: Doc): Promise<void> =>
  act(() => {
    render(
      <RouterContext.Provider value={router}>
        <ToastProvider>
          <ConfirmProvider>
            <Editor stored={stored} />
          </ConfirmProvider>
        </ToastProvider>
      </RouterContext.Provider>,
      place,
    );
  });
const type = (title: string): Promise<void> => act(() => form.set({ title }));
const submit = (): Promise<void> => act(() => form.submit());

beforeEach(async () => {
  place = document.createElement("div");
  server = { version: 1, title: "first" };
  sent = [];
  await read(server);
});
afterEach(() => render(null, place));

it("takes in what a colleague saved while nothing is typed, and saves on top of it", async () => {
  server = { version: 2, title: "theirs" };
  await read(server);
  expect(form.values).toEqual({ title: "theirs" });
  expect(form.isDirty).toBe(false);
  await type("mine");
  await submit();
  expect(sent).toEqual([{ title: "mine", over: 2 }]);
  expect(form.conflict).toBeNull();
});

it("keeps what is typed, and meets the colleague's words when it is saved", async () => {
  await type("mine");
  server = { version: 2, title: "theirs" };
  await read(server);
  expect(form.values).toEqual({ title: "mine" });
  await submit();
  expect(sent).toEqual([{ title: "mine", over: 1 }]);
  expect(form.conflict).toMatchObject({ mine: { title: "mine" }, theirs: { title: "theirs" } });
  await act(() => form.keepMine());
  expect(sent.at(-1)).toEqual({ title: "mine", over: 2 });
  expect(server).toEqual({ version: 3, title: "mine" });
});

it("goes on from a version that changed no word, under what is typed", async () => {
  await type("mine");
  server = { version: 2, title: "first" };
  await read(server);
  await submit();
  expect(sent).toEqual([{ title: "mine", over: 2 }]);
  expect(form.conflict).toBeNull();
});

it("goes on from the words that were taken over", async () => {
  await type("mine");
  server = { version: 2, title: "theirs" };
  await submit();
  await act(() => form.takeTheirs());
  expect(form.values).toEqual({ title: "theirs" });
  await type("both");
  await submit();
  expect(sent.at(-1)).toEqual({ title: "both", over: 2 });
});
