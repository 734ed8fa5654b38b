/** The payments domain's door for other domains: who carries money. Its routes stand on the Accounts, this does not. */
export {
  payerTrait,
  PROVIDERS,
  SCENES,
  type PaymentProvider,
  type ProviderName,
} from "./provider.ts";
export { payWithinMs, providersOf, SEALED_PAYMENT_ACCOUNTS } from "./store.ts";
export { beginAt, paymentIdOf, waysOf } from "./begin.ts";
export { begunTopUpSchema } from "./wire.ts";
export { reconcileDue } from "./finance.ts";
export { storedEntries } from "./d1-schema.ts";
