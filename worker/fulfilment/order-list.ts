/** Orders as staff look for them: a page by cursor from D1, which mirrors the Accounts and may lag a moment. */
import {
  GOODS_WITH,
  hasFewOrders,
  isSkuOfGoods,
  salesOfGoods,
} from "../platform/sales-of-goods.ts";
import { goodsWithWords, type WordedGoods } from "../catalog/index.ts";
import type { Sight } from "../kernel/masks.ts";
import type { Env } from "../platform/env.ts";
import { hasFewOrdersInStores, isOfStores, ordersOfStores } from "./store-orders.ts";
import { skuIdOf } from "./terms-store.ts";
import { suppliesOf, type Supply } from "./supply.ts";
import {
  AddressBook,
  maskAddress,
  refKey,
  type MaskedAddress,
  type OrderRef,
} from "./address-book.ts";

/** Letters of an order's id that lists show. */
const ID_SHOWN = 18;
/** Behind every letter of an id. */
const AFTER_IDS = "~";

export interface OrderFilter {
  readonly state: string | null;
  readonly goodsKind: string | null;
  readonly saleId: string | null;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
  /** An order id, a member id, the last four digits of a phone, or words of the goods as they are called now. */
  readonly query: string;
  /** Orders of these stores: their own units, vouchers expected or used there; null: every order. */
  readonly storeIds: readonly string[] | null;
  /** The brand that the goods name now. */
  readonly brandId: string | null;
  /** The supplier that the goods name now. */
  readonly supplier: string | null;
  /** Who sends the goods; null: either. */
  readonly sender: "shop" | "supplier" | null;
  readonly isOldestFirst: boolean;
}

export interface ListedOrder extends OrderRef {
  readonly saleId: string;
  readonly skuId: string;
  readonly saleKind: "flash" | "standing";
  readonly title: string;
  /** Which of the variants; empty: there is one only. */
  readonly spec: string;
  readonly picture: string;
  readonly groundColor: string;
  readonly goodsKind: string;
  readonly state: string;
  readonly quantity: number;
  readonly points: number;
  readonly cashFen: number;
  readonly cashState: string;
  readonly grantedAtMs: number;
  readonly updatedAtMs: number;
  /** Null: the goods name no supplier. */
  readonly supply: Supply | null;
  readonly recipient: MaskedAddress | null;
  readonly parcels: number;
}

type Row = Readonly<Record<string, string | number | null>>;

interface Where {
  from: string;
  /** What an index finds. */
  sql: string;
  readonly values: (string | number)[];
  /** How many of the values `sql` asks for. */
  readonly asked: number;
  /** What is looked at order by order. */
  readonly checks: string[];
  /** So many orders a page at most are looked at; null: as many as fill it. */
  walkMax: number | null;
}

/** Orders that a page of a large store's list looks through: what it found so far is its page then, and the list goes on. */
const WALK_MAX = 10_000;

export interface OrderPage {
  readonly items: readonly ListedOrder[];
  readonly nextCursor: string | null;
}

const ID_LIKE = /^[\w.@-]*$/;
const NO_ORDERS: OrderPage = { items: [], nextCursor: null };

const CURSOR = /^(\d{1,16})\.([0-9A-Za-z_.@-]{1,64})\.([0-9A-Za-z_-]{16,40})$/;

export const isCursor = (text: string): boolean => CURSOR.test(text);

function orderOf(isOldestFirst: boolean): string {
  const way = isOldestFirst ? "ASC" : "DESC";
  return `o.granted_at_ms ${way}, o.member_id ${way}, o.order_id ${way}`;
}

export class OrderList {
  readonly #env: Env;
  readonly #programmeId: string;

  /** What of a person is shown to whoever asks. */
  readonly #sight: Sight;

  constructor(env: Env, programmeId: string, sight: Sight) {
    this.#sight = sight;
    this.#env = env;
    this.#programmeId = programmeId;
  }

  /** What could be an id is looked for as one first; what no order goes by is words of its goods. */
  async page(filter: OrderFilter, cursor: string | null, limit: number): Promise<OrderPage> {
    const isId = ID_LIKE.test(filter.query.trim());
    const byId = isId ? await this.#find(filter, null, cursor, limit) : NO_ORDERS;
    if (byId.items.length > 0 || byId.nextCursor !== null) return byId;
    const words = await goodsWithWords(this.#env.DB, this.#programmeId, filter.query);
    return words ? this.#find({ ...filter, query: "" }, words, cursor, limit) : byId;
  }

  async #find(
    filter: OrderFilter,
    words: WordedGoods | null,
    cursor: string | null,
    limit: number,
  ): Promise<OrderPage> {
    const book = await AddressBook.open(this.#env, this.#programmeId);
    const where = this.#where(filter, cursor, book);
    const { brandId, supplier, sender } = filter;
    if (brandId !== null) await this.#narrowToGoods(where, filter, GOODS_WITH.brand, brandId);
    if (supplier !== null) await this.#narrowToGoods(where, filter, GOODS_WITH.supplier, supplier);
    if (words) {
      const isFew = await this.#narrowToGoods(where, filter, words.goods, words.given);
      // Half of all goods may have the words, and hardly an order among them all.
      if (!isFew && where.from === "orders AS o") where.walkMax = WALK_MAX;
    }
    if (sender === "supplier") await this.#narrowToGoods(where, filter, GOODS_WITH.dropShipping, 1);
    if (sender === "shop") {
      const theirs = GOODS_WITH.dropShipping(`?${where.values.push(1)}`);
      where.checks.push(`NOT ${isSkuOfGoods("s.sku_id", theirs)}`);
    }
    if (filter.storeIds !== null) await this.#narrowToStores(where, filter.storeIds);
    const results = await this.#rows(where, filter.isOldestFirst, limit + 1);
    const rows = results.slice(0, limit);
    const isMore = results.length > limit;
    const last = isMore ? rows.at(-1) : await this.#lastOfWalk(where, filter.isOldestFirst);
    const nextCursor = last
      ? `${String(last["granted_at_ms"])}.${String(last["member_id"])}.${String(last["order_id"])}`
      : null;
    return { items: await this.#withRecipients(rows, book), nextCursor };
  }

  async #rows(where: Where, isOldestFirst: boolean, count: number): Promise<readonly Row[]> {
    const order = orderOf(isOldestFirst);
    const { checks } = where;
    const from =
      where.walkMax === null
        ? where.from
        : `(SELECT * FROM ${where.from} WHERE ${where.sql} ORDER BY ${order} LIMIT ${where.walkMax}) AS o`;
    const conditions = where.walkMax === null ? [where.sql, ...checks] : checks;
    const { results } = await this.#env.DB.prepare(
      `SELECT o.*, s.kind AS sale_kind, s.terms ->> '$.title' AS sale_title, s.terms ->> '$.picture' AS picture,
         s.terms ->> '$.groundColor' AS ground_color, s.terms ->> '$.goods.spec' AS spec,
         (SELECT COUNT(*) FROM shipments AS p WHERE p.programme_id = o.programme_id AND p.member_id = o.member_id AND p.order_id = o.order_id) AS parcels
       FROM ${from} LEFT JOIN sales AS s ON s.sale_id = o.sale_id
       WHERE ${conditions.join(" AND ")} ORDER BY ${order} LIMIT ${count}`,
    )
      .bind(...where.values)
      .all<Row>();
    return results;
  }

  /** Where a walk that was cut off goes on; null: there was none, or it came to the end. */
  async #lastOfWalk(where: Where, isOldestFirst: boolean): Promise<Row | null> {
    if (where.walkMax === null) return null;
    return this.#env.DB.prepare(
      `SELECT o.granted_at_ms, o.member_id, o.order_id FROM ${where.from} WHERE ${where.sql}
       ORDER BY ${orderOf(isOldestFirst)} LIMIT 1 OFFSET ${where.walkMax - 1}`,
    )
      .bind(...where.values.slice(0, where.asked))
      .first<Row>();
  }

  #where(filter: OrderFilter, cursor: string | null, book: AddressBook): Where {
    const values: (string | number)[] = [this.#programmeId];
    const conditions = ["o.programme_id = ?1"];
    const add = (condition: (place: string) => string, value: string | number | null): void => {
      if (value === null) return;
      values.push(value);
      conditions.push(condition(`?${values.length}`));
    };
    add((p) => `o.state = ${p}`, filter.state);
    add((p) => `o.goods_kind = ${p}`, filter.goodsKind);
    add((p) => `o.sale_id = ${p}`, filter.saleId);
    add((p) => `o.granted_at_ms >= ${p}`, filter.fromMs);
    add((p) => `o.granted_at_ms < ${p}`, filter.untilMs);
    const query = filter.query.trim();
    let from = "orders AS o";
    // Who is not shown phones does not find by them either.
    if (/^\d{4}$/.test(query) && this.#sight.phone) {
      add(
        (p) =>
          `(o.member_id, o.order_id) IN (SELECT r.member_id, r.order_id FROM order_recipients AS r
             WHERE r.programme_id = ?1 AND r.phone_tail_print = ${p})`,
        book.phoneTailPrint(query),
      );
    } else if (query !== "") {
      // Each by its own index: an OR would be looked at row by row. An order is also found by as much of its id as lists show.
      const end = query.length < ID_SHOWN ? query : `${query}${AFTER_IDS}`;
      values.push(query, end);
      const p = `?${values.length - 1}`;
      from = `(SELECT rowid AS hit FROM orders INDEXED BY orders_by_id WHERE programme_id = ?1 AND order_id BETWEEN ${p} AND ?${values.length}
        UNION SELECT rowid FROM orders WHERE programme_id = ?1 AND member_id = ${p}) CROSS JOIN orders AS o ON o.rowid = hit`;
    }
    const [, atMs, memberId = "", orderId = ""] = CURSOR.exec(cursor ?? "") ?? [];
    if (atMs !== undefined) {
      values.push(Number(atMs), memberId, orderId);
      const at = values.length;
      conditions.push(
        `(o.granted_at_ms, o.member_id, o.order_id) ${filter.isOldestFirst ? ">" : "<"} (?${at - 2}, ?${at - 1}, ?${at})`,
      );
    }
    const sql = conditions.join(" AND ");
    return { from, sql, values, asked: values.length, checks: [], walkMax: null };
  }

  /** Whether their few orders are read, and not looked for among all. */
  async #narrowToGoods(
    where: Where,
    filter: OrderFilter,
    goods: (value: string) => string,
    value: string | number,
  ): Promise<boolean> {
    const isWalk =
      where.from === "orders AS o" && filter.saleId === null && filter.query.trim() === "";
    const isFew = isWalk && (await hasFewOrders(this.#env.DB, this.#programmeId, goods, value));
    const named = goods(`?${where.values.push(value)}`);
    if (isFew) {
      where.from = "orders AS o INDEXED BY orders_by_sale";
      where.sql += ` AND o.sale_id IN (${salesOfGoods(named)})`;
    } else {
      // Order by order: the sales of half of all goods would be gathered anew for each page.
      where.checks.push(isSkuOfGoods("s.sku_id", named));
    }
    return isFew;
  }

  async #narrowToStores(where: Where, storeIds: readonly string[]): Promise<void> {
    const place = `?${where.values.push(JSON.stringify(storeIds))}`;
    const isWalk = where.from === "orders AS o";
    const isFew = isWalk && (await hasFewOrdersInStores(this.#env.DB, this.#programmeId, storeIds));
    if (!isFew) {
      where.checks.push(isOfStores(place));
      if (isWalk) where.walkMax = WALK_MAX;
      return;
    }
    where.from = `(SELECT member_id AS whose, order_id AS which FROM (${ordersOfStores(place)}))
      CROSS JOIN orders AS o INDEXED BY sqlite_autoindex_orders_1 ON o.member_id = whose AND o.order_id = which`;
  }

  async #withRecipients(rows: readonly Row[], book: AddressBook): Promise<ListedOrder[]> {
    const refs = rows.map((row) => ({
      memberId: String(row["member_id"]),
      orderId: String(row["order_id"]),
    }));
    const skuIds = rows.map((row) => skuIdOf(String(row["sale_id"])));
    const [recipients, supplies] = await Promise.all([
      book.recipients(refs),
      suppliesOf(this.#env.DB, this.#programmeId, skuIds),
    ]);
    return Promise.all(
      rows.map(async (row, at): Promise<ListedOrder> => {
        const ref = refs[at] as OrderRef;
        const known = recipients.get(refKey(ref));
        const isAddress = known?.kind === "address";
        return {
          ...readListed(row, ref),
          supply: supplies.get(skuIds[at] ?? "") ?? null,
          recipient: isAddress ? maskAddress(await book.addressOf(known), this.#sight) : null,
        };
      }),
    );
  }

  /** How many orders wait in each state that somebody has to act on; counting stops at ten thousand. */
  async waiting(): Promise<Record<string, number>> {
    const states = [
      "awaiting_payment",
      "to_ship",
      "to_write_off",
      "issuing",
      "shipped",
      "refunding",
    ];
    const counts = await this.#env.DB.batch<{ n: number }>(
      states.map((state) =>
        this.#env.DB.prepare(
          "SELECT COUNT(*) AS n FROM (SELECT 1 FROM orders WHERE programme_id = ?1 AND state = ?2 LIMIT 10000)",
        ).bind(this.#programmeId, state),
      ),
    );
    return Object.fromEntries(states.map((state, at) => [state, counts[at]?.results[0]?.n ?? 0]));
  }

  /** Members whose order has this id; ids are made by clients, so two members may have the same. */
  async membersOf(orderId: string): Promise<string[]> {
    const { results } = await this.#env.DB.prepare(
      "SELECT member_id FROM orders WHERE programme_id = ?1 AND order_id = ?2 LIMIT 3",
    )
      .bind(this.#programmeId, orderId)
      .all<{ member_id: string }>();
    return results.map((row) => row.member_id);
  }
}

function readListed(row: Row, ref: OrderRef): Omit<ListedOrder, "supply" | "recipient"> {
  const saleId = String(row["sale_id"]);
  return {
    ...ref,
    saleId,
    skuId: skuIdOf(saleId),
    saleKind: row["sale_kind"] === "flash" ? "flash" : "standing",
    title: String(row["title"] ?? row["sale_title"] ?? ""),
    spec: String(row["spec"] ?? ""),
    picture: String(row["picture"] ?? "/goods/placeholder.svg"),
    groundColor: String(row["ground_color"] ?? "#f3ede3"),
    goodsKind: String(row["goods_kind"] ?? "physical"),
    state: String(row["state"]),
    quantity: Number(row["quantity"]),
    points: Number(row["points"]),
    cashFen: Number(row["cash_fen"]),
    cashState: String(row["cash_state"] ?? "none"),
    grantedAtMs: Number(row["granted_at_ms"]),
    updatedAtMs: Number(row["updated_at_ms"]),
    parcels: Number(row["parcels"] ?? 0),
  };
}

/** Which variant the goods of a sale are; empty: there is one only. */
export async function specsOf(
  db: D1Database,
  saleIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { results } = await db
    .prepare(
      `SELECT sale_id, terms ->> '$.goods.spec' AS spec FROM sales
       WHERE sale_id IN (SELECT value FROM json_each(?1))`,
    )
    .bind(JSON.stringify([...new Set(saleIds)]))
    .all<Row>();
  return new Map(results.map((row) => [String(row["sale_id"]), String(row["spec"] ?? "")]));
}
