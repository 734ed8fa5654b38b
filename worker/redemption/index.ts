/** The redemption domain's door for other domains. */
export { type Audience, type GoodsKind, type GoodsLimits, type GoodsTerms } from "./goods-terms.ts";
export type { StandingOffer } from "./standing-desk.ts";
export { answerFromNotice, verdictFromNotice, type FrozenEpoch } from "./frozen.ts";
export { LAW, type Law } from "./law.ts";
export type {
  NoticeReply,
  OrderRef,
  SaleSnapshot,
  SaleStanding,
  SettleItem,
  SettleReply,
  TakeBatch,
  TakeBatchReply,
  TakeItem,
} from "./messages.ts";
export type { Sale, SaleTerms, TakeAnswer, TakeState } from "./model.ts";
export type { SaleRecount, SkuAudit, TakesCursor, TakesPage } from "./sku-audit.ts";
export { listSales, listStanding, saleView, viewOf } from "./sale-view.ts";
export { latencyAt, requestsOf, Tally, type AnswerTally, type Curve } from "./figures.ts";
export type { NumberedTake, SaleMonitor } from "./monitor.ts";
export type { StaffCommand } from "./sales-desk.ts";
export {
  orderIdSchema,
  pendingResponseSchema,
  saleViewSchema,
  type DoorServerFrame,
  type SaleView,
} from "./wire.ts";
export { signTicket, type TicketClaims } from "./tickets.ts";
export { packItems, unpackAnswers } from "./packing.ts";
