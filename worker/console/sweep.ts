import { accountNames, inChunks, skuKeys } from "./audit.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";

/** Once a minute, from cron: wakes every object that might have lost its alarm. Never throws. */
export async function sweepAll(env: Env): Promise<void> {
  const poke = async (kind: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log("sweep_failed", { kind, error: describeError(error) });
    }
  };
  await poke("skus", async () => {
    await inChunks(await skuKeys(env), (key) => stubOf(env.SKU, key, env).sweep());
  });
  await poke("accounts", async () => {
    await inChunks(await accountNames(env), (name) => stubOf(env.ACCOUNT, name, env).sweep());
  });
}
