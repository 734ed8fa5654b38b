/**
 * Rules of speaking with Alipay, each with a switch. Production always runs `ALIPAY_LAW`; only the mutation tests drop a rule, to prove
 * that its invariant notices.
 */
export interface AlipayLaw {
  /** Alipay knows a trade only once its cashier was opened; whoever has the signed order can open it until its time is over. */
  readonly unknownTradeMayBePaid: boolean;
  /** Its time is over when Alipay's clock says so, which refuses by it, and not when a clock of ours runs ahead. */
  readonly timeIsItsOwn: boolean;
}

export const ALIPAY_LAW: AlipayLaw = { unknownTradeMayBePaid: true, timeIsItsOwn: true };
