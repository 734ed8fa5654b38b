/** Where a parcel is: the port, and the protocol of Kuaidi100 (快递100) behind it. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import type { ParcelState, Track } from "./core/index.ts";

export interface Logistics {
  track(carrier: string, trackingNo: string, phoneTail: string): Promise<TrackAnswer>;
  /** Asks for news by themselves from now on; false: they have to be asked for. */
  subscribe(parcel: ParcelNumber, phoneTail: string, callback: Callback): Promise<boolean>;
}

/** `unknown`: the service knows nothing of the parcel. `silence`: it does not answer, or nothing that can be read. */
export type TrackAnswer = Track | "unknown" | "silence";

export interface ParcelNumber {
  readonly carrier: string;
  readonly trackingNo: string;
}

/** Where news are sent to, and what makes them believable. */
export interface Callback {
  readonly url: string;
  readonly salt: string;
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

/** What news for a programme are salted with; nobody but the service and this server can make it. */
export function pushSalt({ customer, key }: Kuaidi100Account, programmeId: string): string {
  return createHash("sha256")
    .update(`push\n${customer}\n${key}\n${programmeId}`)
    .digest("hex")
    .slice(0, 32);
}

/** Whether the service sent this: MD5 over the text as it came and the salt. */
export function isPush(param: string, sign: string, salt: string): boolean {
  const wanted = Buffer.from(md5(param + salt));
  const given = Buffer.from(sign.toUpperCase());
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

export interface News extends ParcelNumber {
  readonly track: Track;
}

/** Reads what the service sends by itself; null: no news of a parcel, which is answered all the same. */
export function readPush(param: string): News | null {
  try {
    const told = JSON.parse(param) as { lastResult?: Record<string, unknown> };
    const last = told.lastResult ?? {};
    const track = readTrack(last);
    const [carrier, trackingNo] = [last["com"], last["nu"]];
    if (!track || typeof carrier !== "string" || typeof trackingNo !== "string") return null;
    return { carrier, trackingNo, track };
  } catch {
    return null;
  }
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

/** Taken, and taken before. */
const SUBSCRIBED: ReadonlySet<string> = new Set(["200", "501"]);

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

  async subscribe(
    { carrier, trackingNo }: ParcelNumber,
    phoneTail: string,
    { url, salt }: Callback,
  ): Promise<boolean> {
    const { key, origin } = this.#account;
    const parameters = { callbackurl: url, salt, resultv2: "4", phone: phoneTail };
    const param = JSON.stringify({ company: carrier, number: trackingNo, key, parameters });
    const response = await this.#fetch(`${origin}/poll`, {
      method: "POST",
      body: new URLSearchParams({ schema: "json", param }),
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    if (!response.ok) return false;
    const { returnCode } = await response.json<{ returnCode?: unknown }>();
    return SUBSCRIBED.has(String(returnCode));
  }

  async track(carrier: string, trackingNo: string, phoneTail: string): Promise<TrackAnswer> {
    const param = JSON.stringify({
      ...{ com: carrier, num: trackingNo, phone: phoneTail },
      ...{ resultv2: "4", show: "0", order: "desc" },
    });
    const { customer, origin } = this.#account;
    const body = new URLSearchParams({ customer, sign: querySign(param, this.#account), param });
    const told = await this.#query(`${origin}/poll/query.do`, body);
    if (told === null) return "silence";
    const track = told["status"] === "200" && told["message"] === "ok" ? readTrack(told) : null;
    return track ?? "unknown";
  }

  async #query(url: string, body: URLSearchParams): Promise<Record<string, unknown> | null> {
    try {
      const response = await this.#fetch(url, {
        method: "POST",
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      if (!response.ok) return null;
      const told: unknown = await response.json();
      return typeof told === "object" && told !== null ? { ...told } : null;
    } catch (error) {
      log("courier_silent", { error: describeError(error) });
      return null;
    }
  }
}
