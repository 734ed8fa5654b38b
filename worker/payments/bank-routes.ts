/** The pretended bank of a local server, seen by a browser: its cashier page, its sheet, and nothing else of it. */
import type { Api } from "../platform/http/api.ts";
import { withSecurityHeaders } from "../platform/http/security.ts";

export function bankRoutes({ app }: Api): void {
  app.on(["GET", "POST"], "/pay-sim/*", async (c, next) => {
    const { DEV_LOGIN, PAY_SIM } = c.env;
    const isShown = /^\/pay-sim\/(?:cashier|sheet|alipay\/gateway\.do)$/.test(c.req.path);
    if (DEV_LOGIN !== "on" || !PAY_SIM || !isShown) return next();
    return withSecurityHeaders(await PAY_SIM.fetch(c.req.raw));
  });
}
