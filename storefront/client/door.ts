import type { DoorClientFrame, DoorServerFrame } from "../../worker/redemption/wire.ts";
import type { ServerClock } from "./clock.ts";

/** `lost` also stands for a socket that could never be opened. */
export type DoorState = "connecting" | "live" | "lost";

export interface Door {
  start(): void;
  stop(): void;
  /** False when the frame could not be sent; the caller then takes the slower path. */
  send(frame: DoorClientFrame): boolean;
  /** The page came back, or the address changed for the better: do not wait for the back-off. */
  reconnect(): void;
}

export interface DoorOptions {
  /** Path of the door at this moment: with a fresh ticket, or as a watcher. */
  pathOf(): string;
  clock: ServerClock;
  onFrame(frame: DoorServerFrame): void;
  /** `failures` counts attempts in a row that never opened. */
  onState(state: DoorState, failures: number): void;
  random?: () => number;
  openSocket?: (path: string) => WebSocket;
}

const PING_EVERY_MS = 20_000;
/** A burst after opening: the shortest of several round trips is the honest one. */
const BURST_MS = [0, 120, 260, 420, 640];
const ANSWER_WITHIN_MS = 5_000;
const BACKOFF_FIRST_MS = 300;
const BACKOFF_MOST_MS = 10_000;

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A frame of the contract, or `null`: an unknown frame of a newer server is passed over, not a fault. */
export function parseFrame(text: string): DoorServerFrame | null {
  let frame: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return null;
    frame = value as Record<string, unknown>;
  } catch {
    return null;
  }
  const known =
    (frame["t"] === "clock" && isNumber(frame["serverTimeMs"])) ||
    (frame["t"] === "stock" &&
      isNumber(frame["remaining"]) &&
      isNumber(frame["epoch"]) &&
      isNumber(frame["opensAtMs"])) ||
    (frame["t"] === "verdict" &&
      typeof frame["orderId"] === "string" &&
      typeof frame["outcome"] === "string") ||
    (frame["t"] === "ticket?" && isNumber(frame["epoch"]));
  return known ? (frame as unknown as DoorServerFrame) : null;
}

function openInBrowser(path: string): WebSocket {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return new WebSocket(url.href);
}

type Timer = ReturnType<typeof setTimeout>;

class SocketDoor implements Door {
  private readonly options: DoorOptions;
  private socket: WebSocket | null = null;
  private failures = 0;
  private stopped = true;
  private timers: Timer[] = [];
  private watchdog: Timer | null = null;

  constructor(options: DoorOptions) {
    this.options = options;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.drop();
  }

  send(frame: DoorClientFrame): boolean {
    // 1 is OPEN; the constant is not there under a test's stand-in.
    if (this.socket === null || this.socket.readyState !== 1) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  reconnect(): void {
    if (this.stopped) return;
    if (this.socket !== null && this.socket.readyState === 1) return this.ping();
    this.stop();
    this.start();
  }

  private later(afterMs: number, act: () => void): void {
    this.timers.push(setTimeout(act, afterMs));
  }

  private heard(): void {
    if (this.watchdog !== null) clearTimeout(this.watchdog);
    this.watchdog = null;
  }

  private ping(): void {
    if (!this.send({ t: "ping", clientTimeMs: Math.round(this.options.clock.localMs()) })) return;
    // A phone that changed networks keeps a dead socket "open" for minutes; silence after a ping tells.
    this.watchdog ??= setTimeout(() => this.drop(), ANSWER_WITHIN_MS);
  }

  private keepPinging(): void {
    this.ping();
    this.timers = [];
    this.later(PING_EVERY_MS, () => this.keepPinging());
  }

  private receive(event: MessageEvent): void {
    this.heard();
    const frame = typeof event.data === "string" ? parseFrame(event.data) : null;
    if (frame === null) return;
    const { clock } = this.options;
    if (frame.t === "clock" && frame.clientTimeMs !== undefined) {
      clock.sample(frame.clientTimeMs, clock.localMs(), frame.serverTimeMs);
    }
    this.options.onFrame(frame);
  }

  private drop(): void {
    this.heard();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
    const old = this.socket;
    this.socket = null;
    if (old !== null) {
      old.onopen = old.onclose = old.onerror = old.onmessage = null;
      try {
        old.close();
      } catch {
        // A socket that cannot be closed is of no more use either way.
      }
    }
    if (this.stopped) return;
    this.options.onState("lost", this.failures);
    const ceilingMs = Math.min(
      BACKOFF_MOST_MS,
      BACKOFF_FIRST_MS * 2 ** Math.min(this.failures, 10),
    );
    const random = this.options.random ?? Math.random;
    this.later(ceilingMs / 2 + (random() * ceilingMs) / 2, () => this.connect());
  }

  private connect(): void {
    if (this.stopped || this.socket !== null) return;
    this.options.onState("connecting", this.failures);
    this.failures += 1;
    let socket: WebSocket;
    try {
      socket = (this.options.openSocket ?? openInBrowser)(this.options.pathOf());
    } catch {
      return this.drop();
    }
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.receive(event);
    socket.onclose = () => this.drop();
    // A network that swallows the upgrade never fires an event of its own.
    this.later(ANSWER_WITHIN_MS, () => {
      if (this.socket === socket && socket.readyState !== 1) this.drop();
    });
  }

  private opened(): void {
    this.failures = 0;
    this.options.onState("live", 0);
    for (const atMs of BURST_MS) this.later(atMs, () => this.ping());
    this.later(PING_EVERY_MS, () => this.keepPinging());
  }
}

export function createDoor(options: DoorOptions): Door {
  return new SocketDoor(options);
}
