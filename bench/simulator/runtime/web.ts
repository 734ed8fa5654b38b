/**
 * Requests, responses and sockets as the Worker and the door use them. Node's own need real turns of the event loop to
 * read a body and refuse the status 101, so the simulated ones are small and settle within a turn.
 */
export class SimHeaders {
  readonly #values = new Map<string, string>();

  constructor(init: Readonly<Record<string, string>> | SimHeaders = {}) {
    for (const [name, value] of init instanceof SimHeaders ? init.entries() : Object.entries(init))
      this.set(name, value);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value);
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries();
  }
}

interface RequestInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
}

export class SimRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: SimHeaders;
  readonly #body: string;

  constructor(url: string, init: RequestInit = {}) {
    this.url = url;
    this.method = init.method ?? "GET";
    this.headers = new SimHeaders(init.headers);
    this.#body = String(init.body ?? "");
    // A declared length lets the Worker read the body at once.
    if (init.body !== undefined) this.headers.set("content-length", String(this.#body.length));
  }

  async text(): Promise<string> {
    return this.#body;
  }
}

interface ResponseInit {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly webSocket?: unknown;
}

interface SimReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
}

/** A body that is read in one piece. */
function readerOf(text: string): SimReader {
  const pieces = [new TextEncoder().encode(text)];
  return {
    read: async () => {
      const value = pieces.shift();
      return value ? { done: false, value } : { done: true };
    },
  };
}

export class SimResponse {
  readonly status: number;
  readonly headers: SimHeaders;
  readonly webSocket: unknown;
  readonly #text: string | null;

  constructor(text: string | null = null, init: ResponseInit = {}) {
    this.#text = text;
    this.status = init.status ?? 200;
    this.headers = new SimHeaders(init.headers);
    this.webSocket = init.webSocket ?? null;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  static json(body: unknown, init: ResponseInit = {}): SimResponse {
    const headers = { "content-type": "application/json", ...init.headers };
    return new SimResponse(JSON.stringify(body), { ...init, headers });
  }

  get body(): { getReader(): SimReader } | null {
    const text = this.#text;
    return text === null ? null : { getReader: () => readerOf(text) };
  }

  async text(): Promise<string> {
    return this.#text ?? "";
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.#text ?? "");
  }

  /** For the trace: a response may hold a socket, which has no JSON. */
  toJSON(): unknown {
    return { status: this.status };
  }
}

interface Listener {
  readonly message: (text: string) => void;
  readonly close: () => void;
}

/** One end of a socket. The wire between the two ends belongs to the network. */
export class SimSocket {
  peer: SimSocket | null = null;
  isClosed = false;
  /** What the network does with a text that this end sends. */
  onSend: (text: string) => void = () => undefined;
  onClose: () => void = () => undefined;
  #attachment = "null";
  #listener: Listener | null = null;
  #unread: string[] = [];

  send(text: string): void {
    if (this.isClosed) throw new Error("the socket is closed");
    this.onSend(text);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.onClose();
  }

  serializeAttachment(value: unknown): void {
    this.#attachment = JSON.stringify(value);
  }

  deserializeAttachment(): unknown {
    return JSON.parse(this.#attachment);
  }

  // ---- the outer end

  listen(listener: Listener): void {
    this.#listener = listener;
    for (const text of this.#unread.splice(0)) listener.message(text);
    if (this.isClosed) listener.close();
  }

  arrives(text: string): void {
    if (this.isClosed) return;
    if (this.#listener) this.#listener.message(text);
    else this.#unread.push(text);
  }

  cut(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#listener?.close();
  }
}

export class SimSocketPair {
  readonly 0 = new SimSocket();
  readonly 1 = new SimSocket();

  constructor() {
    this[0].peer = this[1];
    this[1].peer = this[0];
  }
}
