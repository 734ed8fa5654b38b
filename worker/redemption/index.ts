/** The redemption domain's door for other domains. */
export {
  GOODS_KINDS,
  type Audience,
  type GoodsKind,
  type GoodsLimits,
  type GoodsTerms,
} from "./goods-terms.ts";
export type { StandingOffer, StockCommand, StockOutcome } from "./standing-desk.ts";
export { frozenEpoch, orderKey, verdictFromNotice, type FrozenEpoch } from "./frozen.ts";
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
export type {
  Sale,
  SaleStatus,
  SaleTerms,
  Take,
  TakeAnswer,
  TakeCommand,
  TakeState,
} from "./model.ts";
export type { SaleAudit, SaleRecount, SkuAudit, TakesCursor, TakesPage } from "./sku-audit.ts";
export { listSales, listStanding, saleView, viewOf } from "./sale-view.ts";
export {
  LATENCY_EDGES_MS,
  latencyAt,
  requestsOf,
  Tally,
  type AnswerTally,
  type Curve,
  type SaleFigures,
} from "./figures.ts";
export type { DoorCount, NumberedTake, SaleMonitor } from "./monitor.ts";
export type { LoggedEvent } from "./sale-log-store.ts";
export type { NewSale, NewSku, StaffCommand, StaffOutcome } from "./sales-desk.ts";
export {
  orderIdSchema,
  pendingResponseSchema,
  saleViewSchema,
  type DoorServerFrame,
  type SaleView,
} from "./wire.ts";
export { signTicket, type TicketClaims } from "./tickets.ts";
export { packItems, unpackAnswers } from "./packing.ts";
