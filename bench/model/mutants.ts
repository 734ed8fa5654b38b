/**
 * Holes and mutants: one rule dropped or bent, the smallest bounds in which that shows, and what it breaks. Holes (H)
 * are designs that looked right, mutants (M) are rules left out, P and X came out of reviews.
 */
import { AS_BUILT, type RuleChange } from "./rules.ts";

export interface Mutant {
  readonly id: string;
  /** What is dropped, as a sentence's middle. */
  readonly what: string;
  readonly change: RuleChange;
  readonly configuration: string;
  /** The invariant that must notice; null: a safe variant, which every invariant must survive. */
  readonly breaks: string | null;
  /** The rules under which the same bounds hold; empty for the fixed ones. */
  readonly mended: RuleChange;
}

const GATE_FROZEN = { gateCache: "frozen" } as const;
const NOTICE = { accountNotice: true } as const;
const WORKER_FROZEN = { ...NOTICE, workerAnswersFrozen: true } as const;

const mutant = (
  id: string,
  what: string,
  configuration: string,
  breaks: string | null,
  change: RuleChange,
  mended: RuleChange = {},
): Mutant => ({ id, what, configuration, breaks, change, mended });

/** What a hold's stamp is, and what a refusal is final for. */
const STAMPS: readonly Mutant[] = [
  mutant(
    "H1",
    "a ticketed hold is re-stamped on `stale`, after the Gate answered `sold_out`",
    "K1",
    "I6",
    {
      restamp: "on_stale",
      comparesStampOnPost: false,
    },
  ),
  mutant("H1any", "a hold is re-stamped whenever its client asks", "K1", "I6", {
    restamp: "any_time",
    comparesStampOnPost: false,
  }),
  mutant("H1hint", "re-stamping on `stale`, while the Gate's refusal is no verdict", "K1", null, {
    restamp: "on_stale",
    gateRefusalIsFinal: false,
  }),
  mutant("H1hint2", "re-stamping at any time, while the Gate's refusal is no verdict", "K1", "I8", {
    restamp: "any_time",
    gateRefusalIsFinal: false,
  }),
  mutant("H2", "a refusal of an older stamp voids a re-stamped hold", "K1", "I5", {
    restamp: "direct_on_stale",
    law: { refusalNamesStamp: false },
  }),
  mutant("H14", "`ahead` is a verdict", "K1", "I6", {
    futureStamp: true,
    law: { aheadIsNoVerdict: false },
  }),
  mutant("H14b", "holds are stamped ahead, and a closed sale never answers them", "K1", "I5", {
    futureStamp: true,
  }),
  mutant("M3", "no `stale`: any stamp is granted", "K1", "I8", { law: { epochCheck: false } }),
  mutant("M5", "a void id may be held again", "K1", "I6", { law: { voidIsForEver: false } }),
];

/** Who may answer an order id without the Sku. */
const CACHES: readonly Mutant[] = [
  mutant(
    "H3",
    "a Gate refuses every stamp once it heard `sold_out`",
    "Kcrash",
    "I6",
    { gateCache: "any_stamp" },
    GATE_FROZEN,
  ),
  mutant(
    "H3b",
    "a Gate refuses the stamps of that epoch, not knowing who was granted",
    "Kcrash",
    "I6",
    { gateCache: "its_epoch" },
    GATE_FROZEN,
  ),
  mutant("H3c", "a Worker refuses an order id from a cached `sold_out`", "K1", "I6", {
    workerCache: true,
  }),
  mutant(
    "H3d",
    "a Gate answers from a notice, and holds are re-stamped",
    "K1",
    "I8",
    { ...GATE_FROZEN, restamp: "any_time" },
    GATE_FROZEN,
  ),
  mutant(
    "H17",
    "a notice names the grants of its epoch only",
    "K3",
    "I5",
    { ...NOTICE, law: { frozenNoticeComplete: false } },
    NOTICE,
  ),
  mutant(
    "H17b",
    "Accounts take notices, and holds are re-stamped",
    "K1",
    "I6",
    { ...NOTICE, restamp: "on_stale", comparesStampOnPost: false },
    NOTICE,
  ),
  mutant(
    "H18",
    "a Gate's epoch is frozen once a larger order was refused",
    "Kqty",
    "I6",
    { ...GATE_FROZEN, law: { frozenMeansEmptyShelf: false } },
    GATE_FROZEN,
  ),
  mutant(
    "H18b",
    "an Account's epoch is frozen once a larger order was refused",
    "Kqty",
    "I3",
    { ...NOTICE, law: { frozenMeansEmptyShelf: false } },
    NOTICE,
  ),
  mutant(
    "H20",
    "an Account refuses without a row, and the request names no epoch",
    "Kbody2",
    "I6",
    { ...NOTICE, rowlessRefusal: true },
    { ...NOTICE, rowlessRefusal: true, requestNamesEpoch: true },
  ),
  mutant(
    "H20b",
    "a Worker answers from a notice, and the request names no epoch",
    "Kbody2",
    "I6",
    WORKER_FROZEN,
    { ...WORKER_FROZEN, requestNamesEpoch: true },
  ),
  mutant(
    "H20c",
    "a Worker answers from a notice, and holds without a ticket are re-stamped",
    "Kbody2",
    "I6",
    { ...WORKER_FROZEN, requestNamesEpoch: true, restamp: "direct_on_stale" },
    { ...WORKER_FROZEN, requestNamesEpoch: true, rowlessRefusal: true },
  ),
  mutant(
    "P2",
    "an Account posts on a Bloom filter's `present`",
    "K1",
    "I5",
    { ...NOTICE, noticeForm: "bloom_present_is_granted" },
    { ...NOTICE, noticeForm: "bloom" },
  ),
  mutant(
    "P2b",
    "a Gate answers granted on a Bloom filter's `present`",
    "K1",
    "I6",
    { ...GATE_FROZEN, noticeForm: "bloom_present_is_granted" },
    { ...GATE_FROZEN, noticeForm: "bloom" },
  ),
  mutant(
    "P2c",
    "a Worker answers granted on a Bloom filter's `present`",
    "Kbody2",
    "I6",
    { ...WORKER_FROZEN, requestNamesEpoch: true, noticeForm: "bloom_present_is_granted" },
    { ...WORKER_FROZEN, requestNamesEpoch: true, noticeForm: "bloom" },
  ),
  mutant(
    "P2d",
    "a Gate's list has the grants of its epoch only, and it answers older stamps",
    "Kgate",
    "I6",
    { ...GATE_FROZEN, gateListsAllEpochs: false },
    GATE_FROZEN,
  ),
];

/** The product's own way: a Worker refuses from its Account's filter of known ids. */
const SHARES: readonly Mutant[] = [
  mutant(
    "S1",
    "a Worker's share of known ids covers every stamp",
    "Kshare",
    "I6",
    { ...AS_BUILT, workerShare: "covers_all" },
    AS_BUILT,
  ),
  mutant(
    "S2",
    "a Worker refuses from a share, and the request names no epoch",
    "Kshare",
    "I6",
    { ...AS_BUILT, requestNamesEpoch: false },
    AS_BUILT,
  ),
];

/** What raises the epoch, and in which order the Sku looks. */
const SKU: readonly Mutant[] = [
  mutant("H4", "`not_open` is a verdict", "K5s", "I6", { law: { notOpenIsNoVerdict: false } }),
  mutant("H8", "scheduling a sale does not raise the epoch", "K5s", "I6", {
    law: { scheduleRaisesEpoch: false },
  }),
  mutant("H8b", "a close does not raise the epoch, scheduling does", "K5s", null, {
    law: { closeRaisesEpoch: false },
  }),
  mutant("H8c", "neither a close nor scheduling raises the epoch", "K5s", "I6", {
    law: { closeRaisesEpoch: false, scheduleRaisesEpoch: false },
  }),
  mutant("H9", "closed is read off a clock, not committed", "K1", "I6", { closeIsLatched: false }),
  mutant("H9b", "a later end opens a closed sale again", "K1", "I6", {
    law: { extendNeverReopens: false },
  }),
  mutant("H11", "a cancelled unit goes on the shelf at once", "K1", "I3", {
    law: { cancelToReturned: false },
  }),
  mutant(
    "H11b",
    "a cancelled unit goes on the shelf at once, and raises the epoch each time",
    "K1",
    null,
    { cancelRaisesEpoch: true, law: { cancelToReturned: false } },
  ),
  mutant("H13", "the epoch is looked at before the known id", "K1", "I6", {
    law: { knownIdFirst: false },
  }),
  mutant("H16", "a cancelled take is deleted", "K1", "I5", { keepsCancelledTakes: false }),
  mutant("H19", "units raise the epoch only when the shelf is empty", "Kqty", "I3", {
    law: { raiseComparesQuantityMax: false },
  }),
  mutant("H19b", "units raise the epoch only while the sale is open, not paused", "Kpause", "I3", {
    law: { pausedMayHaveRefused: false },
  }),
  mutant("M1", "a known id gets no stored answer", "K1", "I6", { law: { idempotentTake: false } }),
  mutant("M4", "a wave does not raise the epoch", "K1", "I3", { law: { waveRaisesEpoch: false } }),
  mutant("M4b", "a restock does not raise the epoch", "K3", "I3", {
    law: { restockRaisesEpoch: false },
  }),
  mutant("M9", "a second cancel counts again at the Sku", "K1", "I1", {
    law: { cancelOnceAtSku: false },
  }),
  mutant("P6", "`stale` is answered before `closed`", "K5s", null, { closedBeforeStale: false }),
  mutant("P6b", "`closed` is answered before `ahead`", "K5s", "I6", {
    futureStamp: true,
    law: { aheadBeforeClosed: false },
  }),
];

/** What an Account does with a hold. */
const ACCOUNT: readonly Mutant[] = [
  mutant("H5", "an unused ticket is asked about by take", "K7idle", "I9", {
    law: { ticketIsProbed: false },
  }),
  mutant("H6", "a refusal for limit or points leaves no row", "K2", "I6", {
    law: { refusalIsRecorded: false },
  }),
  mutant("H7", "a cancel voids a pending hold", "K1", "I5", {
    law: { cancelNeverVoidsPending: false },
  }),
  mutant("H15", "a void deletes its hold", "K1", "I6", { keepsTerminalRows: false }),
  mutant("M2", "a hold is void after a timeout", "K1", "I5", {
    law: { holdOutlivesTimeout: false },
  }),
  mutant("M8", "a second settle posts again", "K2", "I4", { law: { settleOnce: false } }),
  mutant("M9b", "a second cancel refunds again at the Account", "K1", "I4", {
    law: { cancelOnceAtAccount: false },
  }),
  mutant("M12", "the limit does not count pending holds", "K2L", "I7", {
    law: { limitCountsPending: false },
  }),
  mutant("P4", "an early tap marks the hold", "Kearly", "I9", {
    law: { earlyTapMarksNothing: false },
  }),
  mutant("P4b", "an early tap marks the hold until the Sku's `not_open`", "Kearly", "I9", {
    notOpenClearsTap: true,
    law: { earlyTapMarksNothing: false },
  }),
  mutant("P4c", "the same, and a delayed `not_open` takes a later tap away", "Kearly", "I3", {
    notOpenClearsTap: true,
    countsTapsBySku: false,
    law: { earlyTapMarksNothing: false },
  }),
  mutant("P4d", "an Account's clock is ahead of the Sku's opening", "Kearly", "I9", {
    accountClockAhead: true,
  }),
  mutant("P4e", "the same, taps counted by the Account's clock", "Kearly", null, {
    accountClockAhead: true,
    countsTapsBySku: false,
  }),
  mutant("X1", "an exchange voids the old hold without the Sku's word", "Kexch", "I5", {
    law: { exchangeAsksFirst: false },
  }),
  mutant("X2", "an exchange leaves the old hold beside the new one", "Kexch2", "I7", {
    exchange: "beside_pending",
  }),
  mutant("X3", "an exchange makes a hold though the old order is granted", "Kexch2", "I7", {
    exchange: "despite_grant",
  }),
];

/** Commits, outboxes, alarms, identity, cash. */
const AROUND: readonly Mutant[] = [
  mutant("H10", "a late payment revives a cancelled order", "K4cash", "I5", {
    latePayment: "revive",
  }),
  mutant("H10b", "a late payment is ignored", "K4cash", "I10", { latePayment: "ignore" }),
  mutant("H10c", "a payment notice counts twice", "K4cash", "I10", { paymentOnce: false }),
  mutant("H12", "answers and messages leave before the commit", "K6both", "I6", {
    outputGate: false,
  }),
  mutant("M10", "the Account's cancel row is not in the commit of the cancel", "Kcrash", "I5", {
    cancelRowInCommit: false,
  }),
  mutant("M10b", "the Sku's grant row is not in the commit of the grant", "Kcrash", null, {
    grantRowInCommit: false,
  }),
  mutant("M10c", "the same, and no alarm", "Kcrash", "I5", {
    grantRowInCommit: false,
    alarm: false,
  }),
  mutant("M11", "nobody asks again", "K1", "I5", { alarm: false }),
  mutant("M13", "the Sku has no outbox, only the Account's alarm", "K1", null, {
    skuOutbox: false,
  }),
  mutant("P1", "the Sku keeps takes by the client's text", "Ksame", "I6", {
    identity: "sku_by_text",
  }),
  mutant(
    "P1b",
    "a notice names orders by the client's text",
    "Ksame",
    "I5",
    { ...NOTICE, identity: "notice_by_text" },
    NOTICE,
  ),
  mutant("P1c", "an Account looks orders up by the client's text", "Ksame", "I6", {
    identity: "account_by_text",
  }),
];

export const MUTANTS: readonly Mutant[] = [
  ...STAMPS,
  ...CACHES,
  ...SHARES,
  ...SKU,
  ...ACCOUNT,
  ...AROUND,
].toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
