import { drizzle } from "drizzle-orm/d1";
import { bucketOf, memberKeyOf } from "../kernel/ids.ts";
import { ledgerEntries } from "./d1-schema.ts";
import { accountBuckets, type Env } from "./env.ts";

/** Every Account object. With one object per member, the members that D1 has heard of. */
export async function accountNames(env: Env): Promise<string[]> {
  const buckets = accountBuckets(env);
  if (buckets > 0) return Array.from({ length: buckets }, (_, at) => `bucket:${at}`);
  const rows = await drizzle(env.DB)
    .selectDistinct({ programmeId: ledgerEntries.programmeId, memberId: ledgerEntries.memberId })
    .from(ledgerEntries);
  return rows.map((row) => bucketOf(memberKeyOf(row.programmeId, row.memberId), buckets)).sort();
}
