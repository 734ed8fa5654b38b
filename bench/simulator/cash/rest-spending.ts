/** Points and stored value at the end of a life: who paid with what, and what became of it, in each ledger the same. */
import type { OrderLife, Tender } from "../../../worker/accounts/orders/types.ts";
import { ask } from "../ask.ts";
import type { ObjectHost } from "../runtime/object-host.ts";
import type { Witness } from "../witness.ts";
import type { World } from "../world.ts";
import type { LivedOrder } from "./rest.ts";

interface OffsetRow {
  readonly memberKey: string;
  readonly offsetId: string;
  readonly state: string;
  readonly points: number;
  readonly returned: number;
}

interface WalletRow {
  readonly memberKey: string;
  readonly held: number;
  readonly toppedUp: number;
  readonly spent: number;
}

const OFFSETS = `SELECT member_key AS memberKey, offset_id AS offsetId, state, points, returned_points AS returned FROM offsets`;
const WALLETS = `SELECT member_key AS memberKey, held_fen AS held, topped_up_fen AS toppedUp, spent_fen AS spent FROM stored_wallets`;
const TOP_UPS = `SELECT member_key AS memberKey, detail FROM stored_top_ups`;

/** As the disk has them, whether their Account is awake or not. */
function rowsOf<Row>(world: World, query: string): Row[] {
  return world.hostsOf("Account").flatMap((host) => host.rows.exec(query, []) as unknown as Row[]);
}

/** What is still on its way, in words: holds of tills, and money that the bank took and nobody booked. */
export function unfinishedSpending(world: World): string[] {
  const open = rowsOf<OffsetRow>(world, `${OFFSETS} WHERE state = 'held'`).map(
    ({ offsetId }) => `T2 ${offsetId} is held`,
  );
  for (const { paymentId, txnIds } of topUpsOf(world)) {
    const trade = world.bank?.ledger.trades.get(paymentId);
    for (const { txnId } of trade?.txns ?? []) {
      if (!txnIds.includes(txnId)) open.push(`S1 ${txnId} of ${paymentId} is not booked`);
    }
  }
  return open;
}

interface ToppedUp {
  readonly memberKey: string;
  readonly paymentId: string;
  readonly txnIds: readonly string[];
}

function topUpsOf(world: World): ToppedUp[] {
  return rowsOf<{ memberKey: string; detail: string }>(world, TOP_UPS).map(
    ({ memberKey, detail }) => {
      const { paymentId, receipts } = JSON.parse(detail) as {
        paymentId: string;
        receipts: readonly { txnId: string }[];
      };
      return { memberKey, paymentId, txnIds: receipts.map(({ txnId }) => txnId) };
    },
  );
}

/** Money of the bank that members left with the merchant, fen. */
export function savedFen(world: World, memberKey?: string): number {
  return topUpsOf(world)
    .filter((one) => memberKey === undefined || one.memberKey === memberKey)
    .flatMap(({ paymentId }) => world.bank?.ledger.trades.get(paymentId)?.txns ?? [])
    .reduce((sum, { amountFen }) => sum + amountFen, 0);
}

export async function compareSpending(
  world: World,
  witness: Witness,
  orders: readonly LivedOrder[],
): Promise<void> {
  const lives = orders.flatMap(({ life }) => (life ? [life] : []));
  compareOffsets(world, witness, lives);
  compareWallets(world, witness, lives);
  for (const host of world.hostsOf("Account")) await recount(world, witness, host);
}

/** Every offset ended as somebody was told, and those of orders as their orders say. */
function compareOffsets(world: World, witness: Witness, lives: readonly OrderLife[]): void {
  const rows = rowsOf<OffsetRow>(world, OFFSETS);
  const keyed = new Map(rows.map((row) => [`${row.memberKey} ${row.offsetId}`, row]));
  for (const [key, told] of witness.heard.offsets) {
    const row = keyed.get(key);
    const isSame = row?.state === told.state && row.points === told.points;
    const isEnded = told.state === "held" ? row !== undefined : isSame;
    witness.demand("T1", isEnded, () => `${key} was told ${told.state}, is ${row?.state}`);
    const more = (row?.returned ?? 0) - told.returnedPoints;
    const isKept =
      told.state !== "captured" || (more >= 0 && more <= witness.heard.doubtedPoints(key));
    witness.demand(
      "T1",
      isKept,
      () => `${key} was told ${told.returnedPoints} back, is ${row?.returned}`,
    );
  }
  for (const { memberKey, orderId, tender } of lives) {
    const own = rows.filter(
      (row) => row.memberKey === memberKey && row.offsetId.startsWith(`order.${orderId}.`),
    );
    const kept = own.reduce(
      (sum, row) => sum + (row.state === "captured" ? row.points - row.returned : 0),
      0,
    );
    const due = tender?.state === "taken" ? tender.points - tender.backPoints : 0;
    witness.demand("T3", kept === due, () => `${orderId} keeps ${kept} points of ${due}`);
  }
}

const storedOf = (tender: Tender | null): number =>
  tender?.state === "taken" ? tender.storedFen - tender.backStoredFen : 0;

/** What came in is what the bank took, what is spent is what orders keep, and nothing is held. */
function compareWallets(world: World, witness: Witness, lives: readonly OrderLife[]): void {
  for (const { memberKey, held, toppedUp, spent } of rowsOf<WalletRow>(world, WALLETS)) {
    const savings = savedFen(world, memberKey);
    witness.demand(
      "S1",
      toppedUp === savings,
      () => `${memberKey} brought in ${toppedUp}, the bank took ${savings}`,
    );
    const kept = lives
      .filter((life) => life.memberKey === memberKey)
      .reduce((sum, { tender }) => sum + storedOf(tender), 0);
    witness.demand("S2", spent === kept, () => `${memberKey} spent ${spent}, orders keep ${kept}`);
    witness.demand("S2", held === 0, () => `${held} of ${memberKey} stays held`);
  }
}

async function recount(world: World, witness: Witness, host: ObjectHost): Promise<void> {
  const { breaches } = await ask<{ breaches: number }>(world, host, "auditStored", "");
  witness.demand("S2", breaches === 0, () => `${breaches} ledgers of stored value do not replay`);
}
