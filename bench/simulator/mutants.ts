/**
 * Rules of the protocol and promises of the platform, each dropped by itself, and the invariants that must notice.
 * The rules are switches, which nothing in the product can change; mutated.ts sets them.
 */
import type { Law } from "../../worker/redemption/law.ts";
import type { CashLaw } from "../../worker/accounts/orders/law.ts";
import type { RightsLaw } from "../../worker/fulfilment/core/law.ts";
import type { AlipayLaw } from "../../worker/payments/alipay/law.ts";
import type { CashPlan } from "./cash/plan.ts";
import { LOSES } from "./losses.ts";
import type { PlatformLaw } from "./runtime/simulation.ts";

export interface Mutant {
  /** As in docs/protocol.md. */
  readonly id: string;
  readonly says: string;
  readonly rule?: keyof Law;
  /** Of worker/accounts/orders/law.ts, which nothing in the product can change either. */
  readonly cashRule?: keyof CashLaw;
  /** Of worker/fulfilment/core/law.ts, likewise. */
  readonly rightsRule?: keyof RightsLaw;
  /** Of worker/payments/alipay/law.ts, likewise. */
  readonly alipayRule?: keyof AlipayLaw;
  readonly platform?: Partial<PlatformLaw>;
  /** Faults that bring it out, so that few lives suffice; as for `--faults`. */
  readonly faults?: string;
  /** Share of the small lives whose orders are walked to their end, where the rule is one of theirs. */
  readonly walks?: number;
  /** What those lives sell, where it matters. */
  readonly life?: Partial<CashPlan>;
  /** Empty: it survives by nature, and `why` says so. */
  readonly killedBy: readonly string[];
  readonly why?: string;
}

const MANY_CRASHES = "all,crash_any_time=0.05,crash_after_commit=0.1";
const REDUNDANT = "the Sku's mark is redundant with the Account's own asking; its loss is latency";

export const MUTANTS: readonly Mutant[] = [
  {
    id: "M1",
    says: "no idempotency at the Sku",
    rule: "idempotentTake",
    killedBy: ["I1", "I5", "I6"],
  },
  {
    id: "M2",
    says: "a hold is void when no answer comes",
    rule: "holdOutlivesTimeout",
    killedBy: ["I5", "I6"],
  },
  { id: "M3", says: "no epoch check", rule: "epochCheck", killedBy: ["I8"] },
  { id: "M4", says: "a wave does not raise the epoch", rule: "waveRaisesEpoch", killedBy: ["I3"] },
  {
    id: "M4b",
    says: "a restock does not raise the epoch",
    rule: "restockRaisesEpoch",
    killedBy: ["I3"],
  },
  { id: "M5", says: "a void order id lives again", rule: "voidIsForEver", killedBy: ["I5", "I6"] },
  { id: "M8", says: "a grant settles twice", rule: "settleOnce", killedBy: ["I4"] },
  { id: "M9", says: "a cancel counts twice at the Sku", rule: "cancelOnceAtSku", killedBy: ["I1"] },
  {
    id: "M9b",
    says: "a cancel counts twice at the Account",
    rule: "cancelOnceAtAccount",
    killedBy: ["I4"],
  },
  {
    id: "M10",
    says: "the Account's cancel is not in the commit of its outbox row",
    faults: "all,crash_any_time=0.01,crash_after_commit=0.02",
    platform: { forgetsOnCrash: [LOSES.cancels] },
    killedBy: ["I5"],
  },
  {
    id: "M10b",
    says: "the Sku's mark of what is settled runs ahead of the truth",
    platform: { forgetsOnCrash: [LOSES.grants] },
    killedBy: [],
    why: REDUNDANT,
  },
  {
    id: "M10c",
    says: "the same, and nobody asks again",
    platform: { forgetsOnCrash: [LOSES.grants], wakes: false },
    killedBy: ["I5"],
  },
  { id: "M11", says: "no alarm, no sweep", platform: { wakes: false }, killedBy: ["I5"] },
  {
    id: "M12",
    says: "the limit counts posted holds only",
    rule: "limitCountsPending",
    killedBy: ["I7"],
  },
  {
    id: "M13",
    says: "the Sku tells no Account of its grants",
    platform: { deaf: ["Sku→Account.settle"] },
    killedBy: [],
    why: REDUNDANT,
  },
  {
    id: "M13b",
    says: "the same, and nobody asks again",
    platform: { deaf: ["Sku→Account.settle"], wakes: false },
    killedBy: ["I5"],
  },
  {
    id: "H4",
    says: "not open is taken for a refusal",
    rule: "notOpenIsNoVerdict",
    killedBy: ["I5", "I6"],
  },
  {
    id: "H5",
    says: "an alarm takes for an unused ticket",
    rule: "ticketIsProbed",
    killedBy: ["I9"],
  },
  {
    id: "H6",
    says: "a refusal for limit or points has no row",
    rule: "refusalIsRecorded",
    killedBy: ["I6"],
  },
  {
    id: "H7",
    says: "a cancel voids a pending hold",
    rule: "cancelNeverVoidsPending",
    faults: "all,socket_cut=0.3,abandon=0",
    killedBy: ["I5", "I6"],
  },
  {
    id: "H11",
    says: "a cancelled unit is back on the shelf at once",
    rule: "cancelToReturned",
    killedBy: ["I3"],
  },
  {
    id: "H12",
    says: "replies leave before the commit",
    platform: { holdsOutput: false },
    killedBy: ["I4", "I5", "I6"],
  },
  {
    id: "H13",
    says: "the epoch is checked before the known id",
    rule: "knownIdFirst",
    killedBy: ["I5", "I6"],
  },
  {
    id: "H17",
    says: "a frozen notice names the last epoch's grants only",
    rule: "frozenNoticeComplete",
    faults: "all,restock_race=0.9,close_race=0.5",
    killedBy: ["I5", "I6"],
  },
  {
    id: "X1",
    says: "an exchange voids without the Sku's word",
    rule: "exchangeAsksFirst",
    faults: "all,restock_race=0.9,hasty_exchange=0.9,socket_cut=0.3",
    killedBy: ["I5", "I6", "I7"],
  },
  { id: "X2", says: "an early tap counts", rule: "earlyTapMarksNothing", killedBy: ["I9"] },
  {
    id: "F1",
    says: "a client retries under a new id",
    platform: { clientsKeepIds: false },
    faults: "all,http_cut=0.2",
    killedBy: ["I7"],
  },
  {
    id: "E1",
    says: "a till reports an order again under a new number",
    platform: { clientsKeepIds: false },
    faults: "http_cut=0.3",
    killedBy: ["E1"],
  },
  {
    id: "E2",
    says: "entries of earning are not in the commit of what caused them",
    platform: {
      forgetsOnCrash: ["Account: DELETE FROM entries WHERE natural_key LIKE 'earn_order:%'"],
    },
    faults: "all,crash_any_time=0.01,crash_after_commit=0.02",
    killedBy: ["E1", "I10"],
  },
  {
    id: "E3",
    says: "a claw-back forgets under which key it was taken",
    platform: {
      forgetsOnCrash: [
        "Account: UPDATE entries SET natural_key = natural_key || '.' || seq WHERE type = 'clawback'",
      ],
    },
    faults: "all,crash_any_time=0.01,http_cut=0.3",
    killedBy: ["E2", "I10"],
  },
  {
    id: "L1",
    says: "the number of a ledger's newest entry is not in the commit of the entry, and is given again",
    platform: { forgetsOnCrash: [LOSES.lastNumber] },
    faults: "all,crash_any_time=0.01,crash_after_commit=0.02",
    killedBy: ["I10"],
  },
  {
    id: "F2",
    says: "D1 takes an older version for a newer one",
    platform: { guardsVersions: false },
    faults: "all,duplicate=0.2,d1_partial_ack=0.2",
    killedBy: ["D1"],
  },
  {
    id: "F3",
    says: "a restart voids what is pending",
    platform: { restartVoids: true },
    killedBy: ["I5", "I6"],
  },
  {
    id: "C1",
    says: "money counts each time it is told",
    cashRule: "moneyCountsOnce",
    walks: 1,
    faults: "all,notice_twice=0.5",
    killedBy: ["C1", "I10"],
  },
  {
    id: "C2",
    says: "an order that ends keeps what was paid",
    cashRule: "endPaysBack",
    walks: 1,
    killedBy: ["C2"],
  },
  {
    id: "C3",
    says: "payments of an order that ended stay open",
    cashRule: "endClosesPayments",
    walks: 1,
    killedBy: ["C1", "C3"],
  },
  {
    id: "C4",
    says: "late money stays",
    cashRule: "lateMoneyGoesBack",
    walks: 1,
    faults: "all,notice_late=0.5",
    killedBy: ["I10"],
  },
  {
    id: "C5",
    says: "a refund has another number each time it is sent",
    cashRule: "refundKeepsItsNumber",
    walks: 1,
    faults: "all,bank_silent=0.3",
    killedBy: ["C1", "C3"],
  },
  {
    id: "C6",
    says: "a payment that is still on its way to the bank is taken for closed",
    cashRule: "unknownIsNotClosed",
    walks: 1,
    faults: "all,notice_lost=0.5,delay=0.1",
    killedBy: ["C1"],
  },
  {
    id: "A1",
    says: "a trade that Alipay has not heard of is taken for closed, while its cashier can still be opened",
    alipayRule: "unknownTradeMayBePaid",
    walks: 1,
    faults: "all,notice_lost=0.5,pays_late=0.3",
    life: { provider: "alipay", opensLate: true },
    killedBy: ["C1"],
  },
  {
    id: "A2",
    says: "the time of a trade that Alipay has not heard of is over by a clock of ours that is an hour ahead",
    alipayRule: "timeIsItsOwn",
    walks: 1,
    faults: "all,clock_skew=0.9,crash_any_time=0.01,notice_lost=0.5",
    life: { provider: "alipay", opensLate: true },
    killedBy: ["C1"],
  },
  {
    id: "T1",
    says: "what a till captured is not in the commit of its points",
    platform: { forgetsOnCrash: [LOSES.captures] },
    faults: MANY_CRASHES,
    walks: 1,
    life: { spends: true },
    killedBy: ["T1", "I4"],
  },
  {
    id: "T2",
    says: "the hour of a till's hold is not in the commit of the hold",
    platform: { forgetsOnCrash: ["Account: UPDATE offsets SET due_at_ms = NULL"] },
    faults: MANY_CRASHES,
    walks: 1,
    life: { spends: true },
    killedBy: ["T2"],
  },
  {
    id: "T3",
    says: "an order that ends keeps the points and the stored value that paid for it",
    cashRule: "endReturnsTender",
    walks: 1,
    life: { spends: true },
    killedBy: ["I10", "S2", "T3"],
  },
  {
    id: "S1",
    says: "money that a member brought in is not in the commit of its top-up",
    platform: { forgetsOnCrash: [LOSES.savings] },
    faults: MANY_CRASHES,
    walks: 1,
    life: { spends: true },
    killedBy: ["S1"],
  },
  {
    id: "W1",
    says: "two clerks take the same use",
    rightsRule: "usesAreGuarded",
    faults: "none",
    walks: 1,
    life: { goods: "coupon" },
    killedBy: ["W1"],
  },
  {
    id: "W2",
    says: "a use is taken without asking its order",
    rightsRule: "orderAgreesToUse",
    faults: "none",
    walks: 1,
    life: { goods: "local_service" },
    killedBy: ["W2"],
  },
  {
    id: "W3",
    says: "what a clerk's broken connection left half done stays so",
    rightsRule: "halfDoneIsFinished",
    faults: "overloaded=0.4,drop_request=0.1",
    walks: 1,
    life: { goods: "local_service" },
    killedBy: ["W3"],
  },
  {
    id: "U1",
    says: "an order is taken back while its supplier is at work",
    rightsRule: "orderAgreesToTopUp",
    walks: 1,
    life: { goods: "virtual" },
    killedBy: ["U1"],
  },
  {
    id: "U2",
    says: "a supplier that was silent is asked under another number",
    rightsRule: "topUpKeepsItsNumber",
    faults: "all,supplier_silent=0.5",
    walks: 1,
    life: { goods: "virtual" },
    killedBy: ["U1", "U2", "C3"],
  },
  {
    id: "V1",
    says: "the codes of an order are not in the commit of its issue",
    platform: {
      forgetsOnCrash: ["CodeVault: UPDATE codes SET state = 'free', order_key = NULL"],
    },
    faults: MANY_CRASHES,
    walks: 1,
    life: { goods: "card_code" },
    killedBy: ["V1"],
  },
  {
    id: "V2",
    says: "a vault forgets to whom it issued and issues again",
    platform: { forgetsOnCrash: ["CodeVault: DELETE FROM issues"] },
    faults: MANY_CRASHES,
    walks: 1,
    life: { goods: "card_code" },
    killedBy: ["V1"],
  },
  {
    id: "V3",
    says: "codes are taken back before it is written down that their order is paid back",
    cashRule: "takingBackIsWrittenDown",
    faults: "drop_reply=0.5,drop_request=0.1",
    walks: 1,
    life: { goods: "card_code" },
    killedBy: ["V1"],
  },
];

export function findMutant(id: string): Mutant | undefined {
  return MUTANTS.find((mutant) => mutant.id.toLowerCase() === id.toLowerCase());
}
