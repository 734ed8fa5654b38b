// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PageData } from "../../worker/pages/page-data.ts";
import { keepCurrent, LINE } from "./keep-current.ts";
import { readAnewWhenBack } from "./read-anew.ts";

const OPENED_AT_MS = 1_900_000_000_000;
const renew = vi.fn<(fresh: PageData) => void>();
let lines: FakeLine[];
/** Who listens to this page goes with its test. */
let listeners: AbortController;
let answer: () => Response;
let asked: string[];
let isWhole: boolean;

class FakeLine {
  readonly url: string;
  readonly said: string[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    lines.push(this);
  }

  send(text: string): void {
    this.said.push(text);
  }

  close(): void {
    this.isClosed = true;
  }

  tell(changedAtMs: number, waitMs = 0): void {
    const frame = { t: "shown", changedAtMs, ranAtMs: 0, waitMs, withinMs: 500 };
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

interface Shown {
  readonly name?: string;
  readonly theme?: string;
  readonly css?: string;
  readonly atMs?: number;
  readonly page?: string;
  readonly isPreview?: boolean;
}

const html = (shown: Shown): string => {
  const { name = "茶社", theme = "tea", css = "", atMs = OPENED_AT_MS } = shown;
  const { page = "home", isPreview = false } = shown;
  const data = JSON.stringify({ page, isPreview, serverTimeMs: atMs, programme: { name } });
  const dress = css === "" ? "" : `<style id="dress">${css}</style>`;
  return `<html data-theme="${theme}"><head><title>${name}</title>${dress}</head>
    <body><div id="app"></div><script type="application/json" id="page-data">${data}</script></body></html>`;
};

function show(shown: Shown): void {
  const page = new DOMParser().parseFromString(html(shown), "text/html");
  document.head.replaceChildren(...page.head.childNodes);
  document.body.replaceChildren(...page.body.childNodes);
  document.documentElement.dataset["theme"] = shown.theme ?? "tea";
}

const line = (): FakeLine => {
  const last = lines.at(-1);
  if (last === undefined) throw new Error("no line was opened");
  return last;
};

function beSeen(state: "visible" | "hidden"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers({ now: OPENED_AT_MS });
  lines = [];
  asked = [];
  renew.mockReset();
  answer = () => new Response(html({}));
  listeners = new AbortController();
  for (const target of [globalThis, document]) {
    const add = target.addEventListener.bind(target);
    vi.spyOn(target, "addEventListener").mockImplementation(
      (name: string, listener: unknown, options?: unknown) =>
        add(name, listener as EventListener, {
          ...(options as object),
          signal: listeners.signal,
        }),
    );
  }
  vi.stubGlobal("WebSocket", FakeLine);
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return answer();
  });
  history.replaceState(null, "", "/s/demo.cup~1?from=chat");
  show({});
  beSeen("visible");
  isWhole = true;
  keepCurrent({ isWhole: () => isWhole, hasDoor: true, renew });
});
afterEach(() => {
  listeners.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("reads its own address once every server goes by the change, and takes up what is new", async () => {
  expect(line().url).toMatch(new RegExp(`^ws:.*${LINE.path}$`));
  answer = () => new Response(html({ name: "晴川茶铺", atMs: OPENED_AT_MS + 13_000 }));
  line().tell(OPENED_AT_MS + 10_000, 2_600);
  await vi.advanceTimersByTimeAsync(2_500);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(700);
  expect(asked).toEqual(["/s/demo.cup~1?from=chat"]);
  expect(renew.mock.lastCall?.[0]).toMatchObject({ programme: { name: "晴川茶铺" } });
  expect(document.title).toBe("晴川茶铺");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
});

it("wears new colours without being taken up anew", async () => {
  const css = "html:root{--l-solid:#2255aa}";
  answer = () => new Response(html({ theme: "custom", css, atMs: OPENED_AT_MS + 13_000 }));
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(600);
  expect(document.documentElement.dataset["theme"]).toBe("custom");
  expect(document.getElementById("dress")?.textContent).toBe(css);
  answer = () => new Response(html({ atMs: OPENED_AT_MS + 30_000 }));
  line().tell(OPENED_AT_MS + 20_000);
  await vi.advanceTimersByTimeAsync(3_500);
  expect(document.documentElement.dataset["theme"]).toBe("tea");
  expect(document.getElementById("dress")?.textContent ?? "").toBe("");
  expect(renew).not.toHaveBeenCalled();
});

it("asks for what it wears alone, where it follows in nothing else", async () => {
  isWhole = false;
  answer = () => Response.json({ name: "晴川茶铺", theme: "bank", css: "" });
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([LINE.lookPath]);
  expect(document.documentElement.dataset["theme"]).toBe("bank");
  expect(renew).not.toHaveBeenCalled();
});

it("leaves commands to its sale to the door", async () => {
  const frame = { t: "shown", changedAtMs: 0, ranAtMs: OPENED_AT_MS + 10_000 };
  line().onmessage?.({ data: JSON.stringify({ ...frame, waitMs: 0, withinMs: 500 }) });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toEqual([]);
});

it("asks for nothing when it was made after the change", async () => {
  line().tell(OPENED_AT_MS - 10_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([]);
});

it("reads again when the answer is older than the change", async () => {
  line().tell(OPENED_AT_MS + 1_000);
  answer = () => new Response(html({ atMs: OPENED_AT_MS + 1_200 }));
  await vi.advanceTimersByTimeAsync(600);
  line().tell(OPENED_AT_MS + 2_000);
  answer = () => new Response(html({ name: "later", atMs: OPENED_AT_MS + 5_000 }));
  await vi.advanceTimersByTimeAsync(4_000);
  expect(asked).toHaveLength(2);
  expect(renew).toHaveBeenCalledTimes(1);
});

it("moves nothing under a finger, a question or a text that is being written", async () => {
  answer = () => new Response(html({ name: "new", atMs: OPENED_AT_MS + 13_000 }));
  const asking = document.createElement("div");
  asking.setAttribute("role", "dialog");
  document.body.append(asking);
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(3_000);
  asking.remove();
  const input = document.body.appendChild(document.createElement("input"));
  input.focus();
  await vi.advanceTimersByTimeAsync(3_000);
  input.blur();
  dispatchEvent(new Event("pointerdown"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(renew).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(renew).toHaveBeenCalledTimes(1);
});

it("takes up what the member did while they were not to be disturbed", async () => {
  answer = () => new Response(html({ name: "before the tap", atMs: OPENED_AT_MS + 13_000 }));
  const asking = document.createElement("div");
  asking.setAttribute("role", "dialog");
  document.body.append(asking);
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked).toHaveLength(1);
  answer = () => new Response(html({ name: "after the tap", atMs: OPENED_AT_MS + 18_000 }));
  asking.remove();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(renew.mock.calls.map(([{ programme }]) => programme.name)).toEqual(["after the tap"]);
});

it("reads at once on coming back, whatever pause it was in when nobody looked", async () => {
  answer = () => new Response("", { status: 503 });
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(600);
  expect(asked).toHaveLength(1);
  beSeen("hidden");
  beSeen("visible");
  answer = () => new Response(html({ name: "new", atMs: OPENED_AT_MS + 13_000 }));
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(600);
  expect(renew).toHaveBeenCalledTimes(1);
});

it("has no line while nobody looks, and hears on coming back of what it missed", async () => {
  beSeen("hidden");
  expect(line().isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(lines).toHaveLength(1);
  beSeen("visible");
  expect(lines).toHaveLength(2);
  answer = () => new Response(html({ name: "new", atMs: OPENED_AT_MS + 600_000 }));
  line().tell(OPENED_AT_MS + 300_000);
  await vi.advanceTimersByTimeAsync(600);
  expect(renew).toHaveBeenCalledTimes(1);
});

it("reads what it was told of just before nobody looked, once somebody does", async () => {
  line().tell(OPENED_AT_MS + 10_000);
  beSeen("hidden");
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toEqual([]);
  beSeen("visible");
  answer = () => new Response(html({ name: "new", atMs: OPENED_AT_MS + 600_000 }));
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(600);
  expect(renew).toHaveBeenCalledTimes(1);
});

it("stays as it is while the server fails, asks a few times more, and then waits for the next change", async () => {
  answer = () => new Response("", { status: 503 });
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(4);
  answer = () => new Response(html({ name: "new", atMs: OPENED_AT_MS + 700_000 }));
  line().tell(OPENED_AT_MS + 650_000);
  await vi.advanceTimersByTimeAsync(600);
  expect(renew).toHaveBeenCalledTimes(1);
});

it("leaves a page alone whose member has gone on within it", async () => {
  history.replaceState(null, "", "/s/demo.cup~1?tab=2");
  answer = () => new Response(html({ name: "new", atMs: OPENED_AT_MS + 13_000 }));
  line().tell(OPENED_AT_MS + 10_000);
  await vi.advanceTimersByTimeAsync(600_000);
  expect([asked, renew.mock.calls]).toEqual([[], []]);
});

it("opens a line that broke ever more seldom", async () => {
  for (let breaks = 0; breaks < 8; breaks += 1) {
    line().onclose?.();
    await vi.advanceTimersByTimeAsync(120_000);
  }
  expect(lines).toHaveLength(9);
  line().onclose?.();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(lines).toHaveLength(9);
});

it("keeps a line that answers, and leaves one that does not", async () => {
  line().onopen?.();
  for (let words = 1; words < 4; words += 1) {
    expect(line().said).toHaveLength(words);
    line().onmessage?.({ data: "!" });
    await vi.advanceTimersByTimeAsync(45_000);
  }
  await vi.advanceTimersByTimeAsync(45_000);
  expect(lines[0]?.isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lines).toHaveLength(2);
});

it("takes a new line where the network is another", () => {
  dispatchEvent(new Event("online"));
  expect([lines[0]?.isClosed, lines.length]).toEqual([true, 2]);
});

it("does not listen where all of the page comes anew, or nothing of it is the merchant's", () => {
  const others = [
    () => readAnewWhenBack(),
    () => show({ page: "problem" }),
    () => show({ isPreview: true }),
  ];
  for (const other of others) {
    lines = [];
    show({});
    delete document.documentElement.dataset["waits"];
    other();
    keepCurrent({ isWhole: () => true, renew });
    expect(lines).toEqual([]);
  }
});
