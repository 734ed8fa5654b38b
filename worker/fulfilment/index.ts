/** The fulfilment domain's door for other domains. */
export { deliver, takeBackGoods, type TakenBackGoods } from "./deliver.ts";
export { sweepFulfilment } from "./sweep.ts";
