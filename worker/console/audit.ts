/**
 * Proves the invariants of docs/protocol.md over the objects and D1. The shallow audit adds per-object counters;
 * the deep one recounts rows, object by object, page by page.
 */
import { drizzle } from "drizzle-orm/d1";
import { count, sum } from "drizzle-orm";
import type { AccountAudit } from "../accounts/index.ts";
import { storedEntries } from "../payments/index.ts";
import { ledgerEntries, orders, sales, skus } from "../platform/d1-schema.ts";
import { accountNames } from "../platform/account-names.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { skuKeyOf } from "../kernel/ids.ts";
import type { SkuAudit } from "../redemption/index.ts";

export interface AuditRow {
  readonly name: string;
  /** How many things were looked at. */
  readonly checked: number;
  /** Effects on their way from one object to another: no breach, and zero at rest. */
  readonly inFlight: number;
  readonly ok: boolean;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** Objects asked at the same time. */
export const FAN_OUT = 32;

export async function skuKeys(env: Env): Promise<string[]> {
  const rows = await drizzle(env.DB)
    .select({ programmeId: skus.programmeId, skuId: skus.skuId })
    .from(skus);
  return rows.map((row) => skuKeyOf(row.programmeId, row.skuId)).sort();
}

export async function inChunks<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += FAN_OUT) {
    results.push(...(await Promise.all(items.slice(at, at + FAN_OUT).map(work))));
  }
  return results;
}

/** Sums of counters. A figure that moved while it was read is allowed to differ by as much as it moved. */
export async function shallowAudit(env: Env): Promise<AuditRow[]> {
  const keys = await skuKeys(env);
  const readSkus = (): Promise<SkuAudit[]> =>
    inChunks(keys, (key) => stubOf(env.SKU, key, env).audit());
  const before = await readSkus();
  const names = await accountNames(env);
  const readAccounts = (): Promise<AccountAudit[]> =>
    inChunks(names, (name) => stubOf(env.ACCOUNT, name, env).audit());
  const accounts = await readAccounts();
  let transfers = transfersRow(accounts);
  // One object was asked before points left it, another after they came: asked again they agree.
  for (let turn = 0; turn < 2 && !transfers.ok; turn += 1) {
    transfers = transfersRow(await readAccounts());
  }
  const after = await readSkus();
  const d1 = await readD1(env);
  const moved = Math.abs(liveUnits(after) - liveUnits(before));
  return [
    unitsRow(after),
    oversellRow(after),
    pointsRow(accounts),
    transfers,
    grantsRow(after, accounts, moved),
    holdsRow(accounts),
    d1Row("d1_orders", d1.orders, total(accounts, "postedOrders"), accounts),
    d1Row("d1_ledger_entries", d1.entries, total(accounts, "entries"), accounts),
    storedRow(accounts),
    {
      ...d1Row("d1_stored_entries", d1.stored.rows, total(accounts, "storedEntries"), accounts),
      inFlight: total(accounts, "storedWaiting"),
      ok: isMirrored(d1.stored, accounts),
    },
    d1StockRow(after, d1.salesVersions),
    lagRow(after, accounts),
  ];
}

function total(accounts: readonly AccountAudit[], name: keyof AccountAudit): number {
  return accounts.reduce((figure, account) => figure + account[name], 0);
}

function liveUnits(audits: readonly SkuAudit[]): number {
  return audits.reduce(
    (units, audit) => units + audit.sales.reduce((n, sale) => n + sale.live, 0),
    0,
  );
}

function unitsRow(audits: readonly SkuAudit[]): AuditRow {
  const all = audits.flatMap((audit) => audit.sales);
  const broken = all.filter(
    (sale) =>
      sale.shelf + sale.returned + sale.reserve + sale.live + sale.movedOut !== sale.stocked ||
      Math.min(sale.shelf, sale.returned, sale.reserve, sale.live, sale.movedOut) < 0,
  );
  const figure = (
    name: "shelf" | "returned" | "reserve" | "live" | "movedOut" | "stocked",
  ): number => all.reduce((units, sale) => units + sale[name], 0);
  const figures = {
    shelf: figure("shelf"),
    returned: figure("returned"),
    reserve: figure("reserve"),
    live: figure("live"),
    movedOut: figure("movedOut"),
    stocked: figure("stocked"),
    broken: broken.length,
  };
  return {
    name: "I1_units_conserved",
    checked: all.length,
    inFlight: 0,
    ok: broken.length === 0,
    figures,
  };
}

function oversellRow(audits: readonly SkuAudit[]): AuditRow {
  const all = audits.flatMap((audit) => audit.sales);
  const oversold = all.reduce((units, sale) => units + Math.max(0, sale.live - sale.stocked), 0);
  const figures = { oversold, live: all.reduce((units, sale) => units + sale.live, 0) };
  return {
    name: "I2_never_oversold",
    checked: all.length,
    inFlight: 0,
    ok: oversold === 0,
    figures,
  };
}

function pointsRow(accounts: readonly AccountAudit[]): AuditRow {
  const figures = {
    granted: total(accounts, "granted"),
    inLots: total(accounts, "inLots"),
    held: total(accounts, "held"),
    spent: total(accounts, "spent"),
    expired: total(accounts, "expired"),
    clawedBack: total(accounts, "clawedBack"),
    deficit: total(accounts, "deficit"),
  };
  const isConserved = accounts.every(
    ({ inLots, held, spent, expired, clawedBack, deficit, granted }) =>
      inLots + held + spent + expired + clawedBack - deficit === granted,
  );
  return {
    name: "I4_points_conserved",
    checked: total(accounts, "members"),
    inFlight: 0,
    ok: isConserved,
    figures,
  };
}

/** Points that left one record of a person are at the other, or on their way: none is lost, none is there twice. */
function transfersRow(accounts: readonly AccountAudit[]): AuditRow {
  const sentPoints = total(accounts, "sentPoints");
  const waitingPoints = total(accounts, "waitingPoints");
  const arrivedPoints = total(accounts, "arrivedPoints");
  // A parcel that was taken in is still waiting until that is known; objects are asked one after the other.
  const missing = sentPoints - arrivedPoints;
  return {
    name: "I4_transfers_arrive",
    checked: accounts.length,
    inFlight: waitingPoints,
    ok: Math.abs(missing) <= waitingPoints,
    figures: { sentPoints, waitingPoints, arrivedPoints },
  };
}

/** Money that members left: what came in is there, held for an order, or spent. */
function storedRow(accounts: readonly AccountAudit[]): AuditRow {
  const figures = {
    toppedUpFen: total(accounts, "storedToppedUpFen"),
    ownedFen: total(accounts, "storedOwnedFen"),
    spentFen: total(accounts, "storedSpentFen"),
  };
  const isConserved = accounts.every(
    ({ storedOwnedFen, storedSpentFen, storedToppedUpFen }) =>
      storedOwnedFen + storedSpentFen === storedToppedUpFen,
  );
  return {
    name: "I10_stored_value_conserved",
    checked: total(accounts, "storedMembers"),
    inFlight: 0,
    ok: isConserved,
    figures,
  };
}

/** At rest D1 has each entry, and its entries sum to what members own. */
function isMirrored(
  inD1: { readonly rows: number; readonly fen: number },
  accounts: readonly AccountAudit[],
): boolean {
  const difference = total(accounts, "storedEntries") - inD1.rows;
  if (total(accounts, "storedWaiting") > 0) return difference >= 0;
  return difference === 0 && inD1.fen === total(accounts, "storedOwnedFen");
}

function grantsRow(
  audits: readonly SkuAudit[],
  accounts: readonly AccountAudit[],
  moved: number,
): AuditRow {
  const unitsAtSkus = liveUnits(audits);
  const unitsAtAccounts = total(accounts, "liveUnits");
  const unsettled = audits.reduce((rows, audit) => rows + audit.unsettled, 0);
  const inFlight = unsettled + total(accounts, "cancelsWaiting") + total(accounts, "wantedHolds");
  const difference = Math.abs(unitsAtSkus - unitsAtAccounts);
  const ok = difference === 0 || inFlight > 0 || moved > 0;
  const figures = { unitsAtSkus, unitsAtAccounts, difference, unsettled };
  return { name: "I5_granted_is_posted", checked: unitsAtSkus, inFlight, ok, figures };
}

/** A tapped hold is asked about every five seconds at most, so one that waits longer is stuck. */
const STUCK_AFTER_MS = 10_000;

function holdsRow(accounts: readonly AccountAudit[]): AuditRow {
  const wanted = total(accounts, "wantedHolds");
  const oldestMs = Math.max(
    0,
    ...accounts.filter((one) => one.wantedHolds > 0).map((one) => one.wantedOldestMs),
  );
  const figures = { pendingHolds: total(accounts, "pendingHolds"), wantedHolds: wanted, oldestMs };
  return {
    name: "I5_no_stuck_hold",
    checked: total(accounts, "pendingHolds"),
    inFlight: wanted,
    ok: oldestMs < STUCK_AFTER_MS,
    figures,
  };
}

function d1Row(
  name: string,
  inD1: number,
  inObjects: number,
  accounts: readonly AccountAudit[],
): AuditRow {
  const inFlight = total(accounts, "projectionWaiting");
  const difference = inObjects - inD1;
  const ok = difference === 0 || (inFlight > 0 && difference > 0);
  return { name, checked: inObjects, inFlight, ok, figures: { inD1, inObjects, difference } };
}

function d1StockRow(audits: readonly SkuAudit[], inD1: number): AuditRow {
  const all = audits.flatMap((audit) => audit.sales);
  const inFlight = audits.reduce((rows, audit) => rows + audit.unprojected, 0);
  const inObjects = all.reduce((versions, sale) => versions + sale.version, 0);
  const ok = inObjects === inD1 || (inFlight > 0 && inD1 < inObjects);
  return {
    name: "d1_stock_versions",
    checked: all.length,
    inFlight,
    ok,
    figures: { inD1, inObjects, difference: inObjects - inD1 },
  };
}

const LAG_MS_MAX = 60_000;

function lagRow(audits: readonly SkuAudit[], accounts: readonly AccountAudit[]): AuditRow {
  const lagMs = Math.max(
    0,
    ...accounts.flatMap((account) => [account.projectionLagMs, account.changesLagMs]),
    ...audits.map((audit) => audit.projectionLagMs),
  );
  const waiting =
    total(accounts, "projectionWaiting") +
    total(accounts, "changesWaiting") +
    audits.reduce((rows, audit) => rows + audit.unprojected, 0);
  return {
    name: "d1_lag",
    checked: accounts.length + audits.length,
    inFlight: waiting,
    ok: lagMs < LAG_MS_MAX,
    figures: { lagMs, waiting },
  };
}

async function readD1(env: Env): Promise<{
  orders: number;
  entries: number;
  salesVersions: number;
  stored: { rows: number; fen: number };
}> {
  const db = drizzle(env.DB);
  const [ordersRow] = await db.select({ rows: count() }).from(orders);
  const [entriesRow] = await db.select({ rows: count() }).from(ledgerEntries);
  const [salesRow] = await db.select({ versions: sum(sales.version) }).from(sales);
  const [storedRows] = await db
    .select({ rows: count(), fen: sum(storedEntries.amountFen) })
    .from(storedEntries);
  return {
    stored: { rows: storedRows?.rows ?? 0, fen: Number(storedRows?.fen ?? 0) },
    orders: ordersRow?.rows ?? 0,
    entries: entriesRow?.rows ?? 0,
    salesVersions: Number(salesRow?.versions ?? 0),
  };
}
