/** What members say of an order after they have it; shown once staff have read it. */
import type { Env } from "../platform/env.ts";
import { openVault, type SealedColumn, type Vault } from "../vault/index.ts";
import type { OrderRef } from "./address-book.ts";

export interface Rating extends OrderRef {
  readonly skuId: string;
  readonly stars: number;
  readonly comment: string;
  readonly state: "waiting" | "shown" | "hidden";
  readonly atMs: number;
}

type Row = Readonly<Record<string, string | number | null>>;

const contextOf = ({ memberId, orderId }: OrderRef): string => `rating:${memberId}:${orderId}`;

/** Words that everybody may read stand as they are; those that wait or are hidden may say anything about anybody. */
export const SEALED_RATINGS: SealedColumn = {
  ...{ table: "ratings", column: "comment", key: ["member_id", "order_id"] },
  where: "state <> 'shown' AND comment <> ''",
  contextOf: ({ member_id: memberId = "", order_id: orderId = "" }) =>
    contextOf({ memberId, orderId }),
};

const readRating = (row: Row): Rating => ({
  memberId: String(row["member_id"]),
  orderId: String(row["order_id"]),
  skuId: String(row["sku_id"]),
  stars: Number(row["stars"]),
  comment: String(row["comment"]),
  state: row["state"] as Rating["state"],
  atMs: Number(row["at_ms"]),
});

/** With what it is about, as its sale told it. */
export interface ListedRating extends Rating {
  readonly title: string;
  readonly picture: string;
}

/** Words in one state; `recent`: all stars of the last 30 days, with words or without, which the dashboard adds up. */
export const RATING_LISTS = ["waiting", "shown", "hidden", "recent"] as const;

export interface RatingPage {
  readonly of: (typeof RATING_LISTS)[number];
  readonly sinceMs: number;
  /** `<moment>.<row>` of the last one that was read. */
  readonly cursor: string | null;
  readonly limit: number;
}

const LISTED = `SELECT r.*, r.rowid AS row, s.terms ->> '$.title' AS title, s.terms ->> '$.picture' AS picture FROM ratings AS r
  LEFT JOIN orders AS o ON o.programme_id = r.programme_id AND o.member_id = r.member_id AND o.order_id = r.order_id
  LEFT JOIN sales AS s ON s.sale_id = o.sale_id
  WHERE r.programme_id = ?1 AND (r.at_ms, r.rowid) < (?2, ?3)`;
const NEWEST = "ORDER BY r.at_ms DESC, r.rowid DESC LIMIT ?4";
/** Each is read along an index of its own. */
const RATING_SQL = {
  ofState: `${LISTED} AND r.state = ?5 AND r.comment <> '' ${NEWEST}`,
  recent: `${LISTED} AND r.at_ms >= ?5 ${NEWEST}`,
} as const;

export type Decided =
  | { readonly kind: "decided" }
  | { readonly kind: "not_found" }
  | { readonly kind: "late"; readonly current: Rating["state"] };

export interface Satisfaction {
  readonly count: number;
  readonly stars: number;
}

export class RatingStore {
  readonly #env: Env;
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(env: Env, programmeId: string) {
    this.#env = env;
    this.#db = env.DB;
    this.#programmeId = programmeId;
  }

  #vault(): Promise<Vault> {
    return openVault(this.#env, this.#programmeId);
  }

  /** Rows from before words were sealed are read as they stand. */
  async #read(row: Row): Promise<Rating> {
    const rating = readRating(row);
    if (rating.comment === "" || rating.state === "shown") return rating;
    const comment = await (await this.#vault()).read(contextOf(rating), rating.comment);
    return { ...rating, comment };
  }

  async ofOrder({ memberId, orderId }: OrderRef): Promise<Rating | null> {
    const row = await this.#db
      .prepare("SELECT * FROM ratings WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3")
      .bind(this.#programmeId, memberId, orderId)
      .first<Row>();
    return row && this.#read(row);
  }

  /** Once an order; what is written stays as it was written. Stars without words need nobody to read them. */
  async rate(rating: Omit<Rating, "state">): Promise<boolean> {
    const { memberId, orderId, skuId, stars, atMs } = rating;
    const isMute = rating.comment === "";
    const comment = isMute ? "" : (await this.#vault()).seal(contextOf(rating), rating.comment);
    const { meta } = await this.#db
      .prepare(
        `INSERT INTO ratings (programme_id, member_id, order_id, sku_id, stars, comment, state, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[this.#programmeId, memberId, orderId, skuId, stars, comment],
        ...[isMute ? "shown" : "waiting", atMs],
      )
      .run();
    return meta.changes === 1;
  }

  /** Taken back, it waits again, and its words are sealed again. `seen`: what a colleague has decided since is left as it is. */
  async decide(
    ref: OrderRef,
    state: Rating["state"],
    by: string,
    seen: Rating["state"] | null,
  ): Promise<Decided> {
    const { memberId, orderId } = ref;
    const rating = await this.ofOrder(ref);
    if (!rating) return { kind: "not_found" };
    if (rating.state === state) return { kind: "decided" };
    if (seen !== null && rating.state !== seen) return { kind: "late", current: rating.state };
    const isOpen = state === "shown" || rating.comment === "";
    const comment = isOpen
      ? rating.comment
      : (await this.#vault()).seal(contextOf(ref), rating.comment);
    const { meta } = await this.#db
      .prepare(
        `UPDATE ratings SET state = ?4, decided_by = ?5, comment = ?6
         WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3 AND state = ?7`,
      )
      .bind(this.#programmeId, memberId, orderId, state, by, comment, rating.state)
      .run();
    // Somebody decided between the reading and the writing: what they made of it is looked at anew.
    return meta.changes === 1 ? { kind: "decided" } : this.decide(ref, state, by, seen);
  }

  async list({ of, sinceMs, cursor, limit }: RatingPage) {
    const [atMs = Number.MAX_SAFE_INTEGER, row = 0] = cursor?.split(".").map(Number) ?? [];
    const isRecent = of === "recent";
    const { results } = await this.#db
      .prepare(isRecent ? RATING_SQL.recent : RATING_SQL.ofState)
      .bind(this.#programmeId, atMs, row, limit, isRecent ? sinceMs : of)
      .all<Row>();
    const items: ListedRating[] = await Promise.all(
      results.map(async (one) => ({
        ...(await this.#read(one)),
        title: String(one["title"] ?? one["sku_id"]),
        picture: String(one["picture"] ?? ""),
      })),
    );
    const last = results.length === limit ? results.at(-1) : undefined;
    return {
      items,
      nextCursor: last ? `${String(last["at_ms"])}.${String(last["row"])}` : null,
    };
  }

  /** Of the goods: hidden words do not hide their stars. */
  async satisfaction(skuId: string): Promise<Satisfaction & { readonly comments: Rating[] }> {
    const [sums, shown] = await this.#db.batch<Row>([
      this.#db
        .prepare(
          "SELECT COUNT(*) AS n, COALESCE(SUM(stars), 0) AS stars FROM ratings WHERE programme_id = ?1 AND sku_id = ?2",
        )
        .bind(this.#programmeId, skuId),
      this.#db
        .prepare(
          `SELECT * FROM ratings WHERE programme_id = ?1 AND sku_id = ?2 AND state = 'shown' AND comment <> ''
           ORDER BY at_ms DESC LIMIT 20`,
        )
        .bind(this.#programmeId, skuId),
    ]);
    const row = sums?.results[0];
    return {
      count: Number(row?.["n"] ?? 0),
      stars: Number(row?.["stars"] ?? 0),
      comments: (shown?.results ?? []).map(readRating),
    };
  }
}
