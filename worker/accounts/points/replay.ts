/** Rebuilds a wallet from its ledger: the balance at any past moment, and the proof that the stored one is right. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import { move, sumOf } from "./lots.ts";
import {
  CREDIT_TYPES,
  type LotSlice,
  type PointsEntry,
  type PointsLot,
  type Wallet,
} from "./types.ts";
import { balanceOf, newWallet, type WalletBalance } from "./wallet.ts";

const CREDITS: ReadonlySet<string> = new Set(CREDIT_TYPES);

const NEVER_OPENED = {
  source: "",
  originId: null,
  points: 0,
  remaining: 0,
  pendingUntilMs: null,
  pendingEvent: null,
  earnedAtMs: 0,
} as const;

type Changing<T> = { -readonly [K in keyof T]: T[K] };

/** A wallet that is being replayed: changed in place, because ledgers are long and every entry names few lots. */
interface Rebuilt extends Changing<Omit<Wallet, "lots">> {
  readonly lots: Map<number, Changing<PointsLot>>;
  inLots: number;
  /** Lots that entries named and none opened so far: only ledgers that wait to be mended have any. */
  readonly unopened: Set<number>;
}

/** The wallet after these entries, from the first on. Holds that the ledger does not know are still in their lots. */
export function replay(memberKey: string, entries: Iterable<PointsEntry>): Wallet {
  return rebuild(memberKey, entries).wallet;
}

/** `unopened` are lots that an entry named and none opened; what remains in them is what the ledger lacks. */
export function rebuild(
  memberKey: string,
  entries: Iterable<PointsEntry>,
  isWanted: (entry: PointsEntry) => boolean = () => true,
): { readonly wallet: Wallet; readonly unopened: ReadonlySet<number> } {
  const start = { lots: new Map(), inLots: 0, unopened: new Set<number>() };
  const rebuilt: Rebuilt = { ...newWallet(memberKey), ...start };
  for (const entry of entries) {
    if (!isWanted(entry)) break;
    apply(rebuilt, entry);
  }
  const { inLots: _, lots, unopened, ...figures } = rebuilt;
  return { wallet: { ...figures, lots: [...lots.values()] }, unopened };
}

/** Throws when the entry does not follow, or its balance is not what comes out. */
function apply(wallet: Rebuilt, entry: PointsEntry): void {
  invariant(entry.seq === wallet.seq + 1, "I10 entries follow without a gap", { seq: entry.seq });
  openLots(wallet, entry);
  moveByType(wallet, entry);
  moveLots(wallet, entry.paid, -1);
  wallet.seq = entry.seq;
  wallet.headHash = entry.hash;
  wallet.deficit += entry.overdraft - sumOf(entry.paid);
  const owned = wallet.inLots + wallet.held - wallet.deficit;
  invariant(owned === entry.balanceAfter, "I10 an entry's balance follows", {
    seq: entry.seq,
    replayed: owned,
    written: entry.balanceAfter,
  });
}

/** Lots that the entry opened, empty: its slices fill them. */
function openLots(wallet: Rebuilt, entry: PointsEntry): void {
  const opens = entry.hashVersion === 1 ? opensOfV1(wallet, entry) : entry.opens;
  for (const lot of opens) {
    const { lotId } = lot;
    const isNamed = wallet.unopened.delete(lotId);
    invariant(isNamed || !wallet.lots.has(lotId), "I10 a lot is opened once", { lotId });
    wallet.lotSeq = Math.max(wallet.lotSeq, lotId);
    wallet.lots.set(lotId, { ...lot, remaining: wallet.lots.get(lotId)?.remaining ?? 0 });
  }
}

/** Entries of version 1 do not say which lots they opened: what gives points opened those that nobody knew. */
function opensOfV1(wallet: Rebuilt, entry: PointsEntry): readonly PointsLot[] {
  if (!CREDITS.has(entry.type) && entry.type !== "redeem_rollback") return [];
  return entry.slices
    .filter((slice) => !wallet.lots.has(slice.lotId))
    .map(({ lotId, points, expiresAtMs }) => ({
      lotId,
      source: entry.type === "redeem_rollback" ? "refund_grace" : entry.type,
      originId: null,
      points,
      remaining: 0,
      expiresAtMs,
      pendingUntilMs: null,
      pendingEvent: null,
      earnedAtMs: entry.occurredAtMs,
    }));
}

function moveLots(wallet: Rebuilt, slices: readonly LotSlice[], direction: 1 | -1): void {
  for (const slice of slices) {
    lotOf(wallet, slice).remaining += direction * slice.points;
    wallet.inLots += direction * slice.points;
  }
}

function lotOf(wallet: Rebuilt, { lotId, expiresAtMs }: LotSlice): Changing<PointsLot> {
  const known = wallet.lots.get(lotId);
  if (known) return known;
  const lot = { ...NEVER_OPENED, lotId, expiresAtMs };
  wallet.unopened.add(lotId);
  wallet.lots.set(lotId, lot);
  return lot;
}

function moveByType(wallet: Rebuilt, entry: PointsEntry): void {
  const { slices, type } = entry;
  if (type === "activate") {
    for (const slice of slices) lotOf(wallet, slice).pendingEvent = null;
    return;
  }
  const points = sumOf(slices);
  const isInto = CREDITS.has(type) || type === "release" || type === "redeem_rollback";
  if (type !== "capture") moveLots(wallet, slices, isInto ? 1 : -1);
  if (CREDITS.has(type)) {
    wallet.granted += entry.points;
    return;
  }
  switch (type) {
    case "hold":
      wallet.held += points;
      return;
    case "capture":
      wallet.held -= points;
      wallet.spent += points;
      return;
    case "release":
      wallet.held -= points;
      return;
    case "redeem_rollback":
      wallet.spent -= points;
      return;
    case "manual_debit":
    case "clawback":
      wallet.clawedBack += points + entry.overdraft;
      return;
    case "expire":
      wallet.expired += points;
      return;
    case "transfer_out":
      // Never spent: it is another record's from now on.
      wallet.granted -= points;
      return;
    default:
      wallet.spent += points;
  }
}

/** Points set aside that the ledger does not know. */
export interface UnrecordedHold {
  readonly points: number;
  readonly slices: PointsEntry["slices"];
}

/** The balance that the member saw at `atMs`: entries recorded by then, the clock of then, and holds open then. */
export function balanceAt(
  memberKey: string,
  entries: Iterable<PointsEntry>,
  atMs: number,
  unrecorded: readonly UnrecordedHold[] = [],
): WalletBalance {
  const { wallet } = rebuild(memberKey, entries, ({ recordedAtMs }) => recordedAtMs <= atMs);
  return balanceOf(withHolds(wallet, unrecorded), atMs);
}

function withHolds(wallet: Wallet, unrecorded: readonly UnrecordedHold[]): Wallet {
  let { held, lots } = wallet;
  for (const one of unrecorded) {
    held += one.points;
    lots = move(lots, one.slices, -1);
  }
  return { ...wallet, held, lots };
}

/** Figures in which a stored wallet differs from its ledger; empty: none. `unrecorded` are holds the ledger does not know. */
export function differencesFromLedger(
  stored: Wallet,
  entries: Iterable<PointsEntry>,
  unrecorded: readonly UnrecordedHold[],
): readonly string[] {
  const { wallet, unopened } = rebuild(stored.memberKey, entries);
  const replayed = withHolds(wallet, unrecorded);
  const { held, lots } = replayed;
  const found: string[] = [];
  const compare = (name: string, left: unknown, right: unknown): void => {
    if (left !== right) found.push(`${name}: stored ${String(left)}, ledger ${String(right)}`);
  };
  for (const name of ["seq", "headHash", "granted", "spent", "expired", "clawedBack"] as const) {
    compare(name, stored[name], replayed[name]);
  }
  compare("deficit", stored.deficit, replayed.deficit);
  compare("lotSeq", stored.lotSeq, replayed.lotSeq);
  compare("held", stored.held, held);
  const open = new Map(stored.lots.map((lot) => [lot.lotId, lot.remaining]));
  for (const lot of lots) {
    compare(`lot ${lot.lotId}`, open.get(lot.lotId) ?? 0, lot.remaining);
    open.delete(lot.lotId);
  }
  for (const lotId of unopened) found.push(`lot ${lotId}: no entry opened it`);
  for (const lotId of open.keys()) found.push(`lot ${lotId}: not in the ledger`);
  return found;
}
