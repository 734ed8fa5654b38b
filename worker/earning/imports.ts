/** Books the lines of an import: each once, whatever happens to the answer. */
import { bucketOf, memberKeyOf } from "../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { IMPORT_SENTENCES, type ImportSentences } from "../kernel/import-sentences.ts";
import type { BadLine, ImportRow } from "./manual/index.ts";

/** Grants of one call to an Account. */
const BATCH = 250;
/** As many as a request may have under way to other objects. */
const CALLS_AT_ONCE = 6;

export interface Booked {
  readonly booked: number;
  readonly repeated: number;
  readonly bad: readonly BadLine[];
}

export interface Importer {
  readonly programmeId: string;
  readonly importId: string;
  readonly actor: string;
}

export async function bookRows(
  env: Env,
  { programmeId, importId, actor }: Importer,
  rows: readonly ImportRow[],
  say: ImportSentences = IMPORT_SENTENCES.en,
): Promise<Booked> {
  const keyOf = ({ memberId }: ImportRow): string => memberKeyOf(programmeId, memberId);
  const byBucket = Map.groupBy(rows, (row) => bucketOf(keyOf(row), accountBuckets(env)));
  let booked = 0;
  let repeated = 0;
  const bad: BadLine[] = [];
  const bookSome = async (bucket: string, part: readonly ImportRow[]): Promise<void> => {
    const grants = part.map((row) => ({
      memberKey: keyOf(row),
      points: row.points,
      reason: row.reason,
      internalNote: `import ${importId}`,
      storeId: null,
      actor,
      idempotencyKey: `import-${importId}-${row.line}`,
      source: "opening" as const,
      expiresAtMs: row.expiresAtMs,
      pendingUntilMs: null,
    }));
    const replies = await stubOf(env.ACCOUNT, bucket, env).grantMany(grants);
    replies.forEach((reply, index) => {
      const { line } = part[index] as ImportRow;
      if (reply.kind === "changed") {
        if (reply.isReplay) repeated += 1;
        else booked += 1;
      } else if (reply.kind === "mismatch") {
        bad.push({ line, field: "", reason: say.otherBefore });
      } else {
        bad.push({ line, field: "points", reason: say.tooManyPoints });
      }
    });
  };
  const calls = [...byBucket].flatMap(([bucket, own]) =>
    partsOf(own).map((part) => [bucket, part] as const),
  );
  for (let at = 0; at < calls.length; at += CALLS_AT_ONCE) {
    const some = calls.slice(at, at + CALLS_AT_ONCE);
    await Promise.all(some.map(([bucket, part]) => bookSome(bucket, part)));
  }
  return { booked, repeated, bad: bad.toSorted((a, b) => a.line - b.line) };
}

function partsOf(rows: readonly ImportRow[]): ImportRow[][] {
  const count = Math.ceil(rows.length / BATCH);
  return Array.from({ length: count }, (_, at) => rows.slice(at * BATCH, (at + 1) * BATCH));
}
