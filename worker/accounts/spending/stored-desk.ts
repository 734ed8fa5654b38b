/** Stored value of members: money comes in by payments, and pays for orders. Runs inside a commit. */
import { invariant } from "../../kernel/invariant.ts";
import type { Order } from "../orders.ts";
import {
  beginTopUp,
  bookStored,
  closedTopUp,
  receivedTopUp,
  type NewTopUp,
  type StoredEntryType,
  type TopUp,
  type TopUpReceipt,
} from "../stored-value/index.ts";
import type { AccountStore } from "../store.ts";
import type { BeginTopUpReply, Refused, StoredPage, StoredTerms } from "./messages.ts";

const refused = (reason: string, figures: Readonly<Record<string, number>> = {}): Refused => ({
  kind: "refused",
  refusal: { code: "conflict", figures: { reason, ...figures } },
});

export class StoredDesk {
  readonly #store: AccountStore;

  constructor(store: AccountStore) {
    this.#store = store;
  }

  page(memberKey: string, terms: StoredTerms, beforeSeq: number, count: number): StoredPage {
    const { stored } = this.#store;
    const { balanceFen, heldFen, seq } = stored.wallet(memberKey);
    return {
      kind: "stored_value",
      ...{ balanceFen, heldFen, seq, terms },
      ...stored.page(memberKey, beforeSeq, count),
      open: stored.openTopUps(memberKey).filter(({ state }) => state === "open"),
    };
  }

  /** The same id again is the same top-up; it is paid in one way. */
  begin(wish: NewTopUp, terms: StoredTerms, nowMs: number): BeginTopUpReply {
    const { stored } = this.#store;
    const known = stored.topUp(wish.memberKey, wish.topUpId);
    if (known) {
      const isSame = known.amountFen === wish.amountFen && known.paymentId === wish.paymentId;
      if (!isSame)
        return {
          kind: "refused",
          refusal: { code: "idempotency_mismatch", figures: { fields: "amountFen" } },
        };
      return known.state === "closed" || known.payByMs <= nowMs
        ? refused("top_up_closed")
        : { kind: "top_up", topUp: known };
    }
    const { isOn, topUpMinFen, topUpMaxFen, balanceMaxFen } = terms;
    if (!isOn) return refused("stored_value_off");
    const { amountFen } = wish;
    if (amountFen < topUpMinFen || amountFen > topUpMaxFen) {
      return refused("top_up_amount", { minFen: topUpMinFen, maxFen: topUpMaxFen });
    }
    const { balanceFen, heldFen } = stored.wallet(wish.memberKey);
    if (balanceFen + heldFen + amountFen > balanceMaxFen) {
      return refused("stored_value_full", { maxFen: balanceMaxFen, balanceFen });
    }
    const topUp = beginTopUp(wish, nowMs);
    stored.saveTopUp(topUp);
    return { kind: "top_up", topUp };
  }

  /** Money that came for a top-up is the member's, once a transaction, however late and whatever the amount. */
  receive(memberKey: string, topUpId: string, money: TopUpReceipt, nowMs: number): TopUp | null {
    const { stored } = this.#store;
    const known = stored.topUp(memberKey, topUpId);
    if (!known) return null;
    const paid = receivedTopUp(known, money);
    if (!paid) return known;
    const naturalKey = `top_up:${known.provider}:${money.txnId}`;
    const cause = { naturalKey, orderId: null, sourceId: known.paymentId, note: "" };
    this.#book(memberKey, "top_up", money.amountFen, cause, nowMs);
    stored.saveTopUp(paid);
    return paid;
  }

  closed(memberKey: string, topUpId: string): void {
    const { stored } = this.#store;
    const known = stored.topUp(memberKey, topUpId);
    if (known) stored.saveTopUp(closedTopUp(known));
  }

  /** A step of an order's tender, once for its natural key. */
  ofOrder(
    type: Exclude<StoredEntryType, "top_up">,
    order: Order,
    name: number | string,
    fen: number,
    nowMs: number,
  ): void {
    const { memberKey, orderId, goods } = order;
    const naturalKey = `${type}:${orderId}:${name}`;
    const cause = { naturalKey, orderId, sourceId: null, note: goods.title };
    this.#book(memberKey, type, fen, cause, nowMs);
  }

  #book(
    memberKey: string,
    type: StoredEntryType,
    fen: number,
    cause: Parameters<typeof bookStored>[3],
    nowMs: number,
  ): void {
    const { stored } = this.#store;
    const isKnown = (key: string): boolean => stored.isKnown(memberKey, key);
    const outcome = bookStored(stored.wallet(memberKey), type, fen, cause, isKnown, nowMs);
    invariant(outcome.kind !== "refused", "stored value was there when it was agreed to", { type });
    if (outcome.kind === "booked") stored.save(outcome.wallet, outcome.entry);
  }
}
