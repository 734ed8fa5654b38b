/** The sign-in's door for other domains. */
import type { Api } from "../platform/http/api.ts";
import { channelRoutes, fakeWechatRoutes } from "./channel-routes.ts";
import { identityRoutes } from "./me-routes.ts";
import { waysIn } from "./routes.ts";

export { isFakeApp } from "./wechat/fake.ts";
export { wechatVerifyFile } from "./channel-routes.ts";
export { wechatPayerOf } from "./payer.ts";
export { channelsOf } from "./channels-store.ts";
export { cookieIn, noticeVersionOf, PENDING_COOKIE } from "./desk.ts";
export { SEALED_IDENTITIES } from "./identities-store.ts";
export { welcomeIn, welcomeSaid } from "./welcome.ts";

export function signInRoutes(api: Api): void {
  waysIn(api);
  identityRoutes(api);
  channelRoutes(api);
  fakeWechatRoutes(api);
}
