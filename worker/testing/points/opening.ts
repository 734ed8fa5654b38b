/** A wallet that something was credited to, for tests of what comes after. */
import { credit, newWallet, NO_LEDGER, type Wallet } from "../../accounts/points/index.ts";
import { bookedOr, causeOf } from "./purse.ts";

export interface Opening {
  readonly points: number;
  readonly expiresAtMs?: number | null;
}

/** One lot a credit, numbered from 1 in their order. */
export function walletWith(memberKey: string, credits: readonly Opening[], nowMs: number): Wallet {
  let wallet = newWallet(memberKey);
  credits.forEach(({ points, expiresAtMs }, at) => {
    const command = {
      type: "manual_credit",
      points,
      source: "manual",
      originId: null,
      expiresAtMs: expiresAtMs ?? null,
      pending: { kind: "none" },
      cause: causeOf(`grant:${at}`, nowMs),
    } as const;
    ({ wallet } = bookedOr(credit(wallet, command, NO_LEDGER, nowMs)));
  });
  return wallet;
}
