/** Where a parcel is: the port, and the protocol of Kuaidi100 (快递100) behind it. */
import { createHash } from "node:crypto";
import type { Env } from "../platform/env.ts";
import type { ParcelState, Track } from "./core/index.ts";

export interface Logistics {
  /** Null: the service knows nothing of it, or cannot be asked now. */
  track(carrier: string, trackingNo: string, phoneTail: string): Promise<Track | null>;
}

export interface Kuaidi100Account {
  readonly customer: string;
  readonly key: string;
  /** Where the service is; a test has one of its own. */
  readonly origin: string;
}

const ORIGIN = "https://poll.kuaidi100.com";
/** Its clock is the country's. */
const ZONE = "+08:00";
const ANSWER_WITHIN_MS = 8_000;

/** `customer:key`, with ` origin` after it where it is not the public one. Null: no service is set up. */
export function kuaidi100Of(env: Env): Kuaidi100Account | null {
  const [account = "", origin = ORIGIN] = (env.KUAIDI100 ?? "").split(" ", 2);
  const [customer = "", key = ""] = account.split(":", 2);
  return customer === "" || key === "" ? null : { customer, key, origin };
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex").toUpperCase();

/** Of a query: MD5 of param, key and customer, in capitals. */
export function querySign(param: string, { key, customer }: Kuaidi100Account): string {
  return md5(param + key + customer);
}

/** Its words for where a parcel is; the hundreds say more of the same. */
const STATES: Readonly<Record<string, ParcelState>> = {
  0: "in_transit",
  1: "picked_up",
  2: "in_trouble",
  3: "signed",
  4: "returned",
  5: "out_for_delivery",
  6: "in_transit",
  7: "in_transit",
  8: "in_transit",
  14: "in_trouble",
};

interface Told {
  readonly state?: unknown;
  readonly data?: unknown;
}

/** Reads `state` and `data` of an answer or a message; null when they are not there. */
export function readTrack(told: Told): Track | null {
  const code = String(told.state ?? "");
  const state = STATES[code] ?? STATES[code.slice(0, 1)];
  if (state === undefined || !Array.isArray(told.data)) return null;
  const points = (told.data as unknown[]).flatMap((point) => {
    const { context, time, ftime } = (point ?? {}) as Record<string, unknown>;
    const atMs = Date.parse(`${String(ftime ?? time).replace(" ", "T")}${ZONE}`);
    if (typeof context !== "string" || Number.isNaN(atMs)) return [];
    return [{ atMs, text: context.slice(0, 200) }];
  });
  return { state, points: points.toSorted((a, b) => b.atMs - a.atMs) };
}

export class Kuaidi100 implements Logistics {
  readonly #account: Kuaidi100Account;
  readonly #fetch: typeof fetch;

  constructor(account: Kuaidi100Account, send: typeof fetch = (...args) => fetch(...args)) {
    this.#account = account;
    this.#fetch = send;
  }

  async track(carrier: string, trackingNo: string, phoneTail: string): Promise<Track | null> {
    const param = JSON.stringify({
      ...{ com: carrier, num: trackingNo, phone: phoneTail },
      ...{ resultv2: "4", show: "0", order: "desc" },
    });
    const { customer, origin } = this.#account;
    const body = new URLSearchParams({ customer, sign: querySign(param, this.#account), param });
    const response = await this.#fetch(`${origin}/poll/query.do`, {
      method: "POST",
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) return null;
    const told: Record<string, unknown> = await response.json();
    return told["status"] === "200" && told["message"] === "ok" ? readTrack(told) : null;
  }
}
