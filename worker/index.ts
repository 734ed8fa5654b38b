import { createApi } from "./app.ts";
import { sweepAll } from "./console/index.ts";
import type { Env } from "./platform/env.ts";

export { Account } from "./accounts/account-object.ts";
export { Projector } from "./platform/projector-object.ts";
export { Gate } from "./redemption/gate-object.ts";
export { Sku } from "./redemption/sku-object.ts";

const { app } = createApi();

export default {
  fetch: app.fetch,
  scheduled(controller, env, ctx): void {
    ctx.waitUntil(sweepAll(env, controller.scheduledTime));
  },
} satisfies ExportedHandler<Env>;
