/**
 * A pretended tracking service that speaks Kuaidi100's protocol on loopback: answers queries, takes subscriptions and sends
 * the news of a parcel by itself, signed like the real one. It can be told to repeat, to reorder and to lose them.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface CourierFaults {
  /** Of each piece of news. */
  copies: number;
  /** They wait until `deliverHeld`, which sends the last one first. */
  holds: boolean;
  drops: boolean;
  /** Questions are answered by something that is no answer. */
  isDown: boolean;
}

export interface CourierOptions {
  readonly customer: string;
  readonly key: string;
  /** After the parcel was first heard of, ms: when each step of its way happens. */
  readonly stepsMs: readonly number[];
}

const STEPS = [
  { state: "1", text: "已揽收" },
  { state: "0", text: "已到达分拨中心，正在发往下一站" },
  { state: "5", text: "正在派送，请保持电话畅通" },
  { state: "3", text: "已签收，感谢使用" },
] as const;

interface Journey {
  readonly carrier: string;
  readonly number: string;
  readonly startedAtMs: number;
  readonly callback: { readonly url: string; readonly salt: string } | null;
}

interface Push {
  readonly url: string;
  readonly form: URLSearchParams;
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex").toUpperCase();
const ZONE_MS = 8 * 3_600_000;
const clockText = (atMs: number): string =>
  new Date(atMs + ZONE_MS).toISOString().slice(0, 19).replace("T", " ");

export const NO_FAULTS: Readonly<CourierFaults> = {
  copies: 1,
  holds: false,
  drops: false,
  isDown: false,
};

export class PretendedCourier {
  readonly faults: CourierFaults = { ...NO_FAULTS };
  readonly #options: CourierOptions;
  readonly #server: Server;
  readonly #journeys = new Map<string, Journey>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #held: Push[] = [];

  private constructor(options: CourierOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(
        (told) => response.setHeader("content-type", "application/json").end(JSON.stringify(told)),
        () => response.writeHead(500).end(),
      );
    });
  }

  static async open(options: CourierOptions): Promise<PretendedCourier> {
    const courier = new PretendedCourier(options);
    await new Promise<void>((resolve) => courier.#server.listen(0, "127.0.0.1", resolve));
    return courier;
  }

  /** What a merchant sets as `KUAIDI100` to be told by this one. */
  get setting(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#options.customer}:${this.#options.key} http://127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<object> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    if (this.faults.isDown) throw new Error("down");
    return request.url === "/poll" ? this.#subscribe(form) : this.#query(form);
  }

  #query(form: URLSearchParams): object {
    const { customer, key } = this.#options;
    const param = form.get("param") ?? "";
    if (form.get("sign") !== md5(param + key + customer)) {
      return { result: false, returnCode: "503", message: "验证签名失败" };
    }
    const { com, num } = JSON.parse(param) as { com: string; num: string };
    const journey = this.#journeyOf(com, num, null);
    return this.#told(journey, Date.now());
  }

  #subscribe(form: URLSearchParams): object {
    const told = JSON.parse(form.get("param") ?? "{}") as {
      company: string;
      number: string;
      key: string;
      parameters: { callbackurl: string; salt: string };
    };
    if (told.key !== this.#options.key) return { result: false, returnCode: "601" };
    const { callbackurl: url, salt } = told.parameters;
    const isKnown = this.#journeys.get(`${told.company} ${told.number}`)?.callback;
    if (isKnown) return { result: false, returnCode: "501", message: "重复订阅" };
    const journey = this.#journeyOf(told.company, told.number, { url, salt });
    for (const afterMs of this.#options.stepsMs) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.#send(journey, afterMs);
      }, afterMs);
      this.#timers.add(timer);
    }
    return { result: true, returnCode: "200", message: "提交成功" };
  }

  #journeyOf(carrier: string, number: string, callback: Journey["callback"]): Journey {
    const id = `${carrier} ${number}`;
    const known = this.#journeys.get(id);
    if (known && (known.callback || !callback)) return known;
    const startedAtMs = known?.startedAtMs ?? Date.now();
    const journey = { carrier, number, startedAtMs, callback };
    this.#journeys.set(id, journey);
    return journey;
  }

  #told({ carrier, number, startedAtMs }: Journey, nowMs: number): object {
    const done = STEPS.flatMap((step, at) => {
      const atMs = startedAtMs + (this.#options.stepsMs[at] ?? 0);
      return atMs <= nowMs ? [{ ...step, atMs }] : [];
    });
    const data = done
      .map(({ text, atMs }) => ({ context: text, time: clockText(atMs), ftime: clockText(atMs) }))
      .toReversed();
    const state = done.at(-1)?.state ?? "0";
    const isCheck = state === "3" ? "1" : "0";
    return {
      ...{ message: "ok", status: "200", nu: number, com: carrier, ischeck: isCheck },
      ...{ state, data },
    };
  }

  async #send(journey: Journey, afterMs: number): Promise<void> {
    // As they stood when it spoke: a test may set the next ones while a copy is on its way.
    const { copies, drops, holds } = this.faults;
    if (!journey.callback || drops) return;
    // A timer that was set in a busy turn fires a little before its time; what it tells of has happened all the same.
    const lastResult = this.#told(journey, Math.max(Date.now(), journey.startedAtMs + afterMs));
    const param = JSON.stringify({ status: "polling", message: "", lastResult });
    const sign = md5(param + journey.callback.salt);
    const push = { url: journey.callback.url, form: new URLSearchParams({ sign, param }) };
    for (let copy = 0; copy < copies; copy += 1) {
      if (holds) this.#held.push(push);
      else await deliver(push);
    }
  }

  get held(): number {
    return this.#held.length;
  }

  async deliverHeld(): Promise<void> {
    for (const push of this.#held.splice(0).toReversed()) await deliver(push);
  }
}

/** The real one tries again later; a mall that is down asks by itself once it is up. */
async function deliver({ url, form }: Push): Promise<void> {
  await fetch(url, { method: "POST", body: form }).catch(() => null);
}
