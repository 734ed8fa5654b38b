/**
 * The rules that the checker runs under: the product's own law, and rules of the parts that the pure core does not
 * have (network, commits, outboxes, caches at doors and Workers, cash). Every hole and mutant is a change of these.
 */
import { LAW, type Law } from "../../worker/redemption/law.ts";

export interface Rules {
  readonly law: Law;
  /** One id, one epoch, for life: never. The others give a pending hold a newer stamp. */
  readonly restamp: "never" | "direct_on_stale" | "on_stale" | "any_time";
  /** A post compares the grant's stamp with the hold's. Off, the post takes the hold's word for it. */
  readonly comparesStampOnPost: boolean;
  /** Page and Gate take the Gate's refusal for the verdict; off, only the Account's word is one. */
  readonly gateRefusalIsFinal: boolean;
  /** What a Gate may answer by itself: nothing, anything once it heard `sold_out`, that epoch, or a frozen notice. */
  readonly gateCache: "none" | "any_stamp" | "its_epoch" | "frozen";
  /** The Gate's notice names the grants of all epochs; off, only those of its own. */
  readonly gateListsAllEpochs: boolean;
  /** A Worker refuses an order id from a cached `sold_out`. */
  readonly workerCache: boolean;
  /** A Worker answers an order id from a frozen notice. */
  readonly workerAnswersFrozen: boolean;
  /**
   * A Worker refuses ids that are absent from an Account's filter of all ids it knows: under stamps that the Account
   * writes no new row for any more, or, wrongly, under every stamp.
   */
  readonly workerShare: "none" | "covers_frozen" | "covers_all";
  /** Accounts are sent frozen notices. */
  readonly accountNotice: boolean;
  /** An Account refuses an unknown id without a row once a notice covers its stamp. */
  readonly rowlessRefusal: boolean;
  /** An Account refuses a new id whose epoch it knows to be over, with a row, without asking the Sku. */
  readonly refusesAtOnce: boolean;
  /** The request names the epoch its client saw; off, the Account stamps it with the one it knows. */
  readonly requestNamesEpoch: boolean;
  /** `list`: exact, present is granted. `bloom`: present is asked about. The product sends the latter. */
  readonly noticeForm: "list" | "bloom" | "bloom_present_is_granted";
  /** Requests may be stamped one epoch ahead of the sale. */
  readonly futureStamp: boolean;
  /** Orders are told apart by (member, id); the others look them up by the client's text alone in one place. */
  readonly identity: "pair" | "sku_by_text" | "notice_by_text" | "account_by_text";
  /** Replies and messages leave an object after its commit. Matters with `isExplicit` bounds. */
  readonly outputGate: boolean;
  /** The Account's outbox row of a cancel is in the commit of the cancel. */
  readonly cancelRowInCommit: boolean;
  /** The Sku's outbox row of a grant is in the commit of the grant. */
  readonly grantRowInCommit: boolean;
  /** Accounts ask again about pending holds. */
  readonly alarm: boolean;
  /** The Sku sends its grants to the Accounts. */
  readonly skuOutbox: boolean;
  /** Void and refused holds keep their rows. */
  readonly keepsTerminalRows: boolean;
  /** Cancelled takes keep their rows. */
  readonly keepsCancelledTakes: boolean;
  /** A cancel that puts its unit on the shelf at once raises the epoch. */
  readonly cancelRaisesEpoch: boolean;
  /** A close is a commit; off, it is read off a clock that may step back. */
  readonly closeIsLatched: boolean;
  /** A closed sale answers `closed` before `stale`. Both are final, so either order is safe. */
  readonly closedBeforeStale: boolean;
  /** The Sku's `not_open` takes the mark of a tap away. */
  readonly notOpenClearsTap: boolean;
  /** An Account's clock may pass the opening before the Sku has opened. */
  readonly accountClockAhead: boolean;
  /** A tap counts from the Sku's opening on; off, from the opening on the Account's clock. */
  readonly countsTapsBySku: boolean;
  /** What an exchange does: waits for the Sku's word, or makes a second hold beside a pending or a granted one. */
  readonly exchange: "on_word" | "beside_pending" | "despite_grant";
  /** A repeated payment notice does nothing. */
  readonly paymentOnce: boolean;
  /** What a payment for a cancelled order does. */
  readonly latePayment: "refund" | "revive" | "ignore";
}

export const FIXED: Rules = {
  law: LAW,
  restamp: "never",
  comparesStampOnPost: true,
  gateRefusalIsFinal: true,
  gateCache: "none",
  gateListsAllEpochs: true,
  workerCache: false,
  workerAnswersFrozen: false,
  workerShare: "none",
  accountNotice: false,
  rowlessRefusal: false,
  refusesAtOnce: false,
  requestNamesEpoch: false,
  noticeForm: "list",
  futureStamp: false,
  identity: "pair",
  outputGate: true,
  cancelRowInCommit: true,
  grantRowInCommit: true,
  alarm: true,
  skuOutbox: true,
  keepsTerminalRows: true,
  keepsCancelledTakes: true,
  cancelRaisesEpoch: false,
  closeIsLatched: true,
  closedBeforeStale: true,
  notOpenClearsTap: false,
  accountClockAhead: false,
  countsTapsBySku: true,
  exchange: "on_word",
  paymentOnce: true,
  latePayment: "refund",
};

/** The rules as the product runs them: doors, Accounts and Workers answer what a frozen epoch lets them answer. */
export const AS_BUILT: RuleChange = {
  gateCache: "frozen",
  accountNotice: true,
  noticeForm: "bloom",
  requestNamesEpoch: true,
  refusesAtOnce: true,
  workerShare: "covers_frozen",
};

/** A change of the fixed rules: some of the law, some of the checker's own. */
export type RuleChange = Partial<Omit<Rules, "law">> & { readonly law?: Partial<Law> };

export function rulesWith(change: RuleChange): Rules {
  return { ...FIXED, ...change, law: { ...LAW, ...change.law } };
}

/** `waveRaisesEpoch=false gateCache=frozen`; empty for the fixed rules. */
export function describeChange(change: RuleChange): string {
  const { law, ...own } = change;
  return Object.entries({ ...law, ...own })
    .map(([rule, value]) => `${rule}=${value}`)
    .join(" ");
}
