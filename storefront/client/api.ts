import type {
  GrantResponse,
  ForgoneResponse,
  PendingResponse,
  SaleView,
  TicketResponse,
} from "../../worker/redemption/wire.ts";
import type { MemberPriceView, MeView, OrderView } from "../../worker/accounts/wire.ts";
import type { RefundQuoteView } from "../../worker/pages/wire.ts";

/** A refusal or a fault as a value: nothing in this file throws for one. */
export interface Problem {
  /** A code of the contract, or `network` / `timeout` when no answer came. */
  code: string;
  status: number;
  instance: string;
  figures: Readonly<Record<string, unknown>>;
  retryAfterMs: number | null;
}

export type Answer<T> =
  | { ok: true; status: number; value: T }
  | { ok: false; status: number; problem: Problem };

export interface TicketBody {
  orderId: string;
  quantity: number;
  epoch: number;
  replaces?: string;
  /** What the page says it costs: nobody pays more than they were told. */
  pointsMax: number;
}
export type RedemptionBody = Omit<TicketBody, "replaces">;

export interface Api {
  sale(saleId: string): Promise<Answer<SaleView>>;
  ticket(saleId: string, body: TicketBody): Promise<Answer<TicketResponse | GrantResponse>>;
  forgo(saleId: string, orderId: string): Promise<Answer<ForgoneResponse | GrantResponse>>;
  redeem(saleId: string, body: RedemptionBody): Promise<Answer<GrantResponse | PendingResponse>>;
  order(orderId: string): Promise<Answer<OrderView>>;
  refundQuote(orderId: string): Promise<Answer<RefundQuoteView>>;
  /** `forfeitMax`: points that the member was told are lost. */
  cancel(orderId: string, forfeitMax: number): Promise<Answer<unknown>>;
  me(): Promise<Answer<MeView>>;
  /** What a sale costs the member now. */
  prices(saleId: string): Promise<Answer<{ prices: MemberPriceView[] }>>;
  login(memberId: string): Promise<Answer<unknown>>;
}

/** Reads a whole number out of a problem's figures; `null` when the server did not send one. */
export function figureOf(problem: Problem, name: string): number | null {
  const value = problem.figures[name];
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function retryAfterMsOf(header: string | null): number | null {
  const seconds = header === null ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

function silence(code: "network" | "timeout"): Answer<never> {
  return {
    ok: false,
    status: 0,
    problem: { code, status: 0, instance: "", figures: {}, retryAfterMs: null },
  };
}

function problemOf(response: Response, body: unknown): Problem {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const code = fields["code"];
  const instance = fields["instance"];
  return {
    // A page of a proxy in between is no problem of ours, but it still has a status to go by.
    code: typeof code === "string" ? code : response.status === 404 ? "not_found" : "fault",
    status: response.status,
    instance:
      typeof instance === "string" ? instance : (response.headers.get("x-request-id") ?? ""),
    figures: fields,
    retryAfterMs: retryAfterMsOf(response.headers.get("retry-after")),
  };
}

export interface ApiOptions {
  locale: string;
  fetch?: typeof fetch;
  timeoutMs?: number;
}

export type Call = <T>(method: string, path: string, body?: unknown) => Promise<Answer<T>>;

/** Sends, waits a bounded time, and answers with a value whatever happens. */
export function callerOf(options: ApiOptions): Call {
  const timeoutMs = options.timeoutMs ?? 10_000;
  return async <T>(method: string, path: string, body?: unknown): Promise<Answer<T>> => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), timeoutMs);
    try {
      const headers: Record<string, string> = {
        accept: "application/json",
        "accept-language": options.locale,
      };
      if (body !== undefined) headers["content-type"] = "application/json";
      const response = await (options.fetch ?? fetch)(path, {
        method,
        headers,
        credentials: "same-origin",
        cache: "no-store",
        signal: abort.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const value: unknown = await response.json().catch(() => null);
      if (response.ok && value !== null)
        return { ok: true, status: response.status, value: value as T };
      return { ok: false, status: response.status, problem: problemOf(response, value) };
    } catch {
      return silence(abort.signal.aborted ? "timeout" : "network");
    } finally {
      clearTimeout(timer);
    }
  };
}

export function createApi(options: ApiOptions): Api {
  const call = callerOf(options);
  const saleAt = (saleId: string): string => `/api/v1/sales/${encodeURIComponent(saleId)}`;
  const orderAt = (orderId: string): string => `/api/v1/orders/${encodeURIComponent(orderId)}`;
  return {
    sale: (saleId) => call("GET", saleAt(saleId)),
    ticket: (saleId, body) => call("POST", `${saleAt(saleId)}/tickets`, body),
    forgo: (saleId, orderId) =>
      call("DELETE", `${saleAt(saleId)}/tickets/${encodeURIComponent(orderId)}`),
    redeem: (saleId, body) => call("POST", `${saleAt(saleId)}/redemptions`, body),
    order: (orderId) => call("GET", orderAt(orderId)),
    refundQuote: (orderId) => call("GET", `${orderAt(orderId)}/refund-quote`),
    cancel: (orderId, forfeitMax) =>
      call("POST", `${orderAt(orderId)}/cancel?forfeitMax=${forfeitMax}`, {}),
    me: () => call("GET", "/api/v1/me"),
    prices: (saleId) => call("GET", `/api/v1/me/prices?saleIds=${encodeURIComponent(saleId)}`),
    login: (memberId) => call("POST", "/api/v1/dev/login", { memberId }),
  };
}
