/** The connection to Redis and the scripts on it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { RedisAddress } from "../wire.ts";

export const keys = {
  sale: (saleId: string): string => `sale:${saleId}`,
  member: (memberKey: string): string => `member:${memberKey}`,
  order: (memberKey: string, orderId: string): string => `order:${memberKey}:${orderId}`,
  ledger: (memberKey: string): string => `ledger:${memberKey}`,
} as const;

/** Commands that the scripts become; arguments are keys first, then what the script's head says. */
export interface Scripted {
  redeem(...parts: (string | number)[]): Promise<ScriptReply>;
  take(...parts: (string | number)[]): Promise<ScriptReply>;
  reserve(...parts: (string | number)[]): Promise<number>;
}
export type ScriptReply = readonly [string, number, number, number, number];
export type Client = Redis & Scripted;

const script = (name: string): string =>
  readFileSync(join(import.meta.dirname, `${name}.lua`), "utf8");

/**
 * Auto-pipelining gathers the commands of one turn of the event loop into one write, and Redis commits what it reads
 * at once with one fsync: this is its group commit.
 */
export async function openRedis(address: RedisAddress): Promise<Client> {
  const redis = new Redis({
    host: "127.0.0.1",
    port: address.port,
    password: address.password,
    enableAutoPipelining: true,
    // A peer whose database is gone has failed; a command that waits for a new one would hide it.
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    lazyConnect: true,
  });
  // The promise of every command says it too; without a listener it would end the process.
  redis.on("error", () => undefined);
  await redis.connect();
  redis.defineCommand("redeem", { numberOfKeys: 4, lua: script("redeem") });
  redis.defineCommand("take", { numberOfKeys: 3, lua: script("take") });
  redis.defineCommand("reserve", { numberOfKeys: 2, lua: script("reserve") });
  return redis as unknown as Client;
}
