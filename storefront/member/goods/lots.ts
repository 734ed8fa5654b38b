import type { WalletView } from "../../../worker/pages/wire.ts";

/** Which points would pay: of each deadline, so many. */
export interface LotsView {
  readonly active: number;
  readonly held: number;
  readonly parts: readonly {
    readonly expiresAtMs: number | null;
    readonly points: number;
    readonly taken: number;
  }[];
}

/** What lapses first pays first, as the server takes it. Points that still wait pay nothing. */
export function lotsFor(wallet: WalletView, price: number, nowMs: number): LotsView {
  const usable = wallet.lots
    .filter(
      ({ remaining, pendingUntilMs, expiresAtMs }) =>
        remaining > 0 &&
        (pendingUntilMs === null || pendingUntilMs <= nowMs) &&
        (expiresAtMs === null || expiresAtMs > nowMs),
    )
    .sort((a, b) => (a.expiresAtMs ?? Infinity) - (b.expiresAtMs ?? Infinity));
  const byDeadline = new Map<number | null, number>();
  for (const { expiresAtMs, remaining } of usable) {
    byDeadline.set(expiresAtMs, (byDeadline.get(expiresAtMs) ?? 0) + remaining);
  }
  let open = price;
  const parts = [...byDeadline].flatMap(([expiresAtMs, points]) => {
    const taken = Math.min(open, points);
    open -= taken;
    return taken > 0 ? [{ expiresAtMs, points, taken }] : [];
  });
  return { active: wallet.active, held: wallet.held, parts };
}
