/** Direct top-ups: written down before the supplier is asked, asked again until it has said its final word. */
import { DAY_MS } from "../kernel/clock.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import { AddressBook, type OrderRef } from "./address-book.ts";
import {
  attempt,
  ATTEMPTS_BEFORE_HELP,
  hear,
  isDone,
  RIGHTS_LAW,
  type SupplierWord,
  type TopUp,
} from "./core/index.ts";
import { hasAgreed, OrderGate, type OrderFacts } from "./order-gate.ts";
import { HttpSupplier, supplierAccountOf, type Supplier } from "./supplier.ts";

export interface StoredTopUp extends TopUp, OrderRef {
  readonly programmeId: string;
  readonly skuId: string;
  readonly product: string;
  readonly quantity: number;
  readonly createdAtMs: number;
}

type Row = Readonly<Record<string, string | number | null>>;

const readTopUp = (row: Row): StoredTopUp => ({
  programmeId: String(row["programme_id"]),
  topUpId: String(row["top_up_id"]),
  memberId: String(row["member_id"]),
  orderId: String(row["order_id"]),
  skuId: String(row["sku_id"]),
  product: String(row["product"]),
  quantity: Number(row["quantity"]),
  state: row["state"] as TopUp["state"],
  attempts: Number(row["attempts"]),
  nextTryAtMs: Number(row["next_try_at_ms"] ?? 0),
  reason: String(row["reason"]),
  createdAtMs: Number(row["created_at_ms"]),
});

/** Its order ended before the supplier was asked: nothing that a person has to look at. */
const ORDER_OVER = "order_over";

export type TopUpStart = "started" | "needs_account" | "no_supplier";

export class TopUpDesk {
  readonly #env: Env;
  readonly #db: D1Database;
  readonly #programmeId: string;
  readonly #supplier: Supplier | null;

  constructor(env: Env, programmeId: string, supplier?: Supplier) {
    this.#env = env;
    this.#db = env.DB;
    this.#programmeId = programmeId;
    const account = supplierAccountOf(env);
    this.#supplier = supplier ?? (account ? new HttpSupplier(account) : null);
  }

  async ofOrder({ memberId, orderId }: OrderRef): Promise<StoredTopUp | null> {
    const row = await this.#db
      .prepare(
        "SELECT * FROM top_ups WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3 LIMIT 1",
      )
      .bind(this.#programmeId, memberId, orderId)
      .first<Row>();
    return row && readTopUp(row);
  }

  async find(topUpId: string): Promise<StoredTopUp | null> {
    const row = await this.#db
      .prepare("SELECT * FROM top_ups WHERE programme_id = ?1 AND top_up_id = ?2")
      .bind(this.#programmeId, topUpId)
      .first<Row>();
    return row && readTopUp(row);
  }

  /** Starts the order's one top-up, or goes on with it. Its number follows from the order. */
  async start(order: OrderFacts, product: string, nowMs: number): Promise<TopUpStart> {
    if (!this.#supplier) return "no_supplier";
    const book = await AddressBook.open(this.#env, this.#programmeId);
    const recipient = await book.recipient(order);
    if (recipient?.kind !== "account") return "needs_account";
    const topUpId = await topUpIdOf(this.#programmeId, order);
    await this.#db
      .prepare(
        `INSERT INTO top_ups (programme_id, top_up_id, member_id, order_id, sku_id, product, quantity, state, attempts, next_try_at_ms, reason, created_at_ms, updated_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'asked', 0, ?8, '', ?8, ?8) ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[this.#programmeId, topUpId, order.memberId, order.orderId, order.skuId],
        ...[product, order.quantity, nowMs],
      )
      .run();
    const topUp = await this.find(topUpId);
    if (topUp) await this.go(topUp, nowMs);
    return "started";
  }

  /** One step: the first time it is submitted, later it is asked for; an unknown one is submitted again. */
  async go(topUp: StoredTopUp, nowMs: number): Promise<StoredTopUp> {
    if (isDone(topUp)) return this.#tellOrder(topUp);
    if (!this.#supplier || topUp.nextTryAtMs > nowMs) return topUp;
    if (topUp.attempts === 0 && !(await this.#mayAsk(topUp))) {
      return this.hear(topUp, "failed", ORDER_OVER, nowMs);
    }
    const tried = { ...topUp, ...attempt(topUp, nowMs) };
    // Whoever counts this try makes it; another one who read the same row does not.
    if (!(await this.#save(topUp, tried, nowMs))) return (await this.find(topUp.topUpId)) ?? topUp;
    globalThis.failpoints?.reach("fulfilment:top-up:counted");
    try {
      const known = topUp.attempts > 0 ? await this.#supplier.query(topUp.topUpId) : null;
      const answer = known && known.word !== "unknown" ? known : await this.#submit(topUp);
      return await this.hear(tried, answer.word, answer.reason, nowMs);
    } catch (error) {
      log("top_up_failed", { attempts: tried.attempts, error: describeError(error) });
      return tried;
    }
  }

  /** The order agrees before anybody outside is asked: one that is booked and given back would be a present. */
  async #mayAsk({ memberId, orderId, topUpId }: StoredTopUp): Promise<boolean> {
    if (!RIGHTS_LAW.orderAgreesToTopUp) return true;
    const gate = new OrderGate(this.#env, this.#programmeId);
    const step = { memberId, orderId, step: "submit", by: "system", key: topUpId } as const;
    return hasAgreed(await gate.advance(step));
  }

  async #submit(topUp: StoredTopUp) {
    const book = await AddressBook.open(this.#env, this.#programmeId);
    const recipient = await book.recipient(topUp);
    const account = recipient ? await book.accountOf(recipient) : "";
    const { attempts, product, quantity } = topUp;
    const { topUpKeepsItsNumber } = RIGHTS_LAW;
    const topUpId = topUpKeepsItsNumber ? topUp.topUpId : `${topUp.topUpId}${attempts}`;
    return (this.#supplier as Supplier).submit({ topUpId, product, account, quantity });
  }

  /** The supplier's word, by its answer or by its callback. */
  async hear(
    topUp: StoredTopUp,
    word: SupplierWord,
    reason: string,
    nowMs: number,
  ): Promise<StoredTopUp> {
    const heard = { ...topUp, ...hear(topUp, word, reason, nowMs) };
    if (!(await this.#save(topUp, heard, nowMs))) {
      const now = await this.find(topUp.topUpId);
      return now && !isDone(now) ? this.hear(now, word, reason, nowMs) : (now ?? topUp);
    }
    return isDone(heard) ? this.#tellOrder(heard) : heard;
  }

  /** The order follows: fulfilled, or given back with everything it cost. Until it has, the top-up stays due. */
  async #tellOrder(topUp: StoredTopUp): Promise<StoredTopUp> {
    const { memberId, orderId, state, topUpId } = topUp;
    const reply = await new OrderGate(this.#env, this.#programmeId).advance({
      ...{ memberId, orderId, by: "system", key: topUpId },
      step: state === "success" ? "issue" : "fail",
    });
    const isOver = reply.kind === "refused" || reply.kind === "not_found";
    if (!hasAgreed(reply) && !isOver) return topUp;
    await this.#db
      .prepare(
        "UPDATE top_ups SET next_try_at_ms = NULL WHERE programme_id = ?1 AND top_up_id = ?2 AND state = ?3",
      )
      .bind(this.#programmeId, topUpId, state)
      .run();
    return topUp;
  }

  /** False: somebody changed it since it was read. */
  async #save(before: StoredTopUp, after: TopUp, nowMs: number): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(
        `UPDATE top_ups SET state = ?3, attempts = ?4, next_try_at_ms = ?5, reason = ?6, updated_at_ms = ?7
         WHERE programme_id = ?1 AND top_up_id = ?2 AND state = ?8 AND attempts = ?9`,
      )
      .bind(
        ...[this.#programmeId, before.topUpId, after.state, after.attempts],
        ...[isDone(after) ? nowMs : after.nextTryAtMs, after.reason, nowMs],
        ...[before.state, before.attempts],
      )
      .run();
    return meta.changes === 1;
  }
}

async function topUpIdOf(programmeId: string, { memberId, orderId }: OrderRef): Promise<string> {
  const bytes = new TextEncoder().encode(`${programmeId}\n${memberId}\n${orderId}`);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `tu${Buffer.from(hash).toString("hex").slice(0, 30)}`;
}

export const DUE_TOP_UPS: RoundList = {
  ...{ name: "top_ups", rows: 100, by: ["next_try_at_ms", "rowid"], start: [0, 0], columns: "*" },
  ...{ from: "top_ups", where: "next_try_at_ms IS NOT NULL AND next_try_at_ms <= ?3" },
};

export async function dueTopUps(db: D1Database, nowMs: number): Promise<StoredTopUp[]> {
  return (await nextRows<Row>(db, DUE_TOP_UPS, nowMs)).map(readTopUp);
}

/** What failed needs nothing of anybody, so it does not stand in the list for ever. */
const FAILED_SHOWN_MS = 7 * DAY_MS;

/** Top-ups that a person has to look at: silent for long, or refused lately. */
export async function troubledTopUps(
  db: D1Database,
  programmeId: string,
  nowMs: number,
): Promise<StoredTopUp[]> {
  const { results } = await db
    .prepare(
      // Which states are named apart from why: what is done, and grows, is not read.
      `SELECT * FROM top_ups WHERE programme_id = ?1 AND state IN ('failed', 'asked', 'processing')
         AND CASE state WHEN 'failed' THEN reason <> '${ORDER_OVER}' AND updated_at_ms >= ?2
           ELSE attempts >= ${ATTEMPTS_BEFORE_HELP} END
       ORDER BY updated_at_ms DESC LIMIT 100`,
    )
    .bind(programmeId, nowMs - FAILED_SHOWN_MS)
    .all<Row>();
  return results.map(readTopUp);
}
