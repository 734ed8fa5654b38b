/** Redis's rows, past the HTTP server. Batches are bounded, so that a set-up of many members is many writes. */
import type {
  Books,
  Dump,
  EntryRow,
  MemberRow,
  OrderRow,
  PeerSale,
  Reservation,
  SaleRow,
} from "../books.ts";
import type { RedisAddress } from "../wire.ts";
import { keys, openRedis, type Client } from "./client.ts";

const BATCH = 1_000;

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += BATCH) yield items.slice(at, at + BATCH);
}

const numberOf = (text: string | undefined): number => Number(text ?? 0);

export async function openRedisBooks(address: RedisAddress): Promise<Books> {
  const redis = await openRedis(address);
  return {
    createSale: async (sale: PeerSale) => {
      await redis.hset(keys.sale(sale.saleId), { ...sale, remaining: sale.units });
    },
    enrol: async (memberKeys, points) => {
      for (const batch of batches(memberKeys)) {
        await Promise.all(
          batch.flatMap((memberKey) => [
            redis.hset(keys.member(memberKey), {
              credited: points,
              balance: points,
              held: 0,
              seq: 1,
            }),
            redis.rpush(keys.ledger(memberKey), `1|credit|${points}|${points}||${Date.now()}`),
          ]),
        );
      }
    },
    reserve: async (sale: PeerSale, reservations: readonly Reservation[]) => {
      for (const batch of batches(reservations)) {
        await Promise.all(
          batch.map(({ memberKey, orderId, quantity, epoch }) =>
            redis.reserve(
              keys.order(memberKey, orderId),
              keys.member(memberKey),
              sale.saleId,
              quantity,
              epoch,
              quantity * sale.pricePoints,
            ),
          ),
        );
      }
    },
    sale: async (saleId: string) => {
      const row = await redis.hgetall(keys.sale(saleId));
      return row["saleId"] === undefined ? null : saleOf(row);
    },
    dump: () => dump(redis),
    durability: async () => {
      const pairs = await redis.config("GET", "append*");
      const at = (name: string): string => pairs[pairs.indexOf(name) + 1] ?? "unknown";
      return { appendonly: at("appendonly"), appendfsync: at("appendfsync") };
    },
    close: async () => redis.disconnect(),
  };
}

type Hash = Record<string, string>;

function saleOf(row: Hash): SaleRow {
  return {
    saleId: String(row["saleId"]),
    units: numberOf(row["units"]),
    remaining: numberOf(row["remaining"]),
    limitPerMember: numberOf(row["limitPerMember"]),
  };
}

function memberOf(key: string, row: Hash): MemberRow {
  return {
    memberKey: key.slice("member:".length),
    credited: numberOf(row["credited"]),
    balance: numberOf(row["balance"]),
    held: numberOf(row["held"]),
    seq: numberOf(row["seq"]),
  };
}

function orderOf(key: string, row: Hash): OrderRow {
  // `order:<programme>:<member>:<order id>`; order ids have no colon.
  const at = key.lastIndexOf(":");
  return {
    memberKey: key.slice("order:".length, at),
    orderId: key.slice(at + 1),
    saleId: String(row["saleId"]),
    quantity: numberOf(row["quantity"]),
    code: String(row["code"]),
    points: numberOf(row["first"]),
    ordinal: numberOf(row["ordinal"]),
    isReserved: row["isReserved"] === "1",
  };
}

function entryOf(key: string, text: string): EntryRow {
  const [seq, type, points, balanceAfter, orderId] = text.split("|");
  return {
    memberKey: key.slice("ledger:".length),
    seq: Number(seq),
    type: type === "credit" ? "credit" : "redeem",
    points: Number(points),
    balanceAfter: Number(balanceAfter),
    orderId: orderId === "" || orderId === undefined ? null : orderId,
  };
}

async function dump(redis: Client): Promise<Dump> {
  const hashes = async (pattern: string): Promise<[string, Hash][]> =>
    readAll(redis, pattern, (key) => redis.hgetall(key));
  const lists = await readAll(redis, "ledger:*", (key) => redis.lrange(key, 0, -1));
  return {
    sales: (await hashes("sale:*")).map(([, row]) => saleOf(row)),
    members: (await hashes("member:*")).map(([key, row]) => memberOf(key, row)),
    orders: (await hashes("order:*")).map(([key, row]) => orderOf(key, row)),
    entries: lists.flatMap(([key, texts]) => texts.map((text) => entryOf(key, text))),
  };
}

async function readAll<T>(
  redis: Client,
  pattern: string,
  read: (key: string) => Promise<T>,
): Promise<[string, T][]> {
  // A scan may name a key twice.
  const found = new Set<string>();
  let cursor = "0";
  do {
    const [next, names] = await redis.scan(cursor, "MATCH", pattern, "COUNT", BATCH);
    for (const name of names) found.add(name);
    cursor = next;
  } while (cursor !== "0");
  const rows: [string, T][] = [];
  for (const batch of batches([...found])) {
    const values = await Promise.all(batch.map(read));
    values.forEach((value, at) => rows.push([batch[at] as string, value]));
  }
  return rows;
}
