/** After a rotation: the words of cases, in the Accounts and by them in D1, some orders at a time. */
import { accountOf, resealedWords } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { openVault } from "../vault/index.ts";

/** An order has as many rows here as it has cases. */
export const UNSEALED_CASES: Omit<RoundList, "name"> = {
  ...{ rows: 20, by: ["member_id", "order_id"], start: ["", ""], from: "after_sales" },
  columns: "DISTINCT member_id AS memberId, order_id AS orderId",
  where: "programme_id = ?3 AND reason NOT LIKE ?4",
};

interface OrderPlace {
  readonly memberId: string;
  readonly orderId: string;
}

/** Answers how many orders were gone through. What was written before words were sealed is sealed on this occasion. */
export async function resealCases(env: Env, programmeId: string): Promise<number> {
  const vault = await openVault(env, programmeId);
  const list = { ...UNSEALED_CASES, name: `cases:${programmeId}` };
  const orders = await nextRows<OrderPlace>(
    ...[env.DB, list, programmeId, `s1.${vault.version}.%`],
  );
  await attemptEach("reseal", orders, async ({ memberId, orderId }) => {
    const memberKey = memberKeyOf(programmeId, memberId);
    const account = accountOf(env, memberKey);
    const life = (await account.order(memberKey, orderId))?.life;
    // Told to D1 also where the Account has nothing older any more: its row is what is looked for.
    if (life) await account.rewordCases(memberKey, orderId, await resealedWords(vault, life));
  });
  return orders.length;
}
