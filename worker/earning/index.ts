/** The earning domain's door for other domains: its shell. The pure parts have doors of their own. */
export { earn, isRefusal, refusalProblem } from "./earn-call.ts";
export { askPriced, memberPrices } from "./prices.ts";
export { earningRoutes } from "./routes.ts";
export { termsOf } from "./terms-cache.ts";
export { tierTitles } from "./terms-cache.ts";
export { addressTrait, reportTraits } from "./prints.ts";
export { reportRegistration } from "./registration.ts";
export { inviteOffer } from "./invite-offer.ts";
export type { Welcome } from "./wire.ts";
export { reportReview, reportWriteOff, reportWriteOffReversal } from "./own-events.ts";
