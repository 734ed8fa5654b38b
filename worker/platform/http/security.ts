/** Headers of every answer. Plain objects: building `Headers` and wrapping responses costs a third of a hot request. */
const ANSWER_HEADERS = { "x-content-type-options": "nosniff" } as const;

/** Of every answer that a browser may show, whose links it follows. */
export const SECURITY_HEADERS = {
  ...ANSWER_HEADERS,
  "referrer-policy": "strict-origin-when-cross-origin",
} as const;

const READY: unique symbol = Symbol("ready");

/** What answers of JSON are made with, whatever their body is. */
export const dataHeaders = (own: Readonly<Record<string, string>>): Headers =>
  new Headers({ ...ANSWER_HEADERS, "cache-control": "no-store", ...own });

/** An answer of JSON. Its headers are made once: it copies them, which costs less than building them. */
export function dataResponse(body: unknown, status: number, headers: Headers): Response {
  const response: Response & { [READY]?: true } = new Response(JSON.stringify(body), {
    status,
    headers,
  });
  // Noted here because asking a response for a header costs a hot request as much as a rule.
  response[READY] = true;
  return response;
}

/**
 * For pages. The development server of Vite injects its own scripts, so its pages cannot have it.
 * `scriptOrigins`: whose scripts beside ours; none, but WeChat's inside WeChat. `embedOrigins`: sites whose pages may show this one in a frame. Sockets are named by host, because older Safari does not count them as `self`.
 */
export function contentSecurityPolicy(
  host: string,
  embedOrigins: readonly string[] = [],
  scriptOrigins: readonly string[] = [],
): string {
  return [
    "default-src 'self'",
    ...(scriptOrigins.length === 0 ? [] : [["script-src 'self'", ...scriptOrigins].join(" ")]),
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "base-uri 'none'",
    "form-action 'self'",
    ["frame-ancestors 'self'", ...embedOrigins].join(" "),
  ].join("; ");
}

/** An answer that a route built by itself, as a redirect, gets what every answer has; others go as they are. */
export function dressed(response: Response): Response {
  // A socket's answer opens it, and cannot be built anew.
  const isWhole =
    READY in response || response.status === 101 || response.headers.has("x-content-type-options");
  return isWhole ? response : withSecurityHeaders(response);
}

/** A response that came from a binding has immutable headers, so it is opened before it is dressed. */
export function withSecurityHeaders(response: Response): Response {
  const open = new Response(response.body, response);
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) open.headers.set(name, value);
  return open;
}
