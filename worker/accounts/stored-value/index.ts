/** The door of stored value. Pure: no runtime, no database, no clock. */
export {
  beginTopUp,
  claimTopUp,
  closedTopUp,
  isOverdue,
  receivedTopUp,
  type NewTopUp,
  type TopUp,
  type TopUpReceipt,
} from "./top-up.ts";
export {
  STORED_ENTRY_TYPES,
  type StoredEntry,
  type StoredEntryType,
  type StoredWallet,
} from "./types.ts";
export { assertStored, bookStored, newStoredWallet, ownedFen, replayStored } from "./wallet.ts";
