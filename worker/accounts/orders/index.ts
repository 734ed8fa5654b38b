/** The door to an order's life after the grant. Pure: no runtime, no database, no clock. */
export {
  amountDueFen,
  advance,
  beginLife,
  dueAtMs,
  isOpenCase,
  unissued,
  unitsToSend,
  withFreight,
  type Act,
} from "./life.ts";
export {
  AFTER_SALE_STATES,
  afterSaleDue,
  apply,
  caseRefunds,
  giveBack,
  mayApply,
  mustTakeBack,
  stepCase,
  notTakenBack,
  reworded,
  takingBack,
  withdrawCases,
  type AfterSaleStep,
  type Application,
  type CaseAct,
} from "./after-sales.ts";
export {
  attemptClosed,
  attemptDropped,
  beginPayment,
  isBeginningOver,
  isUnderWay,
  type NewAttempt,
} from "./attempts.ts";
export {
  assertCash,
  cashBack,
  claimCalls,
  endUndelivered,
  hearRefund,
  keptReceipt,
  mayEnd,
  paidFen,
  partBack,
  refundedFen,
  refundedOf,
  receiveMoney,
  refundMismatch,
  refundPart,
  retryRefund,
  type CashBack,
  type Money,
  type RefundWord,
} from "./cash.ts";
export { CASH_LAW } from "./law.ts";
export {
  CASH_LEG_STATES,
  FREIGHT_LEG_STATES,
  ORDER_STATES,
  POINTS_LEG_STATES,
  type OrderStep,
} from "./states.ts";
export { keptTenderFen, setTender, tenderFen, type TenderWish } from "./tender.ts";
export type {
  CashRefund,
  LifeOutcome,
  LifeRefusal,
  OrderLife,
  PaymentAttempt,
  Receipt,
  Share,
  TakingBack,
  Tender,
} from "./types.ts";
export { asReturn, unitsLeft, usesOf, withWorth, worthOf } from "./worth.ts";
