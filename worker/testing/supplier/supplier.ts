/**
 * A pretended supplier of direct top-ups on loopback: checks every signature, books a number once however often it is sent,
 * and says the three words by callbacks of its own. It can be slow, silent, repeat, reorder and lose them, and refuse.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SupplierFaults {
  /** Of each callback. */
  copies: number;
  /** They wait until `deliverHeld`, which sends the last one first. */
  holds: boolean;
  drops: boolean;
  /** Books what it is sent and hangs up without a word. */
  isSilent: boolean;
  /** Says the last word by callback before it answers the request. */
  callsFirst: boolean;
  /** What is booked now stays at work for ever. */
  isStuck: boolean;
}

export interface SupplierOptions {
  readonly keyId: string;
  readonly secret: string;
  /** From the booking to its last word. */
  readonly workMs: number;
  /** Where callbacks go. */
  readonly callbackUrl: () => string;
}

type State = "processing" | "success" | "fail";

interface Booked {
  readonly topUpId: string;
  readonly account: string;
  readonly product: string;
  state: State;
}

const STALE_MS = 5 * 60_000;
/** Numbers that end so are nobody's. */
const NOBODY = /0000$/;

export const NO_FAULTS: Readonly<SupplierFaults> = {
  ...{ copies: 1, holds: false, drops: false, isSilent: false, callsFirst: false },
  isStuck: false,
};

export class PretendedSupplier {
  readonly faults: SupplierFaults = { ...NO_FAULTS };
  readonly #options: SupplierOptions;
  readonly #server: Server;
  readonly #booked = new Map<string, Booked>();
  readonly #nonces = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #held: object[] = [];
  /** How often each number was sent to be booked. */
  readonly submitted = new Map<string, number>();
  refusals = 0;

  private constructor(options: SupplierOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      void this.#answer(request, response).catch(() => response.writeHead(500).end());
    });
  }

  static async open(options: SupplierOptions): Promise<PretendedSupplier> {
    const supplier = new PretendedSupplier(options);
    await new Promise<void>((resolve) => supplier.#server.listen(0, "127.0.0.1", resolve));
    return supplier;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a merchant sets as `TOP_UP_SUPPLIER` to be served by this one. */
  get setting(): string {
    const { keyId, secret } = this.#options;
    return `${keyId}:${secret} ${this.origin}`;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const path = request.url ?? "";
    if (!this.#isSigned(request, path, text)) {
      this.refusals += 1;
      response.writeHead(401).end();
      return;
    }
    const told = JSON.parse(text) as { topUpId: string; account?: string; product?: string };
    const isNew = path === "/top-ups" && !this.#booked.has(told.topUpId);
    if (path === "/top-ups") this.#count(told.topUpId);
    if (isNew) await this.#book(told);
    if (this.faults.isSilent) {
      request.socket.destroy();
      return;
    }
    const known = this.#booked.get(told.topUpId);
    // Whoever is booked in this very request is processing, whatever a faster callback has said.
    const state = isNew ? "processing" : (known?.state ?? "unknown");
    const reason = state === "fail" ? "空号 (number not in use)" : "";
    response.setHeader("content-type", "application/json").end(JSON.stringify({ state, reason }));
  }

  #count(topUpId: string): void {
    this.submitted.set(topUpId, (this.submitted.get(topUpId) ?? 0) + 1);
  }

  #isSigned(request: IncomingMessage, path: string, text: string): boolean {
    const header = (name: string): string => String(request.headers[name] ?? "");
    const [atMs, nonce] = [Number(header("x-time")), header("x-nonce")];
    const isFresh = Math.abs(Date.now() - atMs) < STALE_MS && !this.#nonces.has(nonce);
    this.#nonces.add(nonce);
    const wanted = Buffer.from(this.#sign([path, atMs, nonce, text]));
    const given = Buffer.from(header("x-sign"));
    const isSame = wanted.length === given.length && timingSafeEqual(wanted, given);
    return isFresh && isSame && header("x-key") === this.#options.keyId;
  }

  #sign(parts: readonly (string | number)[]): string {
    return createHmac("sha256", this.#options.secret).update(parts.join("\n")).digest("hex");
  }

  async #book({ topUpId, account = "", product = "" }: Partial<Booked> & { topUpId: string }) {
    const booked: Booked = { topUpId, account, product, state: "processing" };
    this.#booked.set(topUpId, booked);
    const finish = async (): Promise<void> => {
      await this.#tell(booked);
      booked.state = NOBODY.test(account) ? "fail" : "success";
      await this.#tell(booked);
    };
    if (this.faults.isStuck) return;
    if (this.faults.callsFirst) return finish();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void finish();
    }, this.#options.workMs);
    this.#timers.add(timer);
  }

  /** A callback as this supplier signs it; a test sends it where and when it likes. */
  callback(topUpId: string, state: State, atMs = Date.now()): Record<string, string | number> {
    const reason = state === "fail" ? "空号 (number not in use)" : "";
    const nonce = crypto.randomUUID();
    const sign = this.#sign(["callback", topUpId, state, reason, atMs, nonce]);
    return { topUpId, state, reason, atMs, nonce, sign };
  }

  async #tell({ topUpId, state }: Booked): Promise<void> {
    // As they stood when it spoke: a test may set the next ones while a copy is on its way.
    const { copies, drops, holds } = this.faults;
    if (drops) return;
    const told = this.callback(topUpId, state);
    for (let copy = 0; copy < copies; copy += 1) {
      if (holds) this.#held.push(told);
      else await this.#deliver(told);
    }
  }

  get held(): number {
    return this.#held.length;
  }

  async deliverHeld(): Promise<void> {
    for (const told of this.#held.splice(0).toReversed()) await this.#deliver(told);
  }

  /** The real one tries again later; a mall that is down asks by itself once it is up. */
  async #deliver(told: object): Promise<void> {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(told);
    await fetch(this.#options.callbackUrl(), { method: "POST", headers, body }).catch(() => null);
  }
}
