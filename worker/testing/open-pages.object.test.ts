/** The line of open pages in the runtime: told once of what follows on each other's heels, told what was missed, told at a moment set beforehand. */
import { env } from "cloudflare:workers";
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../kernel/limits.ts";
import type { OpenPages } from "../open-pages/open-pages-object.ts";
import { openPagesOf, tellOpenPages } from "../open-pages/tell.ts";
import { SETTLED_AFTER_MS, STILL_HERE, STILL_THERE, type ShownFrame } from "../open-pages/wire.ts";
import type { Env } from "../platform/env.ts";

const bindings = env as unknown as Env;
const opened: WebSocket[] = [];
let programmes = 0;

/** An object that nobody has been at before. */
const fresh = (): DurableObjectStub<OpenPages> => {
  programmes += 1;
  return openPagesOf(bindings, `open-${programmes}`, 0);
};
const at = (pages: DurableObjectStub<OpenPages>, nowMs: number): Promise<void> =>
  runInDurableObject(pages, (object) => {
    object.clock = () => nowMs;
  });

async function look(pages: DurableObjectStub<OpenPages>): Promise<{
  readonly socket: WebSocket;
  readonly told: readonly string[];
}> {
  const { webSocket } = await pages.fetch("https://open-pages/", {
    headers: { upgrade: "websocket" },
  });
  if (!webSocket) throw new Error("no line");
  const told: string[] = [];
  webSocket.addEventListener("message", ({ data }) => {
    told.push(String(data));
  });
  webSocket.accept();
  opened.push(webSocket);
  await vi.waitUntil(() => told.length > 0);
  return { socket: webSocket, told };
}

const frame = (text: string | undefined): ShownFrame => JSON.parse(text ?? "{}") as ShownFrame;

afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
});

const NOON_MS = 1_900_000_000_000;

describe("a page that is looked at", () => {
  it("is told of nothing where nothing was changed, and of each change", async () => {
    const pages = fresh();
    await at(pages, NOON_MS);
    const { told } = await look(pages);
    expect(frame(told[0])).toMatchObject({ t: "shown", changedAtMs: 0, waitMs: 0 });
    await pages.changed("set");
    await vi.waitUntil(() => told.length === 2);
    expect(frame(told[1])).toMatchObject({ changedAtMs: NOON_MS, waitMs: SETTLED_AFTER_MS });
  });

  it("knows commands to a sale from all else", async () => {
    const pages = fresh();
    await at(pages, NOON_MS);
    await pages.changed("set");
    await at(pages, NOON_MS + 5_000);
    await pages.changed("run");
    const { told } = await look(pages);
    expect(frame(told[0])).toMatchObject({ changedAtMs: NOON_MS, ranAtMs: NOON_MS + 5_000 });
  });

  it("hears of ten changes at once in two frames, the last of which knows the last", async () => {
    const pages = fresh();
    const { told } = await look(pages);
    for (let change = 0; change < 10; change += 1) {
      await at(pages, NOON_MS + change);
      await pages.changed("set");
    }
    await vi.waitUntil(() => told.length === 3, 5_000);
    expect(told.map((text) => frame(text).changedAtMs)).toEqual([0, NOON_MS, NOON_MS + 9]);
  });

  it("is told when it comes what was changed while nobody looked, and not to wait for it", async () => {
    const pages = fresh();
    await at(pages, NOON_MS);
    await pages.changed("set");
    await at(pages, NOON_MS + 60_000);
    const { told } = await look(pages);
    expect(frame(told[0])).toMatchObject({ changedAtMs: NOON_MS, waitMs: 0 });
  });

  it("is told at the moment of a publication to come", async () => {
    const pages = fresh();
    await at(pages, NOON_MS);
    await pages.changesAt(NOON_MS + 120_000);
    await pages.changesAt(NOON_MS + 60_000);
    const { told } = await look(pages);
    for (const [moment, frames] of [
      [NOON_MS + 60_000, 2],
      [NOON_MS + 120_000, 3],
    ] as const) {
      await at(pages, moment);
      expect(await runDurableObjectAlarm(pages)).toBe(true);
      await vi.waitUntil(() => told.length === frames);
      expect(frame(told.at(-1)).changedAtMs).toBe(moment);
    }
    expect(await runDurableObjectAlarm(pages)).toBe(false);
  });

  it("keeps its line by a word that wakes nobody, and loses it by any other", async () => {
    const { socket, told } = await look(fresh());
    const closed = new Promise<number>((resolve) => {
      socket.addEventListener("close", ({ code }) => resolve(code));
    });
    socket.send(STILL_THERE);
    await vi.waitUntil(() => told.includes(STILL_HERE));
    socket.send('{"t":"grab"}');
    expect(await closed).toBe(1008);
  });
});

describe("a change of one merchant", () => {
  it("reaches every part of its open pages, and nobody else's", async () => {
    const parts = Array.from({ length: LIMITS.openPagesParts }, (_, part) => part);
    const own = await Promise.all(
      parts.map((part) => look(openPagesOf(bindings, "open-own", part))),
    );
    const other = await look(openPagesOf(bindings, "open-other", 0));
    await tellOpenPages(bindings, "open-own", "set");
    await vi.waitUntil(() => own.every(({ told }) => told.length === 2));
    expect(other.told).toHaveLength(1);
  });

  it("that cannot be told is no fault of whoever made it", async () => {
    const away = new Proxy(bindings, {
      get: (all, name) =>
        name === "OPEN_PAGES"
          ? {
              getByName: () => ({ changed: () => Promise.reject(new Error("away")) }),
            }
          : Reflect.get(all, name),
    });
    await expect(tellOpenPages(away, "open-own", "set")).resolves.toBeUndefined();
  });
});
