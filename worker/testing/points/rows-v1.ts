/** An Account's database as it was before its wallet. */
import { entryOfStored, hashOf, type StoredEntry } from "../../accounts/points/index.ts";
import { termsFor } from "../simulation/scene.ts";
import { STORED_V1 } from "./stored-v1.ts";

type StoredV1 = typeof STORED_V1;

export function dropAll(sql: SqlStorage): string {
  const names = sql
    .exec(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*'",
    )
    .toArray();
  return names.map(({ name }) => `DROP TABLE ${String(name)};`).join("\n");
}

/** Rows as the code of that time wrote them. */
export function writeV1(sql: SqlStorage): void {
  writeRows(sql, STORED_V1);
}

export const UNRECORDED_GRACE = { memberKey: "demo:graced" } as const;

/**
 * A member whose hold was given back after its lot had lapsed, when that left no entry: the thirty points are in a lot of
 * grace that the ledger knows only from the redemption of ten out of it.
 */
export function writeUnrecordedGrace(sql: SqlStorage): void {
  const { memberKey } = UNRECORDED_GRACE;
  const [lapsed, , grace] = STORED_V1.lots;
  const [credit] = STORED_V1.entries;
  const redeem = STORED_V1.entries.find(({ orderId }) => orderId === "order-old-0000002");
  const order = STORED_V1.orders.find((one) => one["orderId"] === "order-old-0000002");
  if (!lapsed || !grace || !credit || !redeem || !order) throw new Error("the fixture changed");
  const slices = redeem.slices.map((slice) => ({ ...slice, lotId: 2 }));
  const first = sealed({ ...credit, seq: 1 });
  const second = sealed({ ...redeem, slices, seq: 2, balanceAfter: 20, prevHash: first.hash });
  const amounts = { seq: 2, granted: 30, held: 0, spent: 10, expired: 0, lotSeq: 2 };
  writeRows(sql, {
    member: { memberKey, ...amounts, headHash: second.hash },
    lots: [lapsed, { ...grace, lotId: 2 }],
    entries: [first, second],
    orders: [{ ...order, memberKey, slices }],
  });
}

function sealed(entry: StoredEntry): StoredEntry {
  return { ...entry, hash: hashOf(entryOfStored(entry)) };
}

function writeRows(sql: SqlStorage, { member, lots, entries, orders }: StoredV1): void {
  sql.exec(
    "INSERT INTO members (member_key, seq, head_hash, granted, spent, expired, lot_seq) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ...[member.memberKey, member.seq, member.headHash, member.granted, member.spent],
    ...[member.expired, member.lotSeq],
  );
  for (const lot of lots) {
    sql.exec(
      "INSERT INTO lots VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      ...[member.memberKey, lot.lotId, lot.source, lot.points, lot.remaining],
      ...[lot.expiresAtMs, lot.pendingUntilMs, lot.createdAtMs],
    );
  }
  entries.forEach(({ seq, type, points, naturalKey, ...detail }, position) => {
    sql.exec(
      "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      ...[position + 1, member.memberKey, seq, type, points, naturalKey],
      ...[detail.occurredAtMs, JSON.stringify(detail)],
    );
  });
  const terms = termsFor(9, 9);
  sql.exec("INSERT INTO sale_terms VALUES (?, 1, ?, 1)", terms.saleId, JSON.stringify(terms));
  orders.forEach((order, position) => {
    const row = order as Record<string, string | number | boolean>;
    sql.exec(
      "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[position + 1, String(row["memberKey"]), String(row["orderId"]), String(row["saleId"])],
      ...[String(row["hold"]), row["isCancelled"] ? 1 : 0, Number(row["quantity"])],
      ...[Number(row["points"]), Number(row["day"]), Number(row["createdAtMs"])],
      JSON.stringify(order),
    );
  });
}
