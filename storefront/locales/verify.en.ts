import type { VerifyText } from "./verify.zh-CN.ts";

export const verifyEn: VerifyText = {
  title: "Verify a receipt",
  description: "Check a ledger entry on your own phone",
  lead: "The check runs on this device; the receipt is sent to nobody. Once this page is open it needs no network.",
  paste: "Paste a receipt",
  file: "Or choose its file",
  go: "Verify",
  bad: "This receipt is incomplete; paste all of the downloaded text.",
  nth: "Number",
  fingerprint: "Fingerprint",
  day: "Recorded on",
  entryText: "What was recorded",
  verdict: {
    genuine: "This entry is genuine",
    waiting: "Signed; its day is not sealed yet",
    broken: "Not verified",
    unproved: "No verdict yet",
  },
  verdictBody: {
    genuine: "It stands in the record published for its day, unchanged.",
    waiting:
      "The merchant signed this entry. Once its day is sealed, a new receipt can be checked again.",
    broken: "The receipt or the record was changed. Keep the receipt and ask the merchant.",
    unproved: "One check cannot run on this device; try a newer browser.",
  },
  checks: {
    signature: "The merchant signed this entry",
    entry: "What the receipt says is what was recorded",
    inclusion: "The entry is in the record of its day",
    root: "The merchant signed that record",
    published: "It equals the public record",
  },
  state: {
    signature: {
      good: "Matches a published key",
      bad: "Does not match, or the key was never published",
      unknown: "This browser cannot check Ed25519",
    },
    entry: {
      good: "The text matches the fingerprint",
      bad: "The text does not match the fingerprint",
      unknown: "Nothing to check",
    },
    inclusion: {
      good: "The Merkle proof matches step by step",
      bad: "The proof does not match",
      unknown: "The day is not sealed yet",
    },
    root: {
      good: "Matches a published key",
      bad: "Does not match, or the key was never published",
      unknown: "Nothing to check",
    },
    published: {
      good: "The roots are equal",
      bad: "The roots differ",
      unknown: "The public record could not be read; not compared",
    },
  },
  keys: "Keys the merchant published",
  keysBody: "Only signatures by these keys count.",
};
