/**
 * One keep-alive connection over a raw socket: one request in flight, finished bytes out, replies parsed in one
 * shared buffer. Node's own client spends more on a request than the server under test does.
 */
import { connect, type Socket } from "node:net";
import { newSpan, readReply, type ReplySpan } from "./http-wire.ts";

/** All connections read here: a read is parsed before the next one begins. */
const READ_BUFFER = Buffer.allocUnsafeSlow(512 * 1024);
const CONNECT_PATIENCE_MS = 5_000;

export interface Receiver {
  onReply(bytes: Buffer, span: ReplySpan): void;
  onFailure(error: Error): void;
}

export class Connection {
  readonly #port: number;
  readonly #host: string;
  readonly #span = newSpan();
  #socket: Socket | null = null;
  #receiver: Receiver | null = null;
  #rest: Buffer | null = null;
  #deadline: ReturnType<typeof setTimeout> | null = null;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  send(request: Buffer, receiver: Receiver): void {
    this.#receiver = receiver;
    this.#rest = null;
    const socket = this.#socket ?? this.#open();
    socket.write(request);
  }

  /** Without a reply by then the connection is broken off and the request fails. */
  failAfter(milliseconds: number): void {
    this.#deadline = setTimeout(() => {
      this.#deadline = null;
      this.#socket?.destroy(new Error("no reply in time"));
    }, milliseconds);
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #open(): Socket {
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (length, bytes) => this.#read(length, bytes as Buffer),
      },
    });
    this.#socket = socket;
    let failure: Error | null = null;
    const opening = setTimeout(
      () => socket.destroy(new Error("no connection in time")),
      CONNECT_PATIENCE_MS,
    );
    socket.once("connect", () => clearTimeout(opening));
    socket.on("error", (error) => (failure = error));
    socket.on("close", () => {
      clearTimeout(opening);
      if (this.#socket === socket) this.#socket = null;
      else return;
      this.#finish()?.onFailure(failure ?? new Error("the connection was closed"));
    });
    return socket;
  }

  #finish(): Receiver | null {
    const receiver = this.#receiver;
    this.#receiver = null;
    if (this.#deadline !== null) clearTimeout(this.#deadline);
    this.#deadline = null;
    return receiver;
  }

  #read(length: number, shared: Buffer): boolean {
    let bytes = shared;
    let filled = length;
    if (this.#rest) {
      bytes = Buffer.concat([this.#rest, shared.subarray(0, length)]);
      filled = bytes.length;
    }
    try {
      if (!readReply(bytes, filled, this.#span)) {
        this.#rest = bytes === shared ? Buffer.from(shared.subarray(0, length)) : bytes;
        return true;
      }
    } catch (error) {
      this.#socket?.destroy(error as Error);
      return true;
    }
    this.#rest = null;
    if (this.#span.closes) this.close();
    this.#finish()?.onReply(bytes, this.#span);
    return true;
  }
}
