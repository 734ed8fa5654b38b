/** The members domain's door for other domains. */
export { memberRoutes } from "./routes.ts";
export { currentKey, currentSession, olderRecords, readMerges } from "./records.ts";
export { displayNameOf, memberSeen, phoneContext, sealedPhones } from "./seen.ts";
export { ringOf, SESSION_SECONDS, sessionCookie, sessionOf, signSession } from "./session.ts";
