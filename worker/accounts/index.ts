/** The accounts domain's door for other domains. */
export type { AccountAudit, LedgerFault, MembersPage, TakeCheck, TakeClaim } from "./audit.ts";
export type {
  CancelReply,
  ChangeReply,
  ForgoReply,
  FrozenShare,
  OrderReply,
  MemberFigures,
  MemberInGoods,
  OrderWithLots,
  Pricing,
  PointsReply,
  TicketReply,
} from "./requests.ts";
export type { BeginMergeReply, MergeFacts, MergeObstacle } from "./merging/messages.ts";
export { earnsByRedemption } from "./earning/own-orders.ts";
export { pricingTerms } from "./earning/pricing.ts";
export type { CaseRequest } from "./orders-object.ts";
export type { AfterSaleQuote, CaseReply } from "./after-sales-desk.ts";
export type { AdvanceRequest, AdvanceStep, LifeReply, MoneyReply } from "./life-messages.ts";
export {
  ORDER_STATES,
  AFTER_SALE_STATES,
  isOpenCase,
  unitsToSend,
  type AfterSaleStep,
  type CashRefund,
  type OrderLife,
  type OrderState,
  type PaymentAttempt,
} from "./orders/index.ts";
export { accountRoutes } from "./routes.ts";
export { accountStaffRoutes } from "./staff-routes.ts";
export { approvalIdOf, askSecond, grantAll } from "./grant-approvals.ts";
export { changeProblem, replyResponse } from "./replies.ts";
export { dayText, entryView, pointsView } from "./points-views.ts";
export { pointsRoutes } from "./points-routes.ts";
export { pointsStaffRoutes } from "./points-staff-routes.ts";
export { accountOf, loadMe, orderView } from "./views.ts";
export { caseWordsReader, resealedWords, sealCaseWords, type CasePlace } from "./case-words.ts";
export { limitStates, unmetRule, type LimitState, type MemberStanding } from "./rules.ts";
export { memberPriceSchema } from "./wire.ts";
export { orderViewSchema } from "./wire.ts";
export type { MemberPriceView, MeView, OrderView, PointsView } from "./wire.ts";
export { ENTRY_TYPES, type EntryType } from "./points/index.ts";
export { DEFAULT_POINTS_TERMS, type PointsTerms } from "./terms.ts";
export type { SpendCalls, SpendKind, SpendReply } from "./spending/messages.ts";
export type { StoredEntry, TopUp } from "./stored-value/index.ts";
export type {
  EarnCalls,
  EarnedReply,
  EarnKind,
  EarnReply,
  Envelope,
  InviteInReview,
  MemberToday,
  PastEventsPage,
} from "./earning/messages.ts";
export type { MembershipPurchase } from "./earning/purchases-store.ts";
