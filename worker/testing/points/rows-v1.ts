/** An Account's database as it was before its wallet. */
import { termsFor } from "../simulation/scene.ts";
import { STORED_V1 } from "./stored-v1.ts";

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
  const { member, lots, entries, orders } = STORED_V1;
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
