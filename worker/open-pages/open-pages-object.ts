import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { SETTLED_AFTER_MS, STILL_HERE, STILL_THERE, type Change, type ShownFrame } from "./wire.ts";

const AT = { set: "set-at", run: "run-at" } as const;
const DUE_AT = "due-at";
/** Publications to come that are kept; beyond it a page waits for its member's next visit. */
const DUE_MAX = 64;
/** Changes that follow on each other's heels are told together. */
const TOLD_EVERY_MS = 2_000;
const WITHIN_LEAST_MS = 500;
const WITHIN_MOST_MS = 60_000;

/**
 * The pages of a programme that somebody looks at now, or one part of them. It knows of each nothing but its socket, and tells them
 * all when the merchant changed what members see. Asleep it costs nothing.
 */
export class OpenPages extends DurableObject<Env> {
  clock: Clock = () => Date.now();
  #count: number;
  #toldAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(STILL_THERE, STILL_HERE));
    this.#count = ctx.getWebSockets().length;
  }

  /** The upgrade. Whoever was away hears at once of what was changed meanwhile. */
  override async fetch(): Promise<Response> {
    if (this.#count >= LIMITS.doorSocketsMax) return new Response(null, { status: 503 });
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    this.#count += 1;
    pair[1].send(this.#frame());
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  /** The merchant changed something, and it is committed. */
  async changed(change: Change): Promise<void> {
    this.ctx.storage.kv.put(AT[change], this.clock());
    if (this.#timer !== null) return;
    const waitMs = this.#toldAtMs + TOLD_EVERY_MS - this.clock();
    if (waitMs <= 0) return this.#tell();
    this.#timer = setTimeout(() => this.#tell(), waitMs);
  }

  /** Something becomes visible by itself at that moment. One that is taken back costs each page a reading in vain. */
  async changesAt(atMs: number): Promise<void> {
    this.#expect([...this.#due(), atMs]);
  }

  override async alarm(): Promise<void> {
    const nowMs = this.clock();
    const due = this.#due();
    this.#expect(due.filter((atMs) => atMs > nowMs));
    if (due.some((atMs) => atMs <= nowMs)) await this.changed("set");
  }

  #due(): readonly number[] {
    return this.ctx.storage.kv.get<number[]>(DUE_AT) ?? [];
  }

  #expect(moments: readonly number[]): void {
    const due = [...new Set(moments)].toSorted((a, b) => a - b).slice(0, DUE_MAX);
    this.ctx.storage.kv.put(DUE_AT, due);
    if (due[0] !== undefined) void this.ctx.storage.setAlarm(due[0]);
  }

  override webSocketMessage(socket: WebSocket): void {
    socket.close(1008, "nothing is asked here");
  }

  override async webSocketClose(): Promise<void> {
    this.#count = this.ctx.getWebSockets().length;
  }

  override async webSocketError(): Promise<void> {
    this.#count = this.ctx.getWebSockets().length;
  }

  #tell(): void {
    this.#timer = null;
    this.#toldAtMs = this.clock();
    const text = this.#frame();
    for (const socket of this.ctx.getWebSockets()) {
      try {
        socket.send(text);
      } catch {
        // It closed meanwhile; a page that is still looked at comes again.
      }
    }
  }

  #frame(): string {
    const [changedAtMs, ranAtMs] = [this.#lastAt("set"), this.#lastAt("run")];
    const lastAtMs = Math.max(changedAtMs, ranAtMs);
    const waitMs = Math.max(0, lastAtMs + SETTLED_AFTER_MS - this.clock());
    // A thousand pages a second at the most, all parts together.
    const pages = this.#count * LIMITS.openPagesParts;
    const withinMs = Math.min(WITHIN_MOST_MS, Math.max(WITHIN_LEAST_MS, pages));
    const frame: ShownFrame = { t: "shown", changedAtMs, ranAtMs, waitMs, withinMs };
    return JSON.stringify(frame);
  }

  #lastAt(change: Change): number {
    return this.ctx.storage.kv.get<number>(AT[change]) ?? 0;
  }
}
