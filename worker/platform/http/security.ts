import type { MiddlewareHandler } from "hono";
import type { Env } from "../env.ts";

/** The development server of Vite injects its own scripts, so a page from there cannot have this policy. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "img-src 'self' data:",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

export const withSecurityHeaders: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  await next();
  if (c.res.status === 101) return;
  // A response that came from a binding has immutable headers, so it is opened before it is dressed.
  const headers = new Headers(c.res.headers);
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "strict-origin-when-cross-origin");
  if (!c.env.SHELL_ORIGIN && headers.get("content-type")?.startsWith("text/html")) {
    headers.set("content-security-policy", CONTENT_SECURITY_POLICY);
  }
  c.res = new Response(c.res.body, { status: c.res.status, headers });
};
