/**
 * The deep audit: one page a call. First every take of every Sku against the Accounts, then every member's rows, then every
 * published day of evidence.
 */
import { dayText, type LedgerFault, type TakeClaim } from "../accounts/index.ts";
import {
  changedSince,
  EvidenceStore,
  FIRST_PREVIOUS,
  NO_LEAVES,
  rootHash,
  rootOf,
  withLeaf,
  type SignedRoot,
} from "../evidence/index.ts";
import { bucketOf, splitMemberKey } from "../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import type { SaleRecount, TakesCursor, TakesPage } from "../redemption/index.ts";
import { accountNames } from "../platform/account-names.ts";
import { skuKeys, type AuditRow } from "./audit.ts";

type Cursor =
  | { readonly phase: "sku"; readonly name: string; readonly after: TakesCursor }
  | { readonly phase: "account"; readonly name: string; readonly after: string }
  /** Stored value of an Account. */
  | { readonly phase: "stored"; readonly name: string; readonly after: string }
  /** A programme's published days; `after` is the last one that was looked at. */
  | { readonly phase: "evidence"; readonly name: string; readonly after: number };

export interface DeepPage {
  readonly rows: readonly AuditRow[];
  /** Pass as `cursor` for the next page; null when everything was seen. */
  readonly cursor: string | null;
}

const FAULTS_NAMED = 8;
const FROM_START: TakesCursor = { saleId: "", memberKey: "", orderId: "" };

/** Null for a cursor that this audit never gave out. */
export async function deepAudit(env: Env, cursor: string | null): Promise<DeepPage | null> {
  const at = cursor === null ? await firstCursor(env) : readCursor(cursor);
  if (at === "unreadable") return null;
  if (!at) return { rows: [], cursor: null };
  if (at.phase === "sku") return auditSkuPage(env, at);
  if (at.phase === "stored") return auditStoredPage(env, at);
  return at.phase === "account" ? auditAccountPage(env, at) : auditEvidencePage(env, at);
}

async function firstCursor(env: Env): Promise<Cursor | null> {
  const [name] = await skuKeys(env);
  if (name !== undefined) return { phase: "sku", name, after: FROM_START };
  return firstAccount(env);
}

async function firstAccount(env: Env): Promise<Cursor | null> {
  const [name] = await accountNames(env);
  return name === undefined ? null : { phase: "account", name, after: "" };
}

function readCursor(text: string): Cursor | "unreadable" {
  try {
    const value = JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Partial<Cursor>;
    if (typeof value.name !== "string") return "unreadable";
    const isAccount = value.phase === "account" || value.phase === "stored";
    if (isAccount && typeof value.after === "string") {
      return { phase: value.phase, name: value.name, after: value.after };
    }
    if (value.phase === "evidence" && Number.isSafeInteger(value.after)) {
      return { phase: "evidence", name: value.name, after: value.after as number };
    }
    const after = value.after as Partial<TakesCursor> | undefined;
    const { saleId, memberKey, orderId } = after ?? {};
    const isPlace = [saleId, memberKey, orderId].every((part) => typeof part === "string");
    if (value.phase !== "sku" || !isPlace) return "unreadable";
    return { phase: "sku", name: value.name, after: after as TakesCursor };
  } catch {
    return "unreadable";
  }
}

function writeCursor(cursor: Cursor | null): string | null {
  return cursor && Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

async function auditSkuPage(env: Env, at: Extract<Cursor, { phase: "sku" }>): Promise<DeepPage> {
  const keys = await skuKeys(env);
  // Only names of the catalogue are opened, so that a made-up cursor creates no object.
  if (!keys.includes(at.name)) return { rows: [], cursor: null };
  const page = await stubOf(env.SKU, at.name, env).auditTakes(at.after);
  const rows: AuditRow[] = [];
  if (page.takes.length > 0) rows.push(await takesRow(env, at.name, page));
  if (!page.next) rows.push(recountRow(at.name, await stubOf(env.SKU, at.name, env).recount()));
  const nextName = keys[keys.indexOf(at.name) + 1];
  const next: Cursor | null = page.next
    ? { phase: "sku", name: at.name, after: page.next }
    : nextName === undefined
      ? await firstAccount(env)
      : { phase: "sku", name: nextName, after: FROM_START };
  return { rows, cursor: writeCursor(next) };
}

/** Rows of a Sku beside its counters; its takes may grow while pages are read, so it closes its last page. */
function recountRow(object: string, sales: readonly SaleRecount[]): AuditRow {
  const broken = sales.filter(
    (sale) => sale.live !== sale.liveInRows || sale.granted !== sale.grantedInRows,
  );
  const takes = sales.reduce((rows, sale) => rows + sale.grantedInRows, 0);
  return {
    name: "I1_counters_equal_rows",
    checked: sales.length,
    inFlight: 0,
    ok: broken.length === 0,
    figures: { object, takes, broken: broken.length },
  };
}

async function takesRow(env: Env, skuKey: string, page: TakesPage): Promise<AuditRow> {
  const byBucket = new Map<string, TakeClaim[]>();
  for (const { saleId, ref, take } of page.takes) {
    const bucket = bucketOf(ref.memberKey, accountBuckets(env));
    const claims = byBucket.get(bucket) ?? [];
    claims.push({ saleId, ...ref, state: take.state, epoch: take.epoch, quantity: take.quantity });
    byBucket.set(bucket, claims);
  }
  const figures = { agree: 0, inFlight: 0, breaches: 0 };
  for (const [bucket, claims] of byBucket) {
    const check = await stubOf(env.ACCOUNT, bucket, env).checkTakes(claims);
    figures.agree += check.agree;
    figures.inFlight += check.inFlight;
    figures.breaches += check.breaches;
  }
  return {
    name: "I5_takes_match_orders",
    checked: page.takes.length,
    inFlight: figures.inFlight,
    ok: figures.breaches === 0,
    figures: { object: skuKey, ...figures },
  };
}

async function auditAccountPage(
  env: Env,
  at: Extract<Cursor, { phase: "account" }>,
): Promise<DeepPage> {
  const names = await accountNames(env);
  if (!names.includes(at.name)) return { rows: [], cursor: null };
  const account = stubOf(env.ACCOUNT, at.name, env);
  const page = await account.auditMembers(at.after);
  const breaches = Object.values(page.breaches).reduce((sum, one) => sum + one, 0);
  const rows: AuditRow[] = [
    {
      name: "I4_I10_members_recounted",
      checked: page.members,
      inFlight: 0,
      ok: breaches === 0,
      figures: {
        ...{ object: at.name, entries: page.entries, breaches, ...page.breaches },
        ...(page.faults.length === 0 ? {} : { faults: namesOf(page.faults) }),
      },
    },
    await ledgerRow(env, at.name, page.heads),
  ];
  const next: Cursor =
    page.next === null
      ? { phase: "stored", name: at.name, after: "" }
      : { phase: "account", name: at.name, after: page.next };
  return { rows, cursor: writeCursor(next) };
}

/** Stored value of a page of members, replayed; then the next Account. */
async function auditStoredPage(
  env: Env,
  at: Extract<Cursor, { phase: "stored" }>,
): Promise<DeepPage> {
  const names = await accountNames(env);
  if (!names.includes(at.name)) return { rows: [], cursor: null };
  const page = await stubOf(env.ACCOUNT, at.name, env).auditStored(at.after);
  const row: AuditRow = {
    name: "I10_stored_value_recounted",
    checked: page.members,
    inFlight: 0,
    ok: page.breaches === 0,
    figures: { object: at.name, entries: page.entries, breaches: page.breaches },
  };
  const nextName = names[names.indexOf(at.name) + 1];
  const next: Cursor | null =
    page.next !== null
      ? { phase: "stored", name: at.name, after: page.next }
      : nextName === undefined
        ? await firstProgramme(env)
        : { phase: "account", name: nextName, after: "" };
  return { rows: page.members === 0 ? [] : [row], cursor: writeCursor(next) };
}

async function firstProgramme(env: Env): Promise<Cursor | null> {
  const [name] = await new EvidenceStore(env.DB).programmes();
  return name === undefined ? null : { phase: "evidence", name, after: -1 };
}

/** One published day a page: the rows that D1 has now must be those whose root was signed. */
async function auditEvidencePage(
  env: Env,
  at: Extract<Cursor, { phase: "evidence" }>,
): Promise<DeepPage> {
  const store = new EvidenceStore(env.DB);
  const programmes = await store.programmes();
  if (!programmes.includes(at.name)) return { rows: [], cursor: null };
  const root = await store.rootAfter(at.name, at.after);
  const nextName = programmes[programmes.indexOf(at.name) + 1];
  if (!root) {
    const next =
      nextName === undefined ? null : ({ phase: "evidence", name: nextName, after: -1 } as const);
    return { rows: [], cursor: writeCursor(next) };
  }
  const row = await evidenceRow(store, root);
  return { rows: [row], cursor: writeCursor({ ...at, after: root.day }) };
}

/** Rows are named by the member's tag, which the receipt shows too, so that no person is named. */
async function evidenceRow(store: EvidenceStore, root: SignedRoot): Promise<AuditRow> {
  const { programmeId, day } = root;
  const { changed, missing, rows } = await changedSince(store, programmeId, day);
  let tree = NO_LEAVES;
  for await (const leaf of store.leavesOf(programmeId, day)) tree = withLeaf(tree, leaf);
  const isRoot = rootOf(tree) === root.root && tree.size === root.size;
  const [before] = await store.roots(programmeId, day, 1);
  const isChained = root.previous === (before ? rootHash(before) : FIRST_PREVIOUS);
  const named = changed
    .slice(0, FAULTS_NAMED)
    .map(({ memberTag, seq }) => `${memberTag} seq ${seq}`);
  return {
    name: "I10_evidence_holds",
    checked: rows,
    inFlight: 0,
    ok: changed.length === 0 && missing === 0 && isRoot && isChained,
    figures: {
      ...{ object: programmeId, day: dayText(day), changed: changed.length, missing },
      ...{ isRoot: Number(isRoot), isChained: Number(isChained) },
      ...(named.length === 0 ? {} : { faults: named.join("; ") }),
    },
  };
}

/** Which rows of `entries` do not hold, by their position in the object. */
function namesOf(faults: readonly LedgerFault[]): string {
  return faults
    .map(({ position, seq, kind }) => `${kind} at position ${position}, seq ${seq}`)
    .join("; ");
}

/** The newest hash of each ledger, here and in D1: D1 may be behind, never ahead and never different. */
async function ledgerRow(
  env: Env,
  object: string,
  heads: readonly { memberKey: string; seq: number; headHash: string }[],
): Promise<AuditRow> {
  const wanted = heads.map(({ memberKey, seq, headHash }) => ({
    ...splitMemberKey(memberKey),
    seq,
    headHash,
  }));
  const { results } = await env.DB.prepare(
    `SELECT w.value ->> '$.seq' AS seq, w.value ->> '$.headHash' AS head, MAX(e.seq) AS seq_in_d1, e.hash AS hash_in_d1
     FROM json_each(?1) w LEFT JOIN ledger_entries e
       ON e.programme_id = w.value ->> '$.programmeId' AND e.member_id = w.value ->> '$.memberId'
     GROUP BY w.key`,
  )
    .bind(JSON.stringify(wanted))
    .all<{ seq: number; head: string; seq_in_d1: number | null; hash_in_d1: string | null }>();
  let behind = 0;
  let differ = 0;
  for (const row of results) {
    const seqInD1 = row.seq_in_d1 ?? 0;
    if (seqInD1 < row.seq) behind += 1;
    else if (seqInD1 > row.seq || (row.seq > 0 && row.hash_in_d1 !== row.head)) differ += 1;
  }
  return {
    name: "d1_ledger_heads",
    checked: results.length,
    inFlight: behind,
    ok: differ === 0,
    figures: { object, behind, differ },
  };
}
