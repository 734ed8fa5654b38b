/** Codes to phones: made, kept as keyed hashes, sent through a port, and good for one sign-in. */
import { createHmac, randomInt } from "node:crypto";
import { ringOf } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import { log } from "../platform/log.ts";
import type { Vault } from "../vault/index.ts";
import type { Channels } from "./channels.ts";
import { CODE_TERMS, decideSend, mayTry, type CodeState } from "./model.ts";

/** The port through which a code leaves. `refused`: this phone cannot be reached; anything else that fails throws. */
export interface CodeNotifier {
  send(phone: string, code: string): Promise<"sent" | "refused">;
}

const GATEWAY_TIMEOUT_MS = 8_000;

/** The merchant's gateway: a signed request that names phone, code and minutes. docs/sign-in.md has its form. */
export function gatewayNotifier(url: string, secret: string): CodeNotifier {
  return {
    send: async (phone, code) => {
      const body = JSON.stringify({ phone, code, minutes: CODE_TERMS.validMs / 60_000 });
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-qiangdui-timestamp": timestamp,
          "x-qiangdui-signature": signature,
        },
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(GATEWAY_TIMEOUT_MS),
      });
      if (response.ok) return "sent";
      if (response.status === 422) return "refused";
      throw new Error(`the message gateway answered ${response.status}`);
    },
  };
}

/** Development only: the code is printed, and nobody is sent anything. */
const printingNotifier: CodeNotifier = {
  send: async (_phone, code) => {
    log("development_phone_code", { code });
    return "sent";
  },
};

export async function notifierOf(
  env: Env,
  { phone }: Channels,
  vault: Vault,
): Promise<CodeNotifier | null> {
  if (!phone.isOn) return null;
  if (phone.gatewayUrl !== null && phone.gatewaySecret !== null) {
    const secret = await vault.open("channels.phone.gatewaySecret", phone.gatewaySecret);
    return gatewayNotifier(phone.gatewayUrl, secret);
  }
  return env.DEV_LOGIN === "on" ? printingNotifier : null;
}

interface Row extends Record<string, string | number> {
  code: string;
  sent_at_ms: number;
  sends: number;
  window_at_ms: number;
  tries: number;
}

const stateOf = (row: Row): CodeState => ({
  sentAtMs: row.sent_at_ms,
  sends: row.sends,
  windowAtMs: row.window_at_ms,
  tries: row.tries,
});

export class PhoneDesk {
  readonly #env: Env;
  readonly #programmeId: string;

  constructor(env: Env, programmeId: string) {
    this.#env = env;
    this.#programmeId = programmeId;
  }

  /** A hash that nobody without the deployment's secret can try six digits against. */
  #hash(print: string, code: string): string {
    const [{ secret }] = ringOf(this.#env.SESSION_KEYS);
    return createHmac("sha256", secret)
      .update(`phone-code.v1 ${this.#programmeId} ${print} ${code}`)
      .digest("base64url");
  }

  #row(print: string): Promise<Row | null> {
    return this.#env.DB.prepare(
      "SELECT code, sent_at_ms, sends, window_at_ms, tries FROM phone_codes WHERE programme_id = ?1 AND print = ?2",
    )
      .bind(this.#programmeId, print)
      .first<Row>();
  }

  /** The code to be sent, or how long to wait for the next. */
  async make(
    print: string,
    nowMs: number,
  ): Promise<{ readonly code: string } | { readonly waitMs: number }> {
    const row = await this.#row(print);
    const decision = decideSend(row && stateOf(row), nowMs);
    if (!decision.ok) return { waitMs: decision.waitMs };
    const code = String(randomInt(10 ** CODE_TERMS.digits)).padStart(CODE_TERMS.digits, "0");
    const { sentAtMs, sends, windowAtMs } = decision.next;
    const written = await this.#env.DB.prepare(
      `INSERT INTO phone_codes (programme_id, print, code, sent_at_ms, sends, window_at_ms, tries)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
       ON CONFLICT (programme_id, print) DO UPDATE SET code = ?3, sent_at_ms = ?4, sends = ?5, window_at_ms = ?6, tries = 0
       WHERE phone_codes.sent_at_ms = ?7`,
    )
      .bind(
        ...[this.#programmeId, print, this.#hash(print, code), sentAtMs, sends, windowAtMs],
        row?.sent_at_ms ?? -1,
      )
      .run();
    // Two requests at once: one code is sent, and the other waits like anybody.
    return written.meta.changes === 1 ? { code } : { waitMs: CODE_TERMS.pauseMs };
  }

  /** Counts the try before it compares, so that nobody tries more often by trying at once. */
  async isRight(print: string, code: string, nowMs: number): Promise<boolean> {
    const row = await this.#env.DB.prepare(
      `UPDATE phone_codes SET tries = tries + 1 WHERE programme_id = ?1 AND print = ?2
       RETURNING code, sent_at_ms, sends, window_at_ms, tries - 1 AS tries`,
    )
      .bind(this.#programmeId, print)
      .first<Row>();
    return row !== null && mayTry(stateOf(row), nowMs) && row.code === this.#hash(print, code);
  }

  /** A code signs in once; how often one was sent stays known. */
  async use(print: string): Promise<void> {
    await this.#env.DB.prepare(
      "UPDATE phone_codes SET code = '' WHERE programme_id = ?1 AND print = ?2",
    )
      .bind(this.#programmeId, print)
      .run();
  }
}
