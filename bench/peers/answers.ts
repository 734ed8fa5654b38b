/** What a peer's database says about a redemption, and how that is told over HTTP and at the door. */
import type { Code, Figures } from "../../worker/kernel/refusal.ts";

export interface Redemption {
  readonly memberKey: string;
  readonly saleId: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly epoch: number;
  readonly nowMs: number;
}

/** A row's outcome: a code and up to two figures, so that script and function answer alike. */
export interface Word {
  readonly code: string;
  readonly first: number;
  readonly second: number;
  /** Which unit of the sale, counted from 1; 0 where there is none. */
  readonly ordinal: number;
  readonly isReplay: boolean;
}

export interface Granted {
  readonly kind: "granted";
  readonly points: number;
  readonly remaining: number;
  readonly ordinal: number;
  readonly isReplay: boolean;
}

export interface Refused {
  readonly kind: "refused";
  readonly code: Code;
  readonly figures: Figures | Readonly<Record<string, unknown>>;
}

export type Answer = Granted | Refused;

const refused = (code: Code, figures: Refused["figures"] = {}): Refused => ({
  kind: "refused",
  code,
  figures,
});

/** Bits of a mismatch, as script and function count them. */
const FIELDS = ["saleId", "quantity", "epoch"] as const;

/** Codes and figures of docs/contract.md. Throws for a word that no script of ours says. */
export function answerOf(word: Word): Answer {
  const { code, first, second, ordinal, isReplay } = word;
  switch (code) {
    case "granted":
      return { kind: "granted", points: first, remaining: second, ordinal, isReplay };
    case "sold_out":
      return refused("sold_out", { remaining: first });
    case "limit_reached":
      return refused("limit_reached", { limit: first, used: second });
    case "points_insufficient":
      return refused("points_insufficient", { needed: first, active: second });
    case "not_open":
      return refused("not_open", { opensInMs: first });
    case "closed":
      return refused("closed", { closedAtMs: first });
    case "mismatch":
      return refused("idempotency_mismatch", {
        fields: FIELDS.filter((_, bit) => (first & (1 << bit)) !== 0),
      });
    case "too_many":
      return refused("invalid", {
        errors: [{ path: "quantity", message: `one order may have ${first} at most` }],
      });
    case "held":
      return refused("conflict", { reason: "these points are held for a take" });
    case "not_found":
      return refused("not_found");
    default:
      throw new Error(`the database answered "${code}"`);
  }
}
