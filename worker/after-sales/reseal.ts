/** After a rotation: the words of cases, in the Accounts and by them in D1, some orders at a time. */
import { accountOf, resealedWords } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { openVault } from "../vault/index.ts";

const ORDERS_PER_RUN = 20;

/** Answers how many orders were gone through. What was written before words were sealed is sealed on this occasion. */
export async function resealCases(env: Env, programmeId: string): Promise<number> {
  const vault = await openVault(env, programmeId);
  const { results } = await env.DB.prepare(
    `SELECT DISTINCT member_id, order_id FROM after_sales
     WHERE programme_id = ?1 AND reason NOT LIKE ?2 LIMIT ${ORDERS_PER_RUN}`,
  )
    .bind(programmeId, `s1.${vault.version}.%`)
    .all<{ member_id: string; order_id: string }>();
  for (const { member_id: memberId, order_id: orderId } of results) {
    const memberKey = memberKeyOf(programmeId, memberId);
    const account = accountOf(env, memberKey);
    const life = (await account.order(memberKey, orderId))?.life;
    // Told to D1 also where the Account has nothing older any more: its row is what is looked for.
    if (life) await account.rewordCases(memberKey, orderId, await resealedWords(vault, life));
  }
  return results.length;
}
