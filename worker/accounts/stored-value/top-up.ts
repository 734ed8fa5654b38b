/** A payment by which money comes in: asked about until its provider says what became of it. Pure. */
export interface TopUp {
  readonly memberKey: string;
  /** Made by the client; one payment. */
  readonly topUpId: string;
  readonly paymentId: string;
  readonly provider: string;
  readonly scene: string;
  readonly amountFen: number;
  /** `closed`: the provider takes no money for it any more. */
  readonly state: "open" | "paid" | "closed";
  readonly createdAtMs: number;
  readonly payByMs: number;
  /** When the provider is asked next; null: nothing to ask. */
  readonly askAtMs: number | null;
  readonly tries: number;
  /** Money that came, once per transaction of the provider. */
  readonly receipts: readonly TopUpReceipt[];
}

export interface TopUpReceipt {
  readonly txnId: string;
  readonly amountFen: number;
  readonly paidAtMs: number;
}

export const TOP_UP_WITHIN_MS = 1_800_000;
const FIRST_ASK_MS = 30_000;
const ASK_MS_MAX = 3_600_000;

export type NewTopUp = Pick<
  TopUp,
  "memberKey" | "topUpId" | "paymentId" | "provider" | "scene" | "amountFen"
>;

export function beginTopUp(wish: NewTopUp, nowMs: number): TopUp {
  return {
    ...wish,
    ...{ state: "open", createdAtMs: nowMs, payByMs: nowMs + TOP_UP_WITHIN_MS },
    ...{ askAtMs: nowMs + FIRST_ASK_MS, tries: 0, receipts: [] },
  };
}

/** Before a call goes out its next try is written down, so that one that is never answered is made again. */
export function claimTopUp(topUp: TopUp, nowMs: number): TopUp {
  const waitMs = Math.min(ASK_MS_MAX, FIRST_ASK_MS * 2 ** Math.min(topUp.tries, 10));
  return { ...topUp, askAtMs: nowMs + waitMs, tries: topUp.tries + 1 };
}

export const isOverdue = ({ payByMs }: TopUp, nowMs: number): boolean => payByMs <= nowMs;

/** What came is the member's, whatever was asked for and whenever it came: a transaction counts once. */
export function receivedTopUp(topUp: TopUp, money: TopUpReceipt): TopUp | null {
  if (topUp.receipts.some(({ txnId }) => txnId === money.txnId)) return null;
  return { ...topUp, state: "paid", askAtMs: null, receipts: [...topUp.receipts, money] };
}

export function closedTopUp(topUp: TopUp): TopUp {
  return topUp.state === "open" ? { ...topUp, state: "closed", askAtMs: null } : topUp;
}
