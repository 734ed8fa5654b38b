/** What evidence keeps in D1: daily roots, their leaves, public keys, and the key of each programme's member tags. */
import { startOfDayMs } from "../kernel/calendar.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import type { PlacedChunk } from "./chunks.ts";
import type { Hash } from "./merkle.ts";
import { leafOf, memberTagOf, type DailyRoot, type Receipt } from "./receipt.ts";
import type { PublicKey } from "./signing.ts";

export interface SignedRoot extends DailyRoot {
  readonly keyId: string;
  readonly signature: string;
  readonly publishedAtMs: number;
}

const HASH_DIGITS = 64;
/** Members whose entries one statement reads. */
const MEMBERS_PER_READ = 500;
const CHUNKS_PER_BATCH = 40;

type Row = Record<string, string | number | null>;

export class EvidenceStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  // ---- programmes and their days

  async programmes(): Promise<string[]> {
    const rows = await this.#all("SELECT DISTINCT programme_id FROM ledger_entries ORDER BY 1");
    return rows.map((row) => String(row["programme_id"]));
  }

  /** The key of a programme's member tags, made when it is first asked for. */
  async tagKey(programmeId: string): Promise<Uint8Array> {
    const read = (): Promise<Row[]> =>
      this.#all("SELECT tag_key FROM evidence_tags WHERE programme_id = ?", programmeId);
    let [row] = await read();
    if (!row) {
      const made = Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("hex");
      await this.#db
        .prepare("INSERT OR IGNORE INTO evidence_tags (programme_id, tag_key) VALUES (?, ?)")
        .bind(programmeId, made)
        .run();
      [row] = await read();
    }
    invariant(row, "a programme has a key for its tags");
    return Uint8Array.from(Buffer.from(String(row["tag_key"]), "hex"));
  }

  /** The first day from `fromDay` on that has entries; null: none has. */
  async firstDay(programmeId: string, fromDay: number): Promise<number | null> {
    const [row] = await this.#all(
      "SELECT MIN(recorded_at_ms) AS first FROM ledger_entries WHERE programme_id = ? AND recorded_at_ms >= ?",
      programmeId,
      startOfDayMs(fromDay, ZONE_OFFSET_MS),
    );
    const first = row?.["first"];
    return first === null || first === undefined
      ? null
      : programmeDay(Number(first), ZONE_OFFSET_MS);
  }

  /** Receipts of a day as the projected ledger has them, in leaf order, so many members at a time: a day may be long. */
  async *receiptsOf(programmeId: string, day: number): AsyncGenerator<Receipt> {
    const range = [startOfDayMs(day, ZONE_OFFSET_MS), startOfDayMs(day + 1, ZONE_OFFSET_MS)];
    const key = await this.tagKey(programmeId);
    const rows = await this.#all(
      "SELECT DISTINCT member_id FROM ledger_entries WHERE programme_id = ? AND recorded_at_ms >= ? AND recorded_at_ms < ?",
      programmeId,
      ...range,
    );
    const members = rows
      .map(({ member_id: id }) => String(id))
      .map((id) => ({ id, tag: memberTagOf(memberKeyOf(programmeId, id), key) }))
      .sort((a, b) => (a.tag < b.tag ? -1 : 1));
    for (let at = 0; at < members.length; at += MEMBERS_PER_READ) {
      const part = members.slice(at, at + MEMBERS_PER_READ);
      const entries = await this.#all(
        `SELECT m.key AS place, e.seq, e.prev_hash, e.hash FROM json_each(?1) m
           JOIN ledger_entries e ON e.programme_id = ?2 AND e.member_id = m.value
         WHERE e.recorded_at_ms >= ?3 AND e.recorded_at_ms < ?4 ORDER BY m.key, e.seq`,
        JSON.stringify(part.map(({ id }) => id)),
        programmeId,
        ...range,
      );
      for (const entry of entries) {
        yield {
          ...{ programmeId, day },
          memberTag: part[Number(entry["place"])]?.tag ?? "",
          seq: Number(entry["seq"]),
          prevHash: String(entry["prev_hash"]),
          hash: String(entry["hash"]),
        };
      }
    }
  }

  // ---- roots

  /** Newest first. */
  async roots(programmeId: string, beforeDay: number, count: number): Promise<SignedRoot[]> {
    const rows = await this.#all(
      "SELECT * FROM daily_roots WHERE programme_id = ? AND day < ? ORDER BY day DESC LIMIT ?",
      programmeId,
      beforeDay,
      count,
    );
    return rows.map(readRoot);
  }

  async root(programmeId: string, day: number): Promise<SignedRoot | null> {
    const [row] = await this.#all(
      "SELECT * FROM daily_roots WHERE programme_id = ? AND day = ?",
      programmeId,
      day,
    );
    return row ? readRoot(row) : null;
  }

  /** The next published day after this one. */
  async rootAfter(programmeId: string, day: number): Promise<SignedRoot | null> {
    const [row] = await this.#all(
      "SELECT * FROM daily_roots WHERE programme_id = ? AND day > ? ORDER BY day LIMIT 1",
      programmeId,
      day,
    );
    return row ? readRoot(row) : null;
  }

  /** Some chunks of a day, before its root: a root that is there has all of them. Written again, they are the same. */
  async keepChunks(
    programmeId: string,
    day: number,
    chunks: readonly PlacedChunk[],
  ): Promise<void> {
    if (chunks.length === 0) return;
    await this.#db.batch(
      chunks.map(({ at, first, leaves, root }) =>
        this.#db
          .prepare(`INSERT OR REPLACE INTO evidence_leaves (programme_id, day, chunk, first_key, root, leaves)
             VALUES (?, ?, ?, ?, ?, ?)`)
          .bind(programmeId, day, at, keyOf(first), root, leaves.join("")),
      ),
    );
  }

  /** A day is published once. */
  async publish(root: SignedRoot): Promise<void> {
    await this.#db
      .prepare(`INSERT INTO daily_roots (programme_id, day, size, root, previous, key_id, signature, published_at_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
      .bind(
        ...[root.programmeId, root.day, root.size, root.root, root.previous],
        ...[root.keyId, root.signature, root.publishedAtMs],
      )
      .run();
  }

  /** The chunk in which a receipt's leaf must lie, and the roots of all chunks of its day; null: the day has none. */
  async chunkFor(
    receipt: Receipt,
  ): Promise<{ chunk: number; leaves: Hash[]; chunkRoots: Hash[] } | null> {
    const { programmeId, day } = receipt;
    const [row] = await this.#all(
      `SELECT chunk, leaves FROM evidence_leaves WHERE programme_id = ? AND day = ? AND first_key <= ?
       ORDER BY chunk DESC LIMIT 1`,
      programmeId,
      day,
      keyOf(receipt),
    );
    if (!row) return null;
    const roots = await this.#all(
      "SELECT root FROM evidence_leaves WHERE programme_id = ? AND day = ? ORDER BY chunk",
      programmeId,
      day,
    );
    return {
      chunk: Number(row["chunk"]),
      leaves: hashesIn(String(row["leaves"])),
      chunkRoots: roots.map((one) => String(one["root"])),
    };
  }

  /** The published leaves of a day in their order, some chunks at a time. */
  async *leavesOf(programmeId: string, day: number): AsyncGenerator<Hash> {
    for (let from = 0; ; from += CHUNKS_PER_BATCH) {
      const rows = await this.#all(
        "SELECT leaves FROM evidence_leaves WHERE programme_id = ? AND day = ? AND chunk >= ? ORDER BY chunk LIMIT ?",
        ...([programmeId, day, from, CHUNKS_PER_BATCH] as const),
      );
      for (const row of rows) yield* hashesIn(String(row["leaves"]));
      if (rows.length < CHUNKS_PER_BATCH) return;
    }
  }

  // ---- keys

  async keepKeys(keys: readonly PublicKey[], nowMs: number): Promise<void> {
    const insert = this.#db.prepare(
      "INSERT OR IGNORE INTO evidence_keys (key_id, public_key, first_used_at_ms) VALUES (?, ?, ?)",
    );
    await this.#db.batch(keys.map(({ keyId, publicKey }) => insert.bind(keyId, publicKey, nowMs)));
  }

  async keys(): Promise<PublicKey[]> {
    const rows = await this.#all("SELECT key_id, public_key FROM evidence_keys ORDER BY 1");
    return rows.map((row) => ({
      keyId: String(row["key_id"]),
      publicKey: String(row["public_key"]),
    }));
  }

  async #all(query: string, ...bindings: (string | number)[]): Promise<Row[]> {
    const { results } = await this.#db
      .prepare(query)
      .bind(...bindings)
      .all<Row>();
    return results;
  }
}

/** Sorts as leaves do. */
function keyOf({ memberTag, seq }: Receipt): string {
  return `${memberTag} ${String(seq).padStart(12, "0")}`;
}

function hashesIn(text: string): Hash[] {
  const count = text.length / HASH_DIGITS;
  return Array.from({ length: count }, (_, at) =>
    text.slice(at * HASH_DIGITS, (at + 1) * HASH_DIGITS),
  );
}

function readRoot(row: Row): SignedRoot {
  return {
    programmeId: String(row["programme_id"]),
    day: Number(row["day"]),
    size: Number(row["size"]),
    root: String(row["root"]),
    previous: String(row["previous"]),
    keyId: String(row["key_id"]),
    signature: String(row["signature"]),
    publishedAtMs: Number(row["published_at_ms"]),
  };
}

/**
 * Rows of a day that are not as they were when its root was published. A published leaf says no more than its hash. Both
 * lists come in the same order, so only what differs is remembered.
 */
export async function changedSince(
  store: EvidenceStore,
  programmeId: string,
  day: number,
): Promise<{ changed: readonly Receipt[]; missing: number; rows: number }> {
  const published = store.leavesOf(programmeId, day);
  const unpublished = new Map<Hash, Receipt>();
  const unmatched = new Set<Hash>();
  const noteLeaf = (leaf: Hash): void => {
    if (!unpublished.delete(leaf)) unmatched.add(leaf);
  };
  let rows = 0;
  for await (const receipt of store.receiptsOf(programmeId, day)) {
    rows += 1;
    const leaf = leafOf(receipt);
    const { value, done } = await published.next();
    if (done !== true && value === leaf) continue;
    if (done !== true) noteLeaf(value);
    if (!unmatched.delete(leaf)) unpublished.set(leaf, receipt);
  }
  for await (const leaf of published) noteLeaf(leaf);
  return { changed: [...unpublished.values()], missing: unmatched.size, rows };
}
