import { LIMITS } from "../kernel/limits.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { attemptEach } from "../platform/upkeep.ts";
import type { OpenPages } from "./open-pages-object.ts";
import type { Change } from "./wire.ts";

/** One of the objects that share a programme's open pages. */
export function openPagesOf(
  env: Env,
  programmeId: string,
  part: number,
): DurableObjectStub<OpenPages> {
  return stubOf(env.OPEN_PAGES, `${programmeId}:${part}`, env);
}

const PARTS = Array.from({ length: LIMITS.openPagesParts }, (_, part) => part);

/**
 * Tells every open page of a programme that something it may show was changed, or will be at a moment to come. Call it once the change is
 * committed. It does not throw: a page that hears nothing is only late.
 */
export function tellOpenPages(
  env: Env,
  programmeId: string,
  change: Change | { readonly atMs: number },
): Promise<void> {
  return attemptEach(
    "open_pages",
    PARTS,
    (part) => {
      const pages = openPagesOf(env, programmeId, part);
      return typeof change === "string" ? pages.changed(change) : pages.changesAt(change.atMs);
    },
    PARTS.length,
  );
}
