/** The terms of programmes as this isolate knows them: read once, looked after every few seconds, kept while D1 is away. */
import { Lru } from "../kernel/lru.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import type { ProgrammeTerms } from "./programme/index.ts";
import { EarningStore } from "./store.ts";

/** A change reaches every isolate within this time; the promise to staff is five seconds until a page shows it. */
const FRESH_MS = 2_500;
const PROGRAMMES_MAX = 64;

interface Known {
  readonly terms: ProgrammeTerms;
  readonly checkedAtMs: number;
}

const known = new Lru<string, Known>(PROGRAMMES_MAX);

/** Null: D1 is away and this isolate has never read them; an Account may still know them. */
export async function termsOf(
  env: Env,
  programmeId: string,
  nowMs: number,
): Promise<ProgrammeTerms | null> {
  const cached = known.get(programmeId);
  if (cached && nowMs - cached.checkedAtMs < FRESH_MS) return cached.terms;
  // Each request reads for itself: the runtime forbids waiting for the reading of another.
  return refresh(env, programmeId, cached ?? null, nowMs);
}

/** How long the first redemption of an isolate waits for them: D1 may be away, and redemptions go on. */
const FIRST_READ_MS_MAX = 1_000;

/** What a redemption is priced by: at once what is known, looked after for those who come next. */
export async function termsAtHand(
  env: Env,
  ctx: ExecutionContext,
  programmeId: string,
  nowMs: number,
): Promise<ProgrammeTerms | null> {
  const cached = known.get(programmeId);
  if (cached && nowMs - cached.checkedAtMs < FRESH_MS) return cached.terms;
  if (cached) {
    known.set(programmeId, { ...cached, checkedAtMs: nowMs });
    ctx.waitUntil(refresh(env, programmeId, cached, nowMs));
    return cached.terms;
  }
  const reading = refresh(env, programmeId, null, nowMs);
  ctx.waitUntil(reading);
  const waited = new Promise<null>((give) => setTimeout(give, FIRST_READ_MS_MAX, null));
  return Promise.race([reading, waited]);
}

/** After a change by this isolate, so that staff see what they saved. */
export function forgetTerms(programmeId: string): void {
  known.delete(programmeId);
}

async function refresh(
  env: Env,
  programmeId: string,
  cached: Known | null,
  nowMs: number,
): Promise<ProgrammeTerms | null> {
  const store = new EarningStore(env.DB);
  try {
    const isSame = cached && (await store.revision(programmeId)) === cached.terms.revision;
    const terms = isSame ? cached.terms : await store.snapshot(programmeId, nowMs);
    known.set(programmeId, { terms, checkedAtMs: nowMs });
    return terms;
  } catch (error) {
    log("terms_read_failed", { programmeId, error: describeError(error) });
    if (cached) known.set(programmeId, { ...cached, checkedAtMs: nowMs });
    return cached?.terms ?? null;
  }
}

/** Tiers of a programme by id, as members read them; empty while nothing is known. */
export async function tierTitles(
  env: Env,
  programmeId: string,
  nowMs: number,
): Promise<ReadonlyMap<string, string>> {
  const terms = await termsOf(env, programmeId, nowMs);
  return new Map(terms?.tiers?.tiers.map(({ tierId, title }) => [tierId, title]));
}
