/**
 * A phone's line to a server, as a TCP relay: every connection through it shares one bandwidth each way, bytes arrive
 * half a round trip later, and a new connection first costs a round trip. Browsers can slow down their own requests,
 * but not WebSockets, and the verdict comes by one.
 */
import { connect, createServer, type Server, type Socket } from "node:net";

export interface Line {
  /** Milliseconds there and back. */
  readonly roundTripMs: number;
  /** Bits a second towards the phone, and from it. */
  readonly down: number;
  readonly up: number;
}

/** About three packets: a stylesheet does not hold up a verdict for longer. */
const CHUNK_BYTES = 4_096;
/** Bytes a direction of one connection may have on its way before its sender has to wait. */
const QUEUED_BYTES_MAX = 128 * 1_024;
const CONNECTIONS_MAX = 256;

/** One direction of the line: a moment until which it is busy, shared by all connections. */
class Direction {
  readonly #bytesPerMs: number;
  readonly #delayMs: number;
  #freeAtMs = 0;

  constructor(bitsPerSecond: number, delayMs: number) {
    this.#bytesPerMs = bitsPerSecond / 8_000;
    this.#delayMs = delayMs;
  }

  /** When the last of these bytes arrives if they are sent at `fromMs` at the earliest. */
  arrivalMs(bytes: number, fromMs: number): number {
    this.#freeAtMs = Math.max(this.#freeAtMs, fromMs) + bytes / this.#bytesPerMs;
    return this.#freeAtMs + this.#delayMs;
  }
}

/** Hands bytes on in order, each chunk at its moment. */
class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #direction: Direction;
  readonly #queue: { readonly atMs: number; readonly chunk: Buffer | null }[] = [];
  readonly #notBeforeMs: number;
  #queuedBytes = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  private constructor(from: Socket, to: Socket, direction: Direction, notBeforeMs: number) {
    this.#from = from;
    this.#to = to;
    this.#direction = direction;
    this.#notBeforeMs = notBeforeMs;
  }

  /** It lives by the events of its sockets. */
  static lay(from: Socket, to: Socket, direction: Direction, notBeforeMs: number): void {
    const pipe = new Pipe(from, to, direction, notBeforeMs);
    from.on("data", (bytes: Buffer) => pipe.#take(bytes));
    from.on("end", () => pipe.#push(null, 0));
    to.on("close", () => clearTimeout(pipe.#timer ?? undefined));
  }

  #take(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const chunk = bytes.subarray(at, at + CHUNK_BYTES);
      this.#push(chunk, chunk.length);
    }
    if (this.#queuedBytes > QUEUED_BYTES_MAX) this.#from.pause();
  }

  #push(chunk: Buffer | null, bytes: number): void {
    const fromMs = Math.max(performance.now(), this.#notBeforeMs);
    this.#queue.push({ atMs: this.#direction.arrivalMs(bytes, fromMs), chunk });
    this.#queuedBytes += bytes;
    this.#arm();
  }

  #arm(): void {
    const next = this.#queue[0];
    if (!next || this.#timer !== null) return;
    const waitMs = Math.max(0, next.atMs - performance.now());
    this.#timer = setTimeout(() => this.#deliver(), Math.ceil(waitMs));
  }

  #deliver(): void {
    this.#timer = null;
    for (let next = this.#queue[0]; next && next.atMs <= performance.now(); next = this.#queue[0]) {
      this.#queue.shift();
      if (next.chunk === null) this.#to.end();
      else this.#to.write(next.chunk);
      this.#queuedBytes -= next.chunk?.length ?? 0;
    }
    if (this.#queuedBytes <= QUEUED_BYTES_MAX / 2) this.#from.resume();
    this.#arm();
  }
}

export class SlowLine {
  readonly origin: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** Listens on a free loopback port and relays to `target`. */
  static open(target: string, line: Line): Promise<SlowLine> {
    const url = new URL(target);
    const down = new Direction(line.down, line.roundTripMs / 2);
    const up = new Direction(line.up, line.roundTripMs / 2);
    const sockets = new Set<Socket>();
    // An end of one direction must not cut off what is still on its way in the other.
    const server = createServer({ allowHalfOpen: true }, (phone) => {
      const there = connect({
        ...{ host: url.hostname, port: Number(url.port || 80) },
        ...{ noDelay: true, allowHalfOpen: true },
      });
      phone.setNoDelay(true);
      for (const [socket, other] of [
        [phone, there],
        [there, phone],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => other.destroy());
        socket.on("close", (hadError) => {
          sockets.delete(socket);
          // An ordinary end is carried by the pipe, behind the bytes that are still on their way.
          if (hadError || !socket.readableEnded) other.destroy();
        });
      }
      // The handshake is over in no time here; on a real line it takes a round trip.
      const shakenMs = performance.now() + line.roundTripMs;
      Pipe.lay(phone, there, up, shakenMs);
      Pipe.lay(there, phone, down, shakenMs);
    });
    server.maxConnections = CONNECTIONS_MAX;
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(new SlowLine(server, sockets)));
    });
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
