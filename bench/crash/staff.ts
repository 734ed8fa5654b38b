/** What staff do while the product dies. A command that got no answer happened or did not; the books tell. */
import { sleep, type Member, type ProductApi } from "../load/api.ts";
import type { Random } from "../load/random.ts";

/** Points granted under an idempotency key, perhaps without an answer. */
export interface Gift {
  readonly memberId: string;
  readonly points: number;
  readonly key: string;
}

export interface StaffInput {
  readonly api: ProductApi;
  readonly saleId: string;
  readonly members: readonly Member[];
  readonly random: Random;
  /** How long they are busy. */
  readonly spanMs: number;
  /** Prefix of idempotency keys. */
  readonly key: string;
}

/** Restocks, waves and gifts; answers the gifts that were tried. */
export async function runStaff(input: StaffInput): Promise<Gift[]> {
  const { api, members, random, saleId, spanMs } = input;
  const gifts: Gift[] = [];
  const deeds = random.between(1, 6);
  for (let deed = 0; deed < deeds; deed += 1) {
    await sleep(random.between(0, spanMs / 3));
    // The first is a gift, because a round must not be left without one.
    const kind = deed === 0 ? 2 : random.between(0, 2);
    const units = random.between(1, 12);
    const member = members[random.between(0, members.length - 1)];
    if (kind === 0) await api.restock(saleId, units).catch(() => null);
    if (kind === 1) await api.command(saleId, "wave").catch(() => null);
    if (kind !== 2 || !member) continue;
    const gift = { memberId: member.memberId, points: units, key: `${input.key}-gift-${deed}` };
    gifts.push(gift);
    await api.grant(gift.memberId, gift.points, gift.key).catch(() => null);
  }
  return gifts;
}

/** Each once more with its key: whatever became of the first try, it counts once. */
export async function giveGifts(
  api: ProductApi,
  gifts: readonly Gift[],
  owned: Map<string, number>,
): Promise<void> {
  for (const { memberId, points, key } of gifts) {
    await api.grant(memberId, points, key);
    owned.set(memberId, (owned.get(memberId) ?? 0) + points);
  }
}
