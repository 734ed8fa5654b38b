/**
 * What the checker forgets of the product's values: figures for people and rows for the books, which no decision of
 * the protocol reads. Without this every path would be a state of its own. `forget.test.ts` shows that a decision
 * on what was kept is what was kept of the decision.
 */
import { GENESIS_HASH, type Wallet } from "../../worker/accounts/points/index.ts";
import type { Order } from "../../worker/accounts/orders.ts";
import type { FinalRefusal } from "../../worker/kernel/refusal.ts";
import type { Sale, SaleTerms, Take } from "../../worker/redemption/model.ts";

const SOME_REFUSAL: FinalRefusal = { code: "sold_out", figures: {} };
const SOME_END_MS = 1_000_000_000_000;
const SOME_GRANT = { ordinal: 1, remaining: 0, atMs: 0 } as const;

/** Moments go, because the clock is an event of its own here; of a closed sale also where its units lie. */
export function forgetSale(sale: Sale): Sale {
  const isClosed = sale.status === "closed";
  return {
    ...sale,
    terms: forgetTerms(sale.terms),
    shelf: isClosed ? 0 : sale.shelf,
    movedOut: isClosed ? sale.movedOut + sale.shelf : sale.movedOut,
    granted: 0,
    firstGrantAtMs: null,
    soldOutAtMs: null,
    closedAtMs: null,
    nextWaveAtMs: null,
    nextReleaseAtMs: null,
    version: 1,
  };
}

/** The close comes when it comes, so a later end is a step that leads nowhere new. */
function forgetTerms(terms: SaleTerms): SaleTerms {
  if (terms.version === 1 && terms.closesAtMs === SOME_END_MS) return terms;
  return { ...terms, closesAtMs: SOME_END_MS, version: 1 };
}

/** A forgone id is refused for every stamp, so its own goes too. */
export function forgetTake(take: Take): Take {
  const epoch = take.state === "forgone" ? 0 : take.epoch;
  return { ...take, epoch, ordinal: 1, remaining: 0, atMs: 0 };
}

export function forgetMember(member: Wallet): Wallet {
  return { ...member, seq: 0, headHash: GENESIS_HASH };
}

/** Why it was refused, who granted it when, and whether a decided order was tapped: for people only. */
export function forgetOrder(order: Order): Order {
  return {
    ...order,
    epoch: order.hold === "refused" ? 0 : order.epoch,
    isWanted: order.hold === "pending" && order.isWanted,
    refusal: order.refusal && SOME_REFUSAL,
    grant: order.grant && SOME_GRANT,
    day: 0,
    ticketExpiresAtMs: 0,
    createdAtMs: 0,
    updatedAtMs: 0,
    version: 1,
  };
}
