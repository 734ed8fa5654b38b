/** What members bought memberships for: rows ↔ values, inside the commit that runs. */

import type { MembershipPrice } from "../../tiers/index.ts";

export interface MembershipPurchase {
  readonly requestId: string;
  readonly tierId: string;
  readonly months: number;
  /** Null, as the two below: it was bought before this was kept. */
  readonly boughtAtMs: number | null;
  /** The end of the tier that it led to. */
  readonly untilMs: number | null;
  /** `staff:<id>` */
  readonly by: string | null;
  /** Null: nobody said. */
  readonly paid: MembershipPrice | null;
}

/** Purchases shown of one member. */
const SHOWN_MAX = 200;

interface Row extends Record<string, SqlStorageValue> {
  readonly request_id: string;
  readonly bought_at_ms: number | null;
  readonly detail: string;
}

export class PurchasesStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Newest first; those of which it is not known when come last. */
  of(memberKey: string): MembershipPurchase[] {
    const rows = this.#sql
      .exec<Row>(
        `SELECT request_id, bought_at_ms, detail FROM membership_purchases WHERE member_key = ?
         ORDER BY bought_at_ms DESC, request_id LIMIT ${SHOWN_MAX}`,
        memberKey,
      )
      .toArray();
    return rows.map(({ request_id: requestId, bought_at_ms: boughtAtMs, detail }) => ({
      ...(JSON.parse(detail) as Omit<MembershipPurchase, "requestId" | "boughtAtMs">),
      ...{ requestId, boughtAtMs },
    }));
  }

  add(memberKey: string, purchase: MembershipPurchase): void {
    const { requestId, boughtAtMs, ...detail } = purchase;
    this.#sql.exec(
      `INSERT INTO membership_purchases (member_key, request_id, bought_at_ms, detail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      ...[memberKey, requestId, boughtAtMs, JSON.stringify(detail)],
    );
  }

  /** Those of a record that goes into another one. */
  take(memberKey: string): MembershipPurchase[] {
    const taken = this.of(memberKey);
    for (const { requestId } of taken) {
      this.#sql.exec(
        "DELETE FROM membership_purchases WHERE member_key = ? AND request_id = ?",
        ...[memberKey, requestId],
      );
    }
    return taken;
  }
}
