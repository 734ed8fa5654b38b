import type { Code, Figures } from "../../kernel/refusal.ts";
import type { Locale } from "../../pages/page-data.ts";
import { figuresIn } from "./field-texts.ts";
import { PROBLEM_TEXTS } from "./problem-texts.ts";
import { dataHeaders, dataResponse } from "./security.ts";

/** The HTTP status of every code, as in docs/contract.md. */
export const STATUS_OF: Readonly<Record<Code, number>> = {
  sold_out: 409,
  closed: 409,
  stale: 409,
  forgone: 409,
  limit_reached: 409,
  points_insufficient: 409,
  not_eligible: 403,
  not_open: 425,
  ahead: 422,
  epoch_unknown: 422,
  price_changed: 409,
  overloaded: 503,
  rate_limited: 429,
  idempotency_mismatch: 422,
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  method_not_allowed: 405,
  upgrade_required: 426,
  unavailable: 503,
  fault: 500,
};

export interface ProblemOptions {
  readonly code: Code;
  readonly locale: Locale;
  readonly instance: string;
  readonly figures?: Figures | Readonly<Record<string, unknown>>;
  readonly status?: number;
  readonly retryAfterSeconds?: number;
}

const headersFor = (locale: Locale): Headers =>
  dataHeaders({
    "content-type": "application/problem+json; charset=utf-8",
    "content-language": locale,
  });
const HEADERS: Readonly<Record<Locale, Headers>> = {
  "zh-CN": headersFor("zh-CN"),
  en: headersFor("en"),
};

/** What every problem says; a type, so that it passes for any record. */
type ProblemBody = {
  type: string;
  title: string;
  status: number;
  code: Code;
  detail: string;
  instance: string;
};

/** A problem (RFC 9457): a stable code, a sentence for people and the figures that help. */
export function problemBody(options: ProblemOptions): ProblemBody {
  const { code, locale, instance, status = STATUS_OF[code] } = options;
  const figures = figuresIn(locale, options.figures ?? {});
  const text = PROBLEM_TEXTS[locale][code];
  // Figures first: none of them may stand in for a member that RFC 9457 defines.
  return {
    ...figures,
    type: `https://qiangdui.dev/problems/${code}`,
    title: text.title,
    status,
    code,
    detail: text.detail(figures as Figures),
    instance,
  };
}

export function problemResponse(options: ProblemOptions): Response {
  const { code, locale } = options;
  const body = problemBody(options);
  const response = dataResponse(body, body.status, HEADERS[locale]);
  if (options.retryAfterSeconds !== undefined) {
    response.headers.set("retry-after", String(options.retryAfterSeconds));
  }
  if (code === "unauthenticated") response.headers.set("www-authenticate", "Bearer");
  return response;
}

/** The language a caller asked for; Chinese when nothing says otherwise. */
export function localeOf(request: Request): Locale {
  const cookie = request.headers.get("cookie");
  const chosen = cookie && /(?:^|;\s*)qd_lang=(zh-CN|en)(?:;|$)/.exec(cookie)?.[1];
  if (chosen === "zh-CN" || chosen === "en") return chosen;
  return acceptedLocale(request.headers.get("accept-language") ?? "") ?? "zh-CN";
}

/** Of our two languages the one with the highest weight, the first of equals (RFC 9110, 12.5.4); null: neither is asked for. */
function acceptedLocale(accepted: string): Locale | null {
  let best: Locale | null = null;
  let bestWeight = 0;
  for (const part of accepted.split(",", 10)) {
    const [, language, weight = "1"] =
      /^\s*(zh|en)(?:-[a-z0-9-]+)?\s*(?:;\s*q=([\d.]+)\s*)?$/i.exec(part) ?? [];
    if (language === undefined || !(Number(weight) > bestWeight)) continue;
    best = language.toLowerCase() === "en" ? "en" : "zh-CN";
    bestWeight = Number(weight);
    // Browsers name what they like best first, and without a weight.
    if (bestWeight >= 1) return best;
  }
  return best;
}
