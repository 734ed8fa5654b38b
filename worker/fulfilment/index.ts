/** The fulfilment domain's door for other domains. */
export { deliver, takeBackGoods, type Delivery, type TakenBackGoods } from "./deliver.ts";
export { DeliveryTermsStore, type DeliveryTerms } from "./terms-store.ts";
export { RatingStore, type Satisfaction } from "./rating-store.ts";
export { sweepFulfilment } from "./sweep.ts";
