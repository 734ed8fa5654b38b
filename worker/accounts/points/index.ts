/** The points wallet's door. Pure: no runtime, no database, no clock. */
export { findChainFault, GENESIS_HASH, hashedText, hashOf } from "./chain.ts";
export { offsetOf, stepOf, worthFen, type ConversionRate, type OffsetTerms } from "./conversion.ts";
export { activate, activationKey, credit, type PendingRule } from "./credit.ts";
export { expireDue, nextDueAtMs } from "./expire.ts";
export { expiryOf, type ExpiryRounding, type ExpiryRule } from "./expiry.ts";
export { remainingOf, returnedPart, sumOf } from "./lots.ts";
export { mendLedger } from "./mend.ts";
export {
  assertOffset,
  captureOffset,
  holdOffset,
  offsetFen,
  quoteOffset,
  releaseOffset,
  returnOffset,
  voidedUnseen,
  type OffsetOutcome,
  type OffsetQuote,
  type OffsetReturnWish,
  type OffsetState,
  type OffsetWish,
  type PointsOffset,
} from "./offset.ts";
export { balanceAt, differencesFromLedger, replay } from "./replay.ts";
export { quoteRefund, refund, type RefundQuote } from "./restore.ts";
export { clawBack, manualDebit } from "./reverse.ts";
export { capture, hold, release, spend, type Hold } from "./spend.ts";
export { transferIn, transferOut } from "./transfer.ts";
export { entryOfStored, type StoredEntry } from "./stored.ts";
export {
  CLAWBACK_POLICIES,
  ENTRY_TYPES,
  NO_LEDGER,
  type Cause,
  type ClawbackPolicy,
  type CreditType,
  type EntryLookup,
  type EntryType,
  type LapsePolicy,
  type LotSlice,
  type Outcome,
  type PointsEntry,
  type PointsLot,
  type Refused,
  type RuleShare,
  type Wallet,
} from "./types.ts";
export {
  assertWallet,
  balanceOf,
  expiryCalendar,
  heldCalendar,
  newWallet,
  spendablePoints,
  withLots,
  withoutEmptyLots,
  type ExpiryCalendar,
  type WalletBalance,
} from "./wallet.ts";
