/** The points wallet's door. Pure: no runtime, no database, no clock. */
export { findChainFault, GENESIS_HASH, hashedText, hashOf, type ChainFault } from "./chain.ts";
export { offsetOf, stepOf, worthFen, type ConversionRate, type OffsetTerms } from "./conversion.ts";
export { activate, activationKey, credit, type CreditCommand, type PendingRule } from "./credit.ts";
export { expireDue, nextDueAtMs, type Sweep } from "./expire.ts";
export { expiryOf, type ExpiryRounding, type ExpiryRule } from "./expiry.ts";
export { isExpired, isPending, remainingOf, returnedPart, sumOf } from "./lots.ts";
export { mendLedger } from "./mend.ts";
export {
  assertOffset,
  captureOffset,
  holdOffset,
  OFFSET_MOVES,
  OFFSET_RETURNS_MAX,
  offsetFen,
  quoteOffset,
  releaseOffset,
  returnOffset,
  voidedUnseen,
  type OffsetOutcome,
  type OffsetQuote,
  type OffsetReturn,
  type OffsetReturnWish,
  type OffsetState,
  type OffsetWish,
  type PointsOffset,
} from "./offset.ts";
export { balanceAt, differencesFromLedger, replay } from "./replay.ts";
export {
  quoteRefund,
  refund,
  type RefundCommand,
  type RefundQuote,
  type SliceFate,
} from "./restore.ts";
export { clawBack, manualDebit, type ClawbackCommand, type ManualDebitCommand } from "./reverse.ts";
export {
  capture,
  hold,
  release,
  spend,
  type HeldOutcome,
  type Hold,
  type HoldCommand,
  type SpendCommand,
} from "./spend.ts";
export { transferIn, transferOut, type TransferOut } from "./transfer.ts";
export { entryOfStored, type StoredEntry } from "./stored.ts";
export {
  CLAWBACK_POLICIES,
  CREDIT_TYPES,
  ENTRY_TYPES,
  GRACE_SOURCE,
  NO_LEDGER,
  type Booked,
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
  type Replayed,
  type RuleShare,
  type Wallet,
} from "./types.ts";
export {
  assertWallet,
  balanceOf,
  expiryCalendar,
  heldCalendar,
  newWallet,
  ownedPoints,
  spendablePoints,
  withLots,
  withoutEmptyLots,
  type ExpiryCalendar,
  type ExpiryDeadline,
  type WalletBalance,
} from "./wallet.ts";
