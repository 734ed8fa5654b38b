import type { Context } from "hono";
import type { Env } from "../platform/env.ts";
import type { Api } from "../platform/http/api.ts";
import type { Locale } from "./page-data.ts";

/** What an address says about this visit. */
export interface Visit {
  readonly locale: Locale;
  /** Empty: no store any more. */
  readonly storeId: string | undefined;
}

/** No store is called so. */
const NO_STORE = "-";

/** The API failed, and not the page: what it answered says whether it comes back by itself. */
export class ApiFailed extends Error {
  readonly status: number;

  constructor(path: string, status: number) {
    super(`${path} answered ${status}`);
    this.status = status;
  }
}

/**
 * The API as a page asks it: the routes, permissions and views that any client meets, without a way over the network.
 * What a programme's API does not have, its pages do not offer.
 */
export class OwnApi {
  readonly #api: Api;
  readonly #c: Context<{ Bindings: Env }>;

  readonly #as: Visit;
  readonly #hidden: readonly string[];

  /** `hidden`: paths that the pages are not to offer here, though the API has them. */
  constructor(api: Api, c: Context<{ Bindings: Env }>, as: Visit, hidden: readonly string[] = []) {
    this.#hidden = hidden;
    this.#api = api;
    this.#c = c;
    this.#as = as;
  }

  /** Null when the route refuses, as one does that this programme has not; throws when it fails. */
  async get<T>(path: string): Promise<T | null> {
    if (this.#hidden.some((one) => path === one || path.startsWith(`${one}?`))) return null;
    const { req, env, executionCtx } = this.#c;
    const headers = new Headers({ accept: "application/json" });
    const authorization = req.header("authorization");
    if (authorization !== undefined) headers.set("authorization", authorization);
    // Ways to pay depend on whether it is WeChat that asks.
    const userAgent = req.header("user-agent");
    if (userAgent !== undefined) headers.set("user-agent", userAgent);
    // The page's own language and store stand first, whatever cookie or browser say.
    const { locale, storeId } = this.#as;
    const own = [
      `qd_lang=${locale}`,
      ...(storeId === undefined ? [] : [`qd_store=${storeId || NO_STORE}`]),
    ];
    headers.set("cookie", [...own, req.header("cookie") ?? ""].join("; "));
    const request = new Request(new URL(path, req.url), { headers });
    const response = await this.#api.app.fetch(request, env, executionCtx);
    if (response.ok) return response.json<T>();
    if (response.status >= 500) throw new ApiFailed(path, response.status);
    return null;
  }

  /** For a part of a page that the rest does without. */
  async part<T>(path: string): Promise<T | null> {
    return this.get<T>(path).catch(() => null);
  }
}
