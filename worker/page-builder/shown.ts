/** What visitors see of a document: read once an isolate, looked after every few seconds, kept while D1 is away. */
import { Lru } from "../kernel/lru.ts";
import { signToken, verifyToken, type KeyRing } from "../kernel/key-ring.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import {
  DEFAULT_HOME,
  DEFAULT_LOOK,
  HOME,
  LOOK,
  lookSchema,
  pageBodySchema,
  type Look,
  type PageBody,
} from "./document.ts";
import { shownVersion } from "./history.ts";
import { PageStore } from "./store.ts";

/** A publication reaches every isolate within this time; the promise to staff is five seconds. */
const FRESH_MS = 2_500;
const DOCUMENTS_MAX = 256;
const PREVIEW_PURPOSE = "page-preview.v1";
export const PREVIEW_MS = 2 * 3_600_000;

interface Known {
  readonly version: number | null;
  readonly body: unknown;
  readonly checkedAtMs: number;
}

const known = new Lru<string, Known>(DOCUMENTS_MAX);
const keyOf = (programmeId: string, pageId: string): string => `${programmeId} ${pageId}`;

/** After a command of this isolate, so that staff see what they did. */
export function forgetShown(programmeId: string, pageId: string): void {
  known.delete(keyOf(programmeId, pageId));
}

/** Where a page is read from: what is online, or the drafts of a programme for whoever holds its preview token. */
export interface Reading {
  readonly programmeId: string;
  readonly isPreview: boolean;
}

async function bodyOf(env: Env, at: Reading, pageId: string, nowMs: number): Promise<unknown> {
  const { programmeId } = at;
  const store = new PageStore(env.DB);
  if (at.isPreview) {
    const head = await store.head(programmeId, pageId);
    return head.draft ?? (await store.shown(programmeId, pageId, nowMs));
  }
  const key = keyOf(programmeId, pageId);
  const cached = known.get(key);
  if (cached && nowMs - cached.checkedAtMs < FRESH_MS) return cached.body;
  try {
    const version = shownVersion(await store.head(programmeId, pageId), nowMs);
    const isSame = cached !== undefined && cached.version === version;
    const body = isSame
      ? cached.body
      : version === null
        ? undefined
        : await store.body(programmeId, pageId, version);
    known.set(key, { version, body, checkedAtMs: nowMs });
    return body;
  } catch (error) {
    // A mall without its decoration is better than none: what was last seen, else the default.
    log("page_read_failed", { programmeId, pageId, error: describeError(error) });
    if (cached) known.set(key, { ...cached, checkedAtMs: nowMs });
    return cached?.body;
  }
}

export async function lookOf(env: Env, at: Reading, nowMs: number): Promise<Look> {
  // A document of an older release that does not fit any more gives way to the default.
  const parsed = lookSchema.safeParse(await bodyOf(env, at, LOOK, nowMs));
  return parsed.success ? parsed.data : DEFAULT_LOOK;
}

/** Null: there is no such page. The home page is always there. */
export async function pageBodyOf(
  env: Env,
  at: Reading,
  pageId: string,
  nowMs: number,
): Promise<PageBody | null> {
  const parsed = pageBodySchema.safeParse(await bodyOf(env, at, pageId, nowMs));
  if (parsed.success) return parsed.data;
  return pageId === HOME ? DEFAULT_HOME : null;
}

export function signPreview(ring: KeyRing, programmeId: string, nowMs: number): string {
  return signToken(ring, PREVIEW_PURPOSE, [programmeId, nowMs + PREVIEW_MS]);
}

/** The programme whose drafts the token shows, or null. */
export function previewOf(ring: KeyRing, token: string, nowMs: number): string | null {
  const claims = token.length > 512 ? null : verifyToken(ring, PREVIEW_PURPOSE, token);
  if (!Array.isArray(claims)) return null;
  const [programmeId, expiresAtMs] = claims as unknown[];
  return typeof programmeId === "string" && Number(expiresAtMs) > nowMs ? programmeId : null;
}
