import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApi } from "./api.ts";
import { createClock } from "./clock.ts";
import { createDoor, parseFrame, type DoorState } from "./door.ts";
import { newOrderId, parseStoredOrder } from "./order-id.ts";
import { loginPath, safeReturnTo } from "./paths.ts";

describe("order ids", () => {
  it("are 26 letters and digits, and never the same", () => {
    const ids = Array.from({ length: 500 }, () => newOrderId());
    for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{26}$/);
    expect(new Set(ids).size).toBe(500);
  });

  it("draw again instead of favouring the first letters", () => {
    let round = 0;
    const id = newOrderId((bytes) => bytes.fill((round += 1) === 1 ? 255 : 61));
    expect(id).toBe("z".repeat(26));
    expect(round).toBe(2);
  });

  it("are read back only when whole", () => {
    const stored = { orderId: "A".repeat(26), quantity: 1, epoch: 0, phase: "sent" };
    expect(parseStoredOrder(JSON.stringify(stored))).toEqual(stored);
    for (const bad of [
      null,
      "",
      "null",
      "{",
      JSON.stringify({ ...stored, phase: "lost" }),
      JSON.stringify({ ...stored, orderId: "short" }),
    ]) {
      expect(parseStoredOrder(bad)).toBeNull();
    }
  });
});

describe("the clock", () => {
  it("believes the shortest round trip, and says how far it may be off", () => {
    let local = 1_000;
    const clock = createClock({ serverTimeMs: 50_000 }, () => local);
    expect(clock.now()).toBe(50_000);
    expect(clock.errorMs()).toBeNull();
    clock.sample(1_000, 1_400, 60_000);
    clock.sample(2_000, 2_020, 60_500);
    clock.sample(3_000, 3_900, 99_999);
    local = 2_020;
    expect(clock.now()).toBe(60_510);
    expect(clock.errorMs()).toBe(11);
  });

  it("starts from the page's own request", () => {
    const clock = createClock(
      { serverTimeMs: 5_000, requestStartLocalMs: 100, responseStartLocalMs: 300 },
      () => 1_000,
    );
    expect(clock.now()).toBe(5_800);
  });
});

describe("paths", () => {
  it("go back to this origin only", () => {
    expect(safeReturnTo("/s/tea.travel-cup~12?x=1")).toBe("/s/tea.travel-cup~12?x=1");
    for (const bad of [
      "//evil.example",
      "/\\evil.example",
      "https://evil.example",
      "javascript:alert(1)",
      "",
      "/a\nb",
      "/login?returnTo=/",
    ]) {
      expect(safeReturnTo(bad)).toBe("/");
    }
    expect(loginPath("/s/a~1")).toBe("/login?returnTo=%2Fs%2Fa~1");
  });
});

describe("the api", () => {
  const answer = (
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): typeof fetch =>
    (async () => new Response(JSON.stringify(body), { status, headers })) as typeof fetch;

  it("turns a refusal into a value with its figures", async () => {
    const api = createApi({
      locale: "en",
      fetch: answer(503, { code: "overloaded", instance: "r-1" }, { "retry-after": "2" }),
    });
    const got = await api.redeem("s", { orderId: "o", quantity: 1, epoch: 0, pointsMax: 9 });
    expect(got).toMatchObject({
      ok: false,
      status: 503,
      problem: { code: "overloaded", retryAfterMs: 2_000, instance: "r-1" },
    });
  });

  it("turns silence into a value", async () => {
    const api = createApi({
      locale: "en",
      fetch: (async () => Promise.reject(new TypeError("down"))) as typeof fetch,
    });
    expect(await api.sale("s")).toMatchObject({
      ok: false,
      status: 0,
      problem: { code: "network" },
    });
    const hung = ((_path: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) =>
        signal?.addEventListener("abort", () => reject(new Error("aborted"))),
      )) as unknown as typeof fetch;
    expect(await createApi({ locale: "en", fetch: hung, timeoutMs: 5 }).sale("s")).toMatchObject({
      ok: false,
      problem: { code: "timeout" },
    });
  });

  it("takes a page of a proxy for a fault", async () => {
    const api = createApi({
      locale: "en",
      fetch: (async () => new Response("<html>", { status: 502 })) as typeof fetch,
    });
    expect(await api.sale("s")).toMatchObject({
      ok: false,
      status: 502,
      problem: { code: "fault" },
    });
  });
});

class FakeSocket {
  static made: FakeSocket[] = [];
  readyState = 0;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  path: string;
  constructor(path: string) {
    this.path = path;
    FakeSocket.made.push(this);
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
}

describe("the door", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.made = [];
  });
  afterEach(() => void vi.useRealTimers());

  const doorOf = (states: [DoorState, number][]) =>
    createDoor({
      pathOf: () => "/door?watch=1",
      clock: createClock({ serverTimeMs: 0 }, () => Date.now()),
      onFrame: () => undefined,
      onState: (state, failures) => void states.push([state, failures]),
      random: () => 1,
      openSocket: (path) => new FakeSocket(path) as unknown as WebSocket,
    });

  it("counts attempts that never opened, and backs off between them", () => {
    const states: [DoorState, number][] = [];
    const door = doorOf(states);
    door.start();
    FakeSocket.made[0]?.onclose?.();
    expect(states.at(-1)).toEqual(["lost", 1]);
    vi.advanceTimersByTime(599);
    expect(FakeSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(2);
    FakeSocket.made[1]?.onclose?.();
    expect(states.at(-1)).toEqual(["lost", 2]);
    vi.advanceTimersByTime(1_201);
    FakeSocket.made[2]?.open();
    expect(states.at(-1)).toEqual(["live", 0]);
    door.stop();
  });

  it("gives up a socket that answers no ping", () => {
    const states: [DoorState, number][] = [];
    const door = doorOf(states);
    door.start();
    FakeSocket.made[0]?.open();
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made[0]?.sent[0]).toMatch(/^{"t":"ping","clientTimeMs":\d+}$/);
    vi.advanceTimersByTime(5_001);
    expect(states.at(-1)?.[0]).toBe("lost");
    door.stop();
  });

  it("sends only when it is open", () => {
    const door = doorOf([]);
    door.start();
    expect(door.send({ t: "grab" })).toBe(false);
    FakeSocket.made[0]?.open();
    expect(door.send({ t: "grab" })).toBe(true);
    door.stop();
  });

  it("passes over what it does not know", () => {
    expect(parseFrame('{"t":"clock","serverTimeMs":1}')).toEqual({ t: "clock", serverTimeMs: 1 });
    for (const bad of [
      "",
      "[]",
      "null",
      '{"t":"new"}',
      '{"t":"stock","remaining":"3"}',
      '{"t":"verdict"}',
    ])
      expect(parseFrame(bad)).toBeNull();
  });
});
