import { createApi } from "./app.ts";
import { sweepCampaigns } from "./campaigns/index.ts";
import { sweepGoods } from "./catalog/index.ts";
import { sweepAll } from "./console/index.ts";
import { sweepFigures } from "./figures/index.ts";
import type { Env } from "./platform/env.ts";
import { sweepSegments } from "./segments/index.ts";
import { envOfHost } from "./platform/programme-hosts.ts";
import { METER_PATH, meterOf } from "./platform/meter.ts";
import { attempt } from "./platform/upkeep.ts";

export { Account } from "./accounts/account-object.ts";
export { CodeVault } from "./fulfilment/code-vault-object.ts";
export { OpenPages } from "./open-pages/open-pages-object.ts";
export { Projector } from "./platform/projector-object.ts";
export { Gate } from "./redemption/gate-object.ts";
export { Rehearsal } from "./sales/rehearsal-object.ts";
export { Sku } from "./redemption/sku-object.ts";
export { WechatTokens } from "./sign-in/wechat/tokens-object.ts";

const { app } = createApi();

export default {
  fetch(request, bindings, ctx): Response | Promise<Response> {
    const env = envOfHost(bindings, request);
    const meter = meterOf(env);
    if (!meter) return app.fetch(request, env, ctx);
    const { pathname } = new URL(request.url);
    if (pathname === METER_PATH) return meter.answer(request);
    meter.add("Worker", "request", `${request.method} ${pathname.split("/").at(-1)}`);
    return app.fetch(request, env, ctx);
  },
  scheduled(controller, env, ctx): void {
    const nowMs = controller.scheduledTime;
    ctx.waitUntil(sweepAll(env, nowMs));
    ctx.waitUntil(sweepGoods(env, nowMs));
    ctx.waitUntil(attempt("figures", () => sweepFigures(env, nowMs)));
    ctx.waitUntil(attempt("segments", () => sweepSegments(env, nowMs)));
    ctx.waitUntil(attempt("campaigns", () => sweepCampaigns(env, nowMs)));
  },
} satisfies ExportedHandler<Env>;
