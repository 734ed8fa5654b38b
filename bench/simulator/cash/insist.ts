/** A request that is made until somebody answers it, at times twice at once, as members and clerks do. */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Reply, World } from "../world.ts";

export type Method = "GET" | "POST" | "PUT";

export interface Asked {
  /** In the story of the life. */
  readonly who: string;
  readonly token: string;
  readonly method: Method;
  readonly path: string;
  readonly body?: object | undefined;
}

const TRIES_MAX = 4;
const isAnswer = ({ status }: Reply): boolean => status < 500 && status !== 429 && status !== 202;

/** Null: nobody answered. */
export async function insist(world: World, random: Random, asked: Asked): Promise<Reply | null> {
  const { who, token, method, path, body } = asked;
  const send = (): Promise<Reply | null> => world.http(who, token, method, path, body);
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const isTwice = method !== "GET" && world.sim.faults.strikes("double_tap");
    const twin = isTwice ? send() : null;
    const reply = await send();
    await twin;
    if (reply && isAnswer(reply)) return reply;
    await pause(world, random, 3_000);
  }
  return null;
}

export function pause(world: World, random: Random, spanMs: number): Promise<void> {
  return world.sleep(100 + random.next() * spanMs);
}
