/** The sign-in's door for other domains. */
export { channelRoutes, wechatFiles } from "./channel-routes.ts";
export { channelsOf } from "./channels-store.ts";
export { cookieIn, noticeVersionOf, PENDING_COOKIE } from "./desk.ts";
export { identityRoutes } from "./me-routes.ts";
export { signInRoutes } from "./routes.ts";
