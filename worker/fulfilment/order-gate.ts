/** The order's own authority, as fulfilment asks it: what an order is, and whether a step is still possible. */
import {
  accountOf,
  isOpenCase,
  unitsToSend,
  type AdvanceRequest,
  type LifeReply,
} from "../accounts/index.ts";
import type { GoodsKind } from "../kernel/goods-kind.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import type { OrderRef } from "./address-book.ts";
import { skuIdOf } from "./terms-store.ts";

export interface OrderFacts extends OrderRef {
  readonly saleId: string;
  readonly skuId: string;
  readonly title: string;
  readonly goodsKind: GoodsKind;
  readonly quantity: number;
  /** Of these, units that go out in parcels or went: all but those given back before they were sent. */
  readonly unitsToSend: number;
  readonly state: string;
  /** Its member asked for something back and nobody has decided yet. */
  readonly isInDispute: boolean;
  readonly createdAtMs: number;
}

export type Step = OrderRef & Omit<AdvanceRequest, "memberKey">;

export class OrderGate {
  readonly #env: Env;
  readonly #programmeId: string;

  constructor(env: Env, programmeId: string) {
    this.#env = env;
    this.#programmeId = programmeId;
  }

  /** Null: no granted order of this member. */
  async facts({ memberId, orderId }: OrderRef): Promise<OrderFacts | null> {
    const memberKey = memberKeyOf(this.#programmeId, memberId);
    const found = await accountOf(this.#env, memberKey).order(memberKey, orderId);
    if (!found?.order.grant) return null;
    const { order, life } = found;
    return {
      ...{ memberId, orderId, saleId: order.saleId, skuId: skuIdOf(order.saleId) },
      ...{ title: order.goods.title, quantity: order.quantity, createdAtMs: order.createdAtMs },
      unitsToSend: life ? unitsToSend(life) : 0,
      goodsKind: order.goodsKind,
      state: life?.state ?? "cancelled",
      isInDispute: life?.afterSales.some(isOpenCase) ?? false,
    };
  }

  advance({ memberId, ...step }: Step): Promise<LifeReply> {
    const memberKey = memberKeyOf(this.#programmeId, memberId);
    return accountOf(this.#env, memberKey).advanceOrder({ memberKey, ...step });
  }

  setFreight({ memberId, orderId }: OrderRef, freightFen: number): Promise<LifeReply> {
    const memberKey = memberKeyOf(this.#programmeId, memberId);
    return accountOf(this.#env, memberKey).setFreight(memberKey, orderId, freightFen);
  }
}

const GIVEN_BACK = new Set(["cancelled", "refunding", "refunded"]);
export const isGivenBack = ({ state }: OrderFacts): boolean => GIVEN_BACK.has(state);

/** Whether the order agreed, now or before. */
export const hasAgreed = ({ kind }: LifeReply): boolean =>
  kind === "advanced" || kind === "already";
