/**
 * A member's socket at a door, for thousands of them in one process: raw sockets, hand-made frames, live stock
 * skipped by one byte of its text. Compression is not offered.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { DoorServerFrame } from "../../worker/redemption/wire.ts";

export type ClockFrame = Extract<DoorServerFrame, { t: "clock" }>;
export type StockFrame = Extract<DoorServerFrame, { t: "stock" }>;
export type VerdictFrame = Extract<DoorServerFrame, { t: "verdict" }>;
export type ExchangeFrame = Extract<DoorServerFrame, { t: "ticket?" }>;

export interface DoorEvents {
  onClock(frame: ClockFrame): void;
  onVerdict(frame: VerdictFrame): void;
  /** Absent: stock frames are skipped unread. */
  onStock?(frame: StockFrame): void;
  onExchange?(frame: ExchangeFrame): void;
  /** Once: refused upgrade, lost connection or a close by the door. Not called after `close()`. */
  onLost(error: Error): void;
}

/** All sockets read here: a read is parsed before the next one begins. */
const READ_BUFFER = Buffer.allocUnsafeSlow(512 * 1024);
const CONNECT_PATIENCE_MS = 15_000;
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
/** Where the first letter of a frame's type stands in `{"t":"clock"…`. */
const TYPE_AT = 6;
const [CLOCK, STOCK, VERDICT] = Buffer.from("csv") as unknown as [number, number, number];

/** A masked frame of less than 64 KB, as clients must send them. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const isShort = payload.length < 126;
  const head = Buffer.alloc(isShort ? 2 : 4);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (isShort ? payload.length : 126);
  if (!isShort) head.writeUInt16BE(payload.length, 2);
  const masked = Buffer.from(payload);
  for (let at = 0; at < masked.length; at += 1)
    masked[at] = (masked[at] ?? 0) ^ (mask[at & 3] ?? 0);
  return Buffer.concat([head, mask, masked]);
}

const GRAB = clientFrame(TEXT, Buffer.from('{"t":"grab"}'));

export class DoorSocket {
  readonly #events: DoorEvents;
  readonly #socket: Socket;
  #isUpgraded = false;
  #isOver = false;
  #rest: Buffer | null = null;
  readonly #opening: ReturnType<typeof setTimeout>;

  constructor(origin: string, doorUrl: string, events: DoorEvents) {
    this.#events = events;
    const url = new URL(doorUrl, origin);
    const socket = connect({
      host: url.hostname,
      port: Number(url.port || 80),
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length, bytes) => this.#read(length, bytes as Buffer),
      },
    });
    this.#socket = socket;
    let failure = new Error("the door was closed");
    this.#opening = setTimeout(
      () => socket.destroy(new Error("no door in time")),
      CONNECT_PATIENCE_MS,
    );
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => {
      clearTimeout(this.#opening);
      if (this.#isOver) return;
      this.#isOver = true;
      events.onLost(failure);
    });
    socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nupgrade: websocket\r\nconnection: upgrade\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
    );
  }

  grab(): void {
    this.#socket.write(GRAB);
  }

  /** Hands in a new ticket on the same socket. */
  present(ticket: string): void {
    this.#sendText(JSON.stringify({ t: "ticket", ticket }));
  }

  ping(clientTimeMs: number): void {
    this.#sendText(JSON.stringify({ t: "ping", clientTimeMs }));
  }

  #sendText(text: string): void {
    this.#socket.write(clientFrame(TEXT, Buffer.from(text)));
  }

  /** Leaves without a close handshake, as a phone that loses its network does. */
  close(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }

  #read(length: number, shared: Buffer): boolean {
    let bytes = shared;
    let filled = length;
    if (this.#rest) {
      bytes = Buffer.concat([this.#rest, shared.subarray(0, length)]);
      filled = bytes.length;
    }
    let at = this.#isUpgraded ? 0 : this.#readUpgrade(bytes, filled);
    while (at >= 0 && at < filled && !this.#isOver) {
      const next = this.#readFrame(bytes, at, filled);
      if (next < 0) break;
      at = next;
    }
    const from = Math.max(0, at);
    this.#rest = from < filled ? Buffer.from(bytes.subarray(from, filled)) : null;
    return true;
  }

  /** Where the frames begin, or -1 while the head is incomplete. */
  #readUpgrade(bytes: Buffer, filled: number): number {
    const headEnd = bytes.subarray(0, filled).indexOf("\r\n\r\n");
    if (headEnd < 0) return -1;
    const status = bytes.toString("latin1", 9, 12);
    if (status !== "101") {
      this.#socket.destroy(
        new Error(`the door answered ${status}: ${bytes.toString("utf8", headEnd + 4, filled)}`),
      );
      return filled;
    }
    this.#isUpgraded = true;
    clearTimeout(this.#opening);
    return headEnd + 4;
  }

  /** Where the next frame begins, or -1 while this one is incomplete. */
  #readFrame(bytes: Buffer, at: number, filled: number): number {
    if (filled < at + 2) return -1;
    const opcode = (bytes[at] ?? 0) & 0x0f;
    let length = (bytes[at + 1] ?? 0) & 0x7f;
    let start = at + 2;
    if (length >= 126) {
      start += length === 126 ? 2 : 8;
      if (filled < start) return -1;
      length = length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    }
    const end = start + length;
    if (filled < end) return -1;
    if (opcode === TEXT) this.#onText(bytes, start, end);
    else if (opcode === PING) this.#socket.write(clientFrame(PONG, bytes.subarray(start, end)));
    else if (opcode === CLOSE) {
      const code = length >= 2 ? bytes.readUInt16BE(start) : 1005;
      const reason = bytes.toString("utf8", start + 2, end);
      this.#socket.destroy(new Error(`the door closed with ${code} ${reason}`));
      return filled;
    }
    return end;
  }

  #onText(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start + TYPE_AT];
    if (type === STOCK && !this.#events.onStock) return;
    const frame = JSON.parse(bytes.toString("utf8", start, end)) as DoorServerFrame;
    if (type === VERDICT) this.#events.onVerdict(frame as VerdictFrame);
    else if (type === STOCK) this.#events.onStock?.(frame as StockFrame);
    else if (type === CLOCK) this.#events.onClock(frame as ClockFrame);
    else this.#events.onExchange?.(frame as ExchangeFrame);
  }
}
