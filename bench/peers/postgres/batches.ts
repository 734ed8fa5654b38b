/**
 * The peer with what a team adds once it has seen the hot row: redemptions that arrive while a commit is under way share the
 * next one. One batch at a time, because a second one would only wait for the same row.
 */
import type { Redemption, Word } from "../answers.ts";
import type { Desk } from "../desk.ts";
import type { PostgresAddress } from "../wire.ts";
import { openPool, warmUp, type Sql } from "./client.ts";
import { deskOn, isSoldOut, wordOf, type WordRow } from "./desk.ts";

/** A row's versions of one transaction cannot be pruned before its end, so each update in a batch walks further. */
const BATCH_MAX = 64;

interface Job {
  readonly isTake: boolean;
  readonly redemption: Redemption;
  readonly resolve: (word: Word) => void;
  readonly reject: (error: unknown) => void;
}

export async function openBatchingDesk(
  address: PostgresAddress,
  connections: number,
): Promise<Desk> {
  const sql = openPool(address, connections);
  await warmUp(sql, connections);
  const single = deskOn(sql);
  const waiting: Job[] = [];
  let isRunning = false;

  const run = async (): Promise<void> => {
    isRunning = true;
    while (waiting.length > 0) {
      const jobs = waiting.splice(0, BATCH_MAX);
      try {
        const words = await decide(sql, jobs);
        jobs.forEach((job, at) => job.resolve(wordOf(words[at])));
      } catch (error) {
        // An order whose shelf ran short between look and lock undid all: each gets its answer by itself.
        if (isSoldOut(error)) await Promise.all(jobs.map((job) => alone(single, job)));
        else for (const job of jobs) job.reject(error);
      }
    }
    isRunning = false;
  };
  const join = (redemption: Redemption, isTake: boolean): Promise<Word> =>
    new Promise((resolve, reject) => {
      waiting.push({ redemption, isTake, resolve, reject });
      // What else arrives in this turn of the loop comes along.
      if (!isRunning && waiting.length === 1) setImmediate(() => void run());
    });
  return {
    redeem: (redemption) => join(redemption, false),
    take: (redemption) => join(redemption, true),
    close: () => single.close(),
  };
}

function decide(sql: Sql, jobs: readonly Job[]): Promise<WordRow[]> {
  const column = <T>(pick: (job: Job) => T): T[] => jobs.map(pick);
  return sql<WordRow[]>`
    SELECT * FROM decide_many(
      ${column((job) => (job.isTake ? "take" : "redeem"))}::text[],
      ${column((job) => job.redemption.memberKey)}::text[],
      ${column((job) => job.redemption.saleId)}::text[],
      ${column((job) => job.redemption.orderId)}::text[],
      ${column((job) => job.redemption.quantity)}::integer[],
      ${column((job) => job.redemption.epoch)}::integer[],
      ${column((job) => job.redemption.nowMs)}::bigint[])`;
}

async function alone(desk: Desk, { isTake, redemption, resolve, reject }: Job): Promise<void> {
  try {
    resolve(await (isTake ? desk.take(redemption) : desk.redeem(redemption)));
  } catch (error) {
    reject(error);
  }
}
