/**
 * The rules of the protocol that the model checker showed to be necessary, each with a switch.
 * Production always runs `LAW`; only the mutation tests drop a rule, to prove that its invariant notices.
 */
export interface Law {
  /** M1: a known order id gets its stored answer. */
  readonly idempotentTake: boolean;
  /** H13: a known id is looked up before epoch, status and units. */
  readonly knownIdFirst: boolean;
  /** M3: a stamp below the epoch is `stale`. */
  readonly epochCheck: boolean;
  /** P6b: a stamp ahead of the epoch is `ahead`, also at a closed sale. */
  readonly aheadBeforeClosed: boolean;
  /** H8: scheduling a sale raises the epoch. */
  readonly scheduleRaisesEpoch: boolean;
  /** H8c: a close raises the epoch. Redundant while scheduling does; it lets a notice name the epoch before. */
  readonly closeRaisesEpoch: boolean;
  /** H9b: a later end is for a sale that has not closed. */
  readonly extendNeverReopens: boolean;
  /** M4: a wave raises the epoch. */
  readonly waveRaisesEpoch: boolean;
  /** M4b: a restock raises the epoch. */
  readonly restockRaisesEpoch: boolean;
  /** H19: units raise the epoch when the shelf could have refused the largest order, not only when it was empty. */
  readonly raiseComparesQuantityMax: boolean;
  /** H19b: a paused sale may have refused somebody before its pause. */
  readonly pausedMayHaveRefused: boolean;
  /** M9: a second cancel of a take does nothing. */
  readonly cancelOnceAtSku: boolean;
  /** H11: a cancelled unit waits in `returned`. */
  readonly cancelToReturned: boolean;
  /** H18: an open epoch is frozen when its shelf is empty, not when some quantity was refused. */
  readonly frozenMeansEmptyShelf: boolean;
  /** H17: a frozen notice names every grant ever made, not only those of its epoch. */
  readonly frozenNoticeComplete: boolean;
  /** M2: a hold leaves PENDING only on a definite answer, never on a timeout. */
  readonly holdOutlivesTimeout: boolean;
  /** H4: `not_open` is no verdict. */
  readonly notOpenIsNoVerdict: boolean;
  /** H14: `ahead` is no verdict. */
  readonly aheadIsNoVerdict: boolean;
  /** H2: a refusal voids only a hold whose stamp it names. */
  readonly refusalNamesStamp: boolean;
  /** M5: a void order id stays void. */
  readonly voidIsForEver: boolean;
  /** M8: a second settle does nothing. */
  readonly settleOnce: boolean;
  /** M9b: a second cancel of an order does nothing. */
  readonly cancelOnceAtAccount: boolean;
  /** M12: the limit counts pending holds too. */
  readonly limitCountsPending: boolean;
  /** H6: a refusal for limit or points is written down. */
  readonly refusalIsRecorded: boolean;
  /** H5: an unused ticket is asked about by probe, never by take. */
  readonly ticketIsProbed: boolean;
  /** H7: cancelling a pending hold never voids it. */
  readonly cancelNeverVoidsPending: boolean;
  /** X: an exchange voids the old hold only on the Sku's word. */
  readonly exchangeAsksFirst: boolean;
  /** X: an early tap marks nothing. */
  readonly earlyTapMarksNothing: boolean;
}

export const LAW: Law = {
  idempotentTake: true,
  knownIdFirst: true,
  epochCheck: true,
  aheadBeforeClosed: true,
  scheduleRaisesEpoch: true,
  closeRaisesEpoch: true,
  extendNeverReopens: true,
  waveRaisesEpoch: true,
  restockRaisesEpoch: true,
  raiseComparesQuantityMax: true,
  pausedMayHaveRefused: true,
  cancelOnceAtSku: true,
  cancelToReturned: true,
  frozenMeansEmptyShelf: true,
  frozenNoticeComplete: true,
  holdOutlivesTimeout: true,
  notOpenIsNoVerdict: true,
  aheadIsNoVerdict: true,
  refusalNamesStamp: true,
  voidIsForEver: true,
  settleOnce: true,
  cancelOnceAtAccount: true,
  limitCountsPending: true,
  refusalIsRecorded: true,
  ticketIsProbed: true,
  cancelNeverVoidsPending: true,
  exchangeAsksFirst: true,
  earlyTapMarksNothing: true,
};
