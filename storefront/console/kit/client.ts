/** The API as the console asks it. Refusals are values; nothing here throws for one. */

/** What the server said no with, or that nothing was heard (`network`, `timeout`). */
export interface Problem {
  readonly code: string;
  readonly status: number;
  /** A sentence for people, in the language the console speaks; empty when the server did not answer. */
  readonly detail: string;
  /** What the server found wrong with fields: `path` as in the body, e.g. `terms.units`. */
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly figures: Readonly<Record<string, unknown>>;
  /** To quote when asking for help. */
  readonly reference: string | null;
}

export type Answer<T> =
  | { readonly ok: true; readonly status: number; readonly value: T }
  | { readonly ok: false; readonly status: number; readonly problem: Problem };

export interface CallOptions {
  /** Default 15 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** `body`: an object is sent as JSON; a text as `text/csv`; a `Blob` as its own type. */
export type Call = <T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: unknown,
  options?: CallOptions,
) => Promise<Answer<T>>;

export interface ClientOptions {
  readonly locale: () => string;
  /** Called when the session has ended, before the answer is given back. */
  readonly onSignedOut: () => void;
}

const headersIn = (locale: string): Record<string, string> => ({
  accept: "application/json",
  "accept-language": locale,
});
const SETTINGS = { credentials: "same-origin", cache: "no-store" } as const;

/** Answers on their way before any page asked for them. */
const asked = new Map<string, Promise<Response>>();

/** Asks what the first page will ask, while its script is still coming. A failure is asked again by the page. */
export function askAhead(path: string, locale: string): void {
  const response = fetch(path, { ...SETTINGS, headers: headersIn(locale) });
  response.catch(() => asked.delete(path));
  putAhead(path, response);
}

/** The page itself brought the answer. */
export function answerAhead(path: string, body: unknown): void {
  putAhead(path, Promise.resolve(Response.json(body)));
}

const AHEAD_MS = 10_000;

/** For the first page alone: what nobody asked for by then is old, and is asked for anew. */
function putAhead(path: string, response: Promise<Response>): void {
  asked.set(path, response);
  setTimeout(() => asked.delete(path), AHEAD_MS);
}

export function createClient({ locale, onSignedOut }: ClientOptions): Call {
  return async <T>(
    method: string,
    path: string,
    body?: unknown,
    { timeoutMs = 15_000, signal }: CallOptions = {},
  ): Promise<Answer<T>> => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const early = method === "GET" ? asked.get(path) : undefined;
      asked.delete(path);
      const ask = (): Promise<Response> =>
        fetch(path, {
          ...SETTINGS,
          method,
          headers: { ...headersIn(locale()), ...typeOf(body) },
          signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
          ...(body === undefined ? {} : { body: payloadOf(body) }),
        });
      let response = await (early ?? ask());
      // The token may have been renewed while this was on its way; nothing was done, so it is asked once more.
      if (response.status === 401 && path.startsWith("/api/v1/staff/")) response = await ask();
      if (response.status === 204) return { ok: true, status: 204, value: undefined as T };
      const value: unknown = await response.json().catch(() => null);
      if (response.ok && value !== null)
        return { ok: true, status: response.status, value: value as T };
      if (response.status === 401) onSignedOut();
      return { ok: false, status: response.status, problem: problemOf(response, value) };
    } catch {
      return silence(timeout.aborted ? "timeout" : "network");
    }
  };
}

function typeOf(body: unknown): Record<string, string> {
  if (body === undefined || body instanceof Blob) return {};
  return { "content-type": typeof body === "string" ? "text/csv" : "application/json" };
}

function payloadOf(body: unknown): BodyInit {
  return typeof body === "string" || body instanceof Blob ? body : JSON.stringify(body);
}

function silence(code: "network" | "timeout"): Answer<never> {
  const problem = { code, status: 0, detail: "", errors: [], figures: {}, reference: null };
  return { ok: false, status: 0, problem };
}

function problemOf(response: Response, body: unknown): Problem {
  const figures =
    typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const { code, detail, errors, reference } = figures;
  return {
    code: typeof code === "string" ? code : response.status === 404 ? "not_found" : "fault",
    status: response.status,
    detail: typeof detail === "string" ? detail : "",
    errors: Array.isArray(errors) ? (errors as Problem["errors"]) : [],
    figures,
    reference: typeof reference === "string" ? reference : null,
  };
}

/**
 * Two people edited the same thing: the route that keeps versions answers `409 conflict` with what it has now as `current`.
 * Null: the problem is another one.
 */
export function conflictOf(problem: Problem): object | null {
  const { current } = problem.figures;
  return problem.code === "conflict" && typeof current === "object" ? current : null;
}
