/**
 * Rules of rights and top-ups, each with a switch. Production always runs `RIGHTS_LAW`; only the mutation tests drop a rule, to prove
 * that its invariant notices.
 */
export interface RightsLaw {
  /** Uses are taken where they are left, whoever else takes some at the same time. */
  readonly usesAreGuarded: boolean;
  /** Before a use is done its order agrees, which may have been given back meanwhile. */
  readonly orderAgreesToUse: boolean;
  /** Before a supplier is asked the order agrees, and from then on it is not taken back. */
  readonly orderAgreesToTopUp: boolean;
  /** A supplier that did not answer is asked again under the same number. */
  readonly topUpKeepsItsNumber: boolean;
  /** What a crash left half done is finished. */
  readonly halfDoneIsFinished: boolean;
}

export const RIGHTS_LAW: RightsLaw = {
  usesAreGuarded: true,
  orderAgreesToUse: true,
  orderAgreesToTopUp: true,
  topUpKeepsItsNumber: true,
  halfDoneIsFinished: true,
};
