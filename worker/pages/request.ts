import type { Context } from "hono";
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import type { Look, Reading } from "../page-builder/index.ts";
import type { OwnApi } from "./own-api.ts";
import type { PageBase, PageData } from "./page-data.ts";

/** What a page is made from. */
export interface PageRequest {
  readonly c: Context<{ Bindings: Env }>;
  readonly api: OwnApi;
  readonly base: PageBase;
  readonly look: Look;
  /** Whose documents are shown, and whether their drafts. */
  readonly reading: Reading;
  readonly session: Session | null;
  readonly nowMs: number;
  /** Pages that are not offered here, so that nothing leads to them. */
  readonly hiddenPaths: readonly string[];
  /** The store that the address names, for this visit and later ones; empty: none any more; absent: as before. */
  readonly storeId: string | undefined;
}

export interface Redirect {
  readonly redirect: string;
}

export type PageLoader = (request: PageRequest) => Promise<PageData | Redirect>;

/** Back to here after signing in, filters and all. */
export function loginAt(c: Context): Redirect {
  const { pathname, search } = new URL(c.req.url);
  return { redirect: `/login?returnTo=${encodeURIComponent(pathname + search)}` };
}

export function notFound(base: PageBase): PageData {
  return {
    ...base,
    page: "problem",
    status: 404,
    code: "not_found",
    requestId: crypto.randomUUID(),
  };
}

/** A code as an address may carry it; anything else is none. */
export function addressCode(text: string | null | undefined): string | null {
  return /^[0-9A-Za-z -]{4,40}$/.exec(text ?? "")?.[0] ?? null;
}
