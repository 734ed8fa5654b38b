/** The stored rows of a peer, read and set up past its HTTP server; the audit of what a run left in them. Pure but for the types. */
import type { AuditRow } from "../load/api.ts";

export interface PeerSale {
  readonly saleId: string;
  readonly pricePoints: number;
  readonly units: number;
  readonly limitPerMember: number;
  readonly quantityMax: number;
  readonly opensAtMs: number;
  readonly closesAtMs: number;
}

export interface Reservation {
  readonly memberKey: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly epoch: number;
}

export interface SaleRow {
  readonly saleId: string;
  readonly units: number;
  readonly remaining: number;
  readonly limitPerMember: number;
}

export interface MemberRow {
  readonly memberKey: string;
  /** Points ever credited. */
  readonly credited: number;
  readonly balance: number;
  readonly held: number;
  readonly seq: number;
}

export interface OrderRow {
  readonly memberKey: string;
  readonly orderId: string;
  readonly saleId: string;
  readonly quantity: number;
  readonly code: string;
  /** Of a granted or held order. */
  readonly points: number;
  readonly ordinal: number;
  /** Its points were held before, so that the take moved none. */
  readonly isReserved: boolean;
}

export interface EntryRow {
  readonly memberKey: string;
  readonly seq: number;
  readonly type: "credit" | "redeem";
  /** Signed change. */
  readonly points: number;
  readonly balanceAfter: number;
  readonly orderId: string | null;
}

/** Everything a peer has stored. */
export interface Dump {
  readonly sales: readonly SaleRow[];
  readonly members: readonly MemberRow[];
  readonly orders: readonly OrderRow[];
  readonly entries: readonly EntryRow[];
}

export interface Books {
  createSale(sale: PeerSale): Promise<void>;
  /** Credits new members, each with a ledger row. */
  enrol(memberKeys: readonly string[], points: number): Promise<void>;
  /** Holds points for orders to come, as the product's tickets do. Throws when a balance is too low. */
  reserve(sale: PeerSale, reservations: readonly Reservation[]): Promise<void>;
  sale(saleId: string): Promise<SaleRow | null>;
  dump(): Promise<Dump>;
  /** What the database itself says of the settings that make an answer durable. */
  durability(): Promise<Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

/** Counts what is wrong; the first cases are named in the figures. */
class Check {
  readonly #name: string;
  #checked = 0;
  #wrong = 0;
  #first = "";

  constructor(name: string) {
    this.#name = name;
  }

  expect(isGood: boolean, what: () => string): void {
    this.#checked += 1;
    if (isGood) return;
    this.#wrong += 1;
    if (this.#wrong === 1) this.#first = what();
  }

  row(): AuditRow {
    const figures = this.#wrong === 0 ? {} : { wrong: this.#wrong, first: this.#first };
    return {
      name: this.#name,
      checked: this.#checked,
      inFlight: 0,
      ok: this.#wrong === 0,
      figures,
    };
  }
}

export function auditDump(dump: Dump): AuditRow[] {
  return [...auditUnits(dump), ...auditPoints(dump), ...auditLedger(dump)];
}

const granted = (dump: Dump): OrderRow[] => dump.orders.filter(({ code }) => code === "granted");

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

function auditUnits(dump: Dump): AuditRow[] {
  const conserved = new Check("units_conserved");
  const distinct = new Check("each_unit_once");
  const limited = new Check("limit_respected");
  const bySale = groupBy(granted(dump), ({ saleId }) => saleId);
  const known = new Set(dump.sales.map(({ saleId }) => saleId));
  for (const saleId of bySale.keys())
    conserved.expect(known.has(saleId), () => `${saleId}: orders of no sale`);
  for (const { saleId, units, remaining, limitPerMember } of dump.sales) {
    const orders = bySale.get(saleId) ?? [];
    const sold = orders.reduce((sum, { quantity }) => sum + quantity, 0);
    conserved.expect(
      remaining >= 0 && sold + remaining === units,
      () => `${saleId}: ${sold} sold + ${remaining} left of ${units}`,
    );
    let next = 1;
    for (const { ordinal, quantity } of orders.toSorted((a, b) => a.ordinal - b.ordinal)) {
      distinct.expect(ordinal === next, () => `${saleId}: unit ${ordinal} follows ${next - 1}`);
      next = ordinal + quantity;
    }
    for (const [memberKey, own] of groupBy(orders, (order) => order.memberKey)) {
      const used = own.reduce((sum, { quantity }) => sum + quantity, 0);
      limited.expect(used <= limitPerMember, () => `${saleId}: ${memberKey} has ${used}`);
    }
  }
  return [conserved.row(), distinct.row(), limited.row()];
}

function auditPoints(dump: Dump): AuditRow[] {
  const conserved = new Check("points_conserved");
  const reserved = new Check("held_is_reserved");
  const orders = groupBy(dump.orders, ({ memberKey }) => memberKey);
  for (const { memberKey, credited, balance, held } of dump.members) {
    let spent = 0;
    let wanted = 0;
    for (const order of orders.get(memberKey) ?? []) {
      if (order.isReserved) wanted += order.points;
      else if (order.code === "granted") spent += order.points;
    }
    conserved.expect(
      balance >= 0 && balance + held + spent === credited,
      () => `${memberKey}: ${balance} + ${held} held + ${spent} spent of ${credited}`,
    );
    reserved.expect(
      held === wanted,
      () => `${memberKey}: ${held} held, ${wanted} reserved by orders`,
    );
  }
  return [conserved.row(), reserved.row()];
}

function auditLedger(dump: Dump): AuditRow[] {
  const running = new Check("ledger_runs");
  const single = new Check("one_row_per_grant");
  const byMember = groupBy(dump.entries, ({ memberKey }) => memberKey);
  const redeemed = groupBy(
    dump.entries.filter(({ type }) => type === "redeem"),
    ({ memberKey, orderId }) => `${memberKey} ${orderId}`,
  );
  const spending = granted(dump).filter(({ isReserved }) => !isReserved);
  for (const { memberKey, seq, balance, held } of dump.members) {
    const entries = (byMember.get(memberKey) ?? []).toSorted((a, b) => a.seq - b.seq);
    let points = 0;
    const runs = entries.every((entry, at) => {
      points += entry.points;
      return entry.seq === at + 1 && entry.balanceAfter === points;
    });
    running.expect(
      runs && entries.length === seq && points === balance + held,
      () => `${memberKey}: ${entries.length} rows to seq ${seq}, ${points} of ${balance + held}`,
    );
  }
  for (const { memberKey, orderId, points } of spending) {
    const rows = redeemed.get(`${memberKey} ${orderId}`) ?? [];
    single.expect(
      rows.length === 1 && rows[0]?.points === -points,
      () => `${memberKey} ${orderId}: ${rows.length} ledger rows`,
    );
  }
  single.expect(
    redeemed.size === spending.length,
    () => `${redeemed.size} orders in the ledger, ${spending.length} granted`,
  );
  return [running.row(), single.row()];
}
