/** Redemptions in Redis: one script call each, over one connection whose turns are pipelined. */
import type { Redemption, Word } from "../answers.ts";
import type { Desk } from "../desk.ts";
import type { RedisAddress } from "../wire.ts";
import { keys, openRedis, type ScriptReply } from "./client.ts";

function wordOf([code, first, second, ordinal, isReplay]: ScriptReply): Word {
  return { code, first, second, ordinal, isReplay: isReplay === 1 };
}

export async function openRedisDesk(address: RedisAddress): Promise<Desk> {
  const redis = await openRedis(address);
  return {
    redeem: async (redemption: Redemption) => {
      const { memberKey, saleId, orderId, quantity, epoch, nowMs } = redemption;
      const reply = await redis.redeem(
        keys.order(memberKey, orderId),
        keys.member(memberKey),
        keys.sale(saleId),
        keys.ledger(memberKey),
        saleId,
        orderId,
        quantity,
        epoch,
        nowMs,
      );
      return wordOf(reply);
    },
    take: async (redemption: Redemption) => {
      const { memberKey, saleId, orderId, quantity, epoch, nowMs } = redemption;
      const reply = await redis.take(
        keys.order(memberKey, orderId),
        keys.member(memberKey),
        keys.sale(saleId),
        saleId,
        orderId,
        quantity,
        epoch,
        nowMs,
      );
      return wordOf(reply);
    },
    close: async () => redis.disconnect(),
  };
}
