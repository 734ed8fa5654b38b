/** What members earned, gave back and lost to a claw-back, at the end of a life. */
import { ask } from "./ask.ts";
import type { Witness } from "./witness.ts";
import type { World } from "./world.ts";

interface LedgerRow {
  readonly type: string;
  readonly points: number;
  readonly orderId: string | null;
  readonly naturalKey: string;
}
/** More than any member of a life has. */
const ENTRIES_MAX = 400;

const isTheirs =
  (memberKey: string) =>
  (one: { readonly memberKey: string }): boolean =>
    one.memberKey === memberKey;

/** What was told is in the ledger, once; and an order earns once, however often it was reported. */
export async function compareEarnings(world: World, witness: Witness): Promise<void> {
  const members = new Set([...witness.orders, ...witness.taken].map((one) => one.memberKey));
  for (const memberKey of members) {
    const entries = await entriesOf(world, memberKey);
    const sumOf = (isOf: (entry: LedgerRow) => boolean): number =>
      entries.filter(isOf).reduce((sum, { points }) => sum + points, 0);
    for (const order of witness.orders.filter(isTheirs(memberKey))) {
      const { eventIds, points, isTold } = order;
      const earned = sumOf(
        ({ type, orderId }) => type === "earn_order" && eventIds.includes(orderId ?? ""),
      );
      const isRight = earned === points || (earned === 0 && !isTold);
      witness.demand("E1", isRight, () => `${eventIds[0]} earned ${earned} of ${points}`);
    }
    for (const { naturalKey, points } of witness.taken.filter(isTheirs(memberKey))) {
      const own = entries.filter((entry) => entry.naturalKey === naturalKey);
      const took = own.reduce((sum, entry) => sum - entry.points, 0);
      const isRight = took === points && own.length <= 1;
      witness.demand("E2", isRight, () => `${naturalKey} took ${took}, ${points} were told`);
    }
    const days = entries.filter(({ naturalKey }) => naturalKey.startsWith("check_in:"));
    const names = new Set(days.map(({ naturalKey }) => naturalKey));
    witness.demand("E3", names.size === days.length, () => `${memberKey} was paid twice for a day`);
  }
}

async function entriesOf(world: World, memberKey: string): Promise<readonly LedgerRow[]> {
  const host = world.hostsOf("Account").find((one) => world.membersOf(one).includes(memberKey));
  if (!host) return [];
  const last = Number.MAX_SAFE_INTEGER;
  const page = await ask<{ entries: readonly LedgerRow[] }>(
    ...([world, host, "points", memberKey, last, ENTRIES_MAX] as const),
  );
  return page.entries;
}
