/** Who looked at personal data or at codes: written before it is shown, so that no look goes unnoticed. */
import type { Env } from "../platform/env.ts";
import type { OrderRef } from "./address-book.ts";

export interface Reveal extends OrderRef {
  readonly what: "address" | "code";
  /** `member`, or `staff:<id>`. */
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

export async function logReveal(env: Env, programmeId: string, reveal: Reveal): Promise<void> {
  await logReveals(env, programmeId, [reveal]);
}

export async function logReveals(
  env: Env,
  programmeId: string,
  reveals: readonly Reveal[],
): Promise<void> {
  if (reveals.length === 0) return;
  const rows = reveals.map(({ what, memberId, orderId, by, reason, atMs }) => [
    ...[crypto.randomUUID(), what, memberId, orderId, by, reason, atMs],
  ]);
  await env.DB.prepare(
    `INSERT INTO reveals (programme_id, reveal_id, what, member_id, order_id, by, reason, at_ms)
     SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?2)`,
  )
    .bind(programmeId, JSON.stringify(rows))
    .run();
}

export async function revealsOf(
  env: Env,
  programmeId: string,
  { memberId, orderId }: OrderRef,
): Promise<Reveal[]> {
  const { results } = await env.DB.prepare(
    `SELECT what, by, reason, at_ms FROM reveals WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3
     ORDER BY at_ms DESC LIMIT 50`,
  )
    .bind(programmeId, memberId, orderId)
    .all<{ what: Reveal["what"]; by: string; reason: string; at_ms: number }>();
  return results.map(({ what, by, reason, at_ms: atMs }) => ({
    ...{ memberId, orderId, what, by, reason, atMs },
  }));
}
