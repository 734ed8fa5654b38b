/**
 * Moves the wallets by what an order's life says of its tender: points and stored value are held, taken, let go and given
 * back in the very commit that says so.
 */
import { invariant } from "../../kernel/invariant.ts";
import { LIMITS } from "../../kernel/limits.ts";
import type { OrderLife, Tender } from "../orders/index.ts";
import type { Order } from "../orders.ts";
import type { OffsetTerms as RateTerms } from "../points/index.ts";
import type { AccountStore } from "../store.ts";
import type { OffsetDesk } from "./offset-desk.ts";
import type { StoredDesk } from "./stored-desk.ts";

/** No client can name one: a client's id has no dot. */
const offsetIdOf = (orderId: string, { no }: Tender): string => `order.${orderId}.${no}`;

/** The conversion by which a tender was agreed to: its points are worth just what the life says. */
function rateOf({ points, pointsFen }: Tender): RateTerms {
  const rate = { points, fen: pointsFen };
  return { rate, pointsMin: 0, percentMax: 100, pointsMax: null };
}

export class TenderDesk {
  readonly #store: AccountStore;
  readonly #offsets: OffsetDesk;
  readonly #stored: StoredDesk;

  constructor(store: AccountStore, offsets: OffsetDesk, stored: StoredDesk) {
    this.#store = store;
    this.#offsets = offsets;
    this.#stored = stored;
  }

  /** Books the difference between two states of a life. Part of the commit that saves the second. */
  book(order: Order, before: OrderLife, after: OrderLife, nowMs: number): void {
    const was = before.tender;
    const is = after.tender;
    if (was === is || !is) return;
    const isAnother = was?.no !== is.no;
    if (was?.state === "held" && (isAnother || is.state === "released")) {
      this.#release(order, was, nowMs);
    }
    if (isAnother && is.state !== "released") this.#hold(order, is, nowMs);
    if (is.state === "taken" && (isAnother || was?.state === "held")) {
      this.#capture(order, is, nowMs);
    }
    if (is.state === "taken") this.#giveBack(order, isAnother ? null : was, is, nowMs);
  }

  #hold(order: Order, tender: Tender, nowMs: number): void {
    const { memberKey, orderId, goods } = order;
    const { points, pointsFen, storedFen } = tender;
    if (points > 0) {
      const wish = {
        ...{ memberKey, offsetId: offsetIdOf(orderId, tender), billFen: pointsFen },
        ...{ requestedPoints: points, storeId: null, note: noteOf(goods.title) },
        ...{ actor: "member", expiresAtMs: null },
      };
      const held = this.#offsets.holdFor(wish, rateOf(tender), nowMs);
      invariant(held.kind === "changed", "points of a tender were there", { kind: held.kind });
    }
    if (storedFen > 0) this.#stored.ofOrder("hold", order, tender.no, storedFen, nowMs);
  }

  #offsetOf({ memberKey, orderId }: Order, tender: Tender) {
    const offset = this.#store.offsets.find(memberKey, offsetIdOf(orderId, tender));
    invariant(offset, "a tender's points are an offset");
    return offset;
  }

  #release(order: Order, tender: Tender, nowMs: number): void {
    if (tender.points > 0) {
      this.#offsets.releaseOf(this.#offsetOf(order, tender), "voided", "system", nowMs);
    }
    if (tender.storedFen > 0) {
      this.#stored.ofOrder("release", order, tender.no, tender.storedFen, nowMs);
    }
  }

  #capture(order: Order, tender: Tender, nowMs: number): void {
    if (tender.points > 0) {
      const wish = { points: null, actor: "member" };
      const taken = this.#offsets.captureOf(this.#offsetOf(order, tender), wish, nowMs);
      invariant(taken.kind === "changed", "what is held can be taken", { kind: taken.kind });
    }
    if (tender.storedFen > 0) {
      this.#stored.ofOrder("capture", order, tender.no, tender.storedFen, nowMs);
    }
  }

  #giveBack(order: Order, was: Tender | null, is: Tender, nowMs: number): void {
    const points = is.backPoints - (was?.backPoints ?? 0);
    const storedFen = is.backStoredFen - (was?.backStoredFen ?? 0);
    if (points > 0) {
      const wish = { returnId: `r${is.backPoints}`, points, actor: "system" };
      const back = this.#offsets.returnOf(this.#offsetOf(order, is), wish, nowMs);
      invariant(back.kind === "changed", "what was taken can be returned", { kind: back.kind });
    }
    if (storedFen > 0) {
      this.#stored.ofOrder("refund", order, `${is.no}:${is.backStoredFen}`, storedFen, nowMs);
    }
  }
}

const noteOf = (title: string): string => title.slice(0, LIMITS.textMax);
