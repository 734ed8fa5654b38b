/** Books the lines of an import: each once, whatever happens to the answer. */
import { bucketOf, memberKeyOf } from "../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { IMPORT_SENTENCES, type ImportSentences } from "../kernel/import-sentences.ts";
import type { BadLine, ImportRow } from "./manual/index.ts";

/** Grants of one call to an Account. */
const BATCH = 250;

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
  for (const [bucket, own] of byBucket) {
    for (let at = 0; at < own.length; at += BATCH) {
      const part = own.slice(at, at + BATCH);
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
    }
  }
  return { booked, repeated, bad };
}
