/**
 * Rules of the cash leg, each with a switch. Production always runs `CASH_LAW`; only the mutation tests drop a rule, to prove that
 * its invariant notices.
 */
export interface CashLaw {
  /** A transaction that is told again changes nothing. */
  readonly moneyCountsOnce: boolean;
  /** Money that comes for an order that is over goes back by itself. */
  readonly lateMoneyGoesBack: boolean;
  /** An order that ends gives back what was paid for it. */
  readonly endPaysBack: boolean;
  /** What nobody shall pay any more is closed at its provider, who then says whether somebody did. */
  readonly endClosesPayments: boolean;
  /** A refund is sent again under the number of the first time. */
  readonly refundKeepsItsNumber: boolean;
  /** A payment that its provider does not know yet may still be on its way there. */
  readonly unknownIsNotClosed: boolean;
  /** An order that ends lets go what points and stored value pay of it, and gives back what they paid. */
  readonly endReturnsTender: boolean;
  /** That goods are paid back is written down before they are taken back. */
  readonly takingBackIsWrittenDown: boolean;
}

export const CASH_LAW: CashLaw = {
  moneyCountsOnce: true,
  lateMoneyGoesBack: true,
  endPaysBack: true,
  endClosesPayments: true,
  refundKeepsItsNumber: true,
  unknownIsNotClosed: true,
  endReturnsTender: true,
  takingBackIsWrittenDown: true,
};
