/** The door of stored value. Pure: no runtime, no database, no clock. */
export {
  beginTopUp,
  claimTopUp,
  closedTopUp,
  isOverdue,
  receivedTopUp,
  TOP_UP_WITHIN_MS,
  type NewTopUp,
  type TopUp,
  type TopUpReceipt,
} from "./top-up.ts";
export {
  STORED_ENTRY_TYPES,
  type StoredCause,
  type StoredEntry,
  type StoredEntryType,
  type StoredOutcome,
  type StoredWallet,
} from "./types.ts";
export {
  assertStored,
  bookStored,
  newStoredWallet,
  ownedFen,
  replayStored,
  storedHashOf,
} from "./wallet.ts";
