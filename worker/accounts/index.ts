/** The accounts domain's door for other domains. */
export type { AccountAudit, LedgerFault, TakeClaim } from "./audit.ts";
export type {
  FrozenShare,
  OrderReply,
  MemberFigures,
  MemberInGoods,
  Pricing,
  PointsReply,
  TicketReply,
} from "./requests.ts";
export type { BeginMergeReply, MergeFacts, MergeObstacle } from "./merging/messages.ts";
export { earnsByRedemption } from "./earning/own-orders.ts";
export { pricingTerms } from "./earning/pricing.ts";
export type { CaseRequest } from "./orders-object.ts";
export type { CaseReply } from "./after-sales-desk.ts";
export type { AdvanceRequest, LifeReply } from "./life-messages.ts";
export { AFTER_SALE_STATES, isOpenCase, unitsToSend, type AfterSaleStep } from "./orders/index.ts";
export { accountRoutes } from "./routes.ts";
export { accountStaffRoutes } from "./staff-routes.ts";
export { approvalIdOf, askSecond, grantAll } from "./grant-approvals.ts";
export { changeProblem, replyResponse } from "./replies.ts";
export { dayText } from "./points-views.ts";
export { pointsRoutes } from "./points-routes.ts";
export { pointsStaffRoutes } from "./points-staff-routes.ts";
export { accountOf, loadMe, orderView } from "./views.ts";
export { caseWordsReader, resealedWords, sealCaseWords, type CasePlace } from "./case-words.ts";
export { limitStates, unmetRule, type MemberStanding } from "./rules.ts";
export { memberPriceSchema } from "./wire.ts";
export { orderViewSchema } from "./wire.ts";
export type { MemberPriceView } from "./wire.ts";
export { ENTRY_TYPES, type EntryType } from "./points/index.ts";
export type { SpendCalls, SpendKind, SpendReply } from "./spending/messages.ts";
export type {
  EarnCalls,
  EarnKind,
  EarnReply,
  InviteInReview,
  MemberToday,
  PastEventsPage,
} from "./earning/messages.ts";
export type { MembershipPurchase } from "./earning/purchases-store.ts";
