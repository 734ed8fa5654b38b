/** Requests to one server: single ones with a deadline, and closed loops of prepared ones. */
import { Connection } from "./http-connection.ts";
import { bodyText, serializeRequest, type ReplySpan } from "./http-wire.ts";

export interface Reply {
  readonly status: number;
  readonly body: string;
}

export interface RequestOptions {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly patienceMs?: number;
}

export interface DriveOptions {
  readonly count: number;
  readonly connections: number;
  /** Bytes of the n-th request; prepared before, so that the loop measures the server. */
  readonly request: (at: number) => Buffer;
  /** Looks at a reply; `readBody` may be called only until it returns. */
  readonly onReply?: (at: number, status: number, readBody: () => string) => void;
  /** After every request that was answered or failed; a moment of `performance.now()`. */
  readonly onFinished?: (nowMs: number, finished: number) => void;
  /** Sends nothing new after this moment of `performance.now()`. */
  readonly stopAtMs?: number;
}

export interface DriveResult {
  /** Requests sent, each answered or failed. */
  readonly count: number;
  readonly failures: number;
  readonly elapsedMs: number;
  readonly perSecond: number;
  readonly latenciesMs: Float64Array;
  /** Replies by status. */
  readonly statuses: Readonly<Record<number, number>>;
}

const REQUEST_PATIENCE_MS = 20_000;
/** A server may close a connection that nobody uses, in the very moment in which somebody does. */
const IDLE_MS_MAX = 2_000;
/** A closed loop without a reply for this long has lost its server. */
const STALL_MS = 20_000;

export class HttpClient {
  readonly host: string;
  readonly #hostname: string;
  readonly #port: number;
  readonly #connectionsMax: number;
  readonly #connections: Connection[] = [];
  readonly #idle: { readonly connection: Connection; readonly sinceMs: number }[] = [];
  readonly #waiting: ((connection: Connection) => void)[] = [];

  constructor(origin: string, connectionsMax = 64) {
    const url = new URL(origin);
    this.host = url.host;
    this.#hostname = url.hostname;
    this.#port = Number(url.port || 80);
    this.#connectionsMax = connectionsMax;
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  /** One request of its own; waits for a free connection. Rejects when no reply comes in time. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const { token, body, patienceMs = REQUEST_PATIENCE_MS } = options;
    const bytes = serializeRequest({ host: this.host, method, path, token, body });
    const connection = await this.#take();
    try {
      return await new Promise<Reply>((resolve, reject) => {
        connection.send(bytes, {
          onReply: (reply, span) => resolve({ status: span.status, body: bodyText(reply, span) }),
          onFailure: reject,
        });
        connection.failAfter(patienceMs);
      });
    } finally {
      this.#give(connection);
    }
  }

  #take(): Promise<Connection> {
    const idle = this.#idle.pop();
    if (idle && performance.now() - idle.sinceMs < IDLE_MS_MAX) {
      return Promise.resolve(idle.connection);
    }
    if (idle) {
      idle.connection.close();
      this.#connections.splice(this.#connections.indexOf(idle.connection), 1);
    }
    if (this.#connections.length < this.#connectionsMax) {
      const fresh = new Connection(this.#hostname, this.#port);
      this.#connections.push(fresh);
      return Promise.resolve(fresh);
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #give(connection: Connection): void {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push({ connection, sinceMs: performance.now() });
  }

  /** A closed loop: every connection sends its next request when its last one is answered, until all are sent. */
  async drive(options: DriveOptions): Promise<DriveResult> {
    const lanes = Array.from(
      { length: Math.min(options.connections, options.count) },
      () => new Connection(this.#hostname, this.#port),
    );
    try {
      return await driveLanes(lanes, options);
    } finally {
      for (const lane of lanes) lane.close();
    }
  }
}

function driveLanes(lanes: readonly Connection[], options: DriveOptions): Promise<DriveResult> {
  const { count, request, onReply, onFinished, stopAtMs = Number.POSITIVE_INFINITY } = options;
  const latenciesMs = new Float64Array(count);
  const statuses: Record<number, number> = {};
  let sent = 0;
  let finished = 0;
  let failures = 0;
  let seen = -1;
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const watch = setInterval(() => {
      if (seen === finished)
        reject(new Error(`no reply for ${STALL_MS} ms after ${finished} of ${count}`));
      seen = finished;
    }, STALL_MS);
    const finish = (nowMs: number): void => {
      clearInterval(watch);
      const elapsedMs = nowMs - startedMs;
      const perSecond = ((sent - failures) / elapsedMs) * 1_000;
      const latencies = latenciesMs.subarray(0, sent);
      resolve({ count: sent, failures, elapsedMs, perSecond, latenciesMs: latencies, statuses });
    };
    const run = (lane: Connection): void => {
      let at = 0;
      let sentMs = 0;
      const receiver = {
        onReply: (bytes: Buffer, span: ReplySpan): void => {
          const nowMs = performance.now();
          latenciesMs[at] = nowMs - sentMs;
          statuses[span.status] = (statuses[span.status] ?? 0) + 1;
          onReply?.(at, span.status, () => bodyText(bytes, span));
          next(nowMs);
        },
        onFailure: (): void => {
          const nowMs = performance.now();
          latenciesMs[at] = nowMs - sentMs;
          failures += 1;
          next(nowMs);
        },
      };
      const next = (nowMs: number): void => {
        if (sentMs > 0) {
          finished += 1;
          onFinished?.(nowMs, finished);
        }
        const isOver = sent === count || nowMs >= stopAtMs;
        if (isOver && finished === sent) return finish(nowMs);
        if (isOver) return;
        at = sent;
        sent += 1;
        sentMs = performance.now();
        lane.send(request(at), receiver);
      };
      next(startedMs);
    };
    for (const lane of lanes) run(lane);
  });
}
