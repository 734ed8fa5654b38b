import type { Context } from "hono";
import type { Env } from "../platform/env.ts";
import type { Api } from "../platform/http/api.ts";

/**
 * The API as a page asks it: the routes, permissions and views that any client meets, without a way over the network.
 * What a programme's API does not have, its pages do not offer.
 */
export class OwnApi {
  readonly #api: Api;
  readonly #c: Context<{ Bindings: Env }>;

  constructor(api: Api, c: Context<{ Bindings: Env }>) {
    this.#api = api;
    this.#c = c;
  }

  has(path: string): boolean {
    return this.#api.methodsOf(path).includes("GET");
  }

  /** Null when there is no such route or the route refuses; throws when it fails. */
  async get<T>(path: string): Promise<T | null> {
    const [pathname = path] = path.split("?", 1);
    if (!this.has(pathname)) return null;
    const { req, env, executionCtx } = this.#c;
    const headers = new Headers({ accept: "application/json" });
    for (const name of ["cookie", "authorization", "accept-language"]) {
      const value = req.header(name);
      if (value !== undefined) headers.set(name, value);
    }
    const request = new Request(new URL(path, req.url), { headers });
    const response = await this.#api.app.fetch(request, env, executionCtx);
    if (response.ok) return response.json<T>();
    if (response.status >= 500) throw new Error(`${pathname} answered ${response.status}`);
    return null;
  }

  /** For a part of a page that the rest does without. */
  async part<T>(path: string): Promise<T | null> {
    return this.get<T>(path).catch(() => null);
  }
}
