/** Fixed things of a search: terms, keys, masks, moments. Shared by the parts of the world. */
import { orderKeyOf } from "../../worker/kernel/ids.ts";
import type { SaleTerms } from "../../worker/redemption/model.ts";
import type { Bounds, OrderPlan } from "./bounds.ts";
import { MessageTable } from "./messages.ts";
import type { Rules } from "./rules.ts";

export const OPENS_AT_MS = 1_000;
const NEVER_MS = 1_000_000_000_000;
/** A draft has epoch 0 and no client sees one; scheduling raises it. */
export const FIRST_EPOCH = 1;

export class Scene {
  readonly bounds: Bounds;
  readonly rules: Rules;
  readonly messages: MessageTable;
  readonly terms: SaleTerms;
  readonly members: number;
  readonly quantityMax: number;
  readonly #keys: readonly string[];

  constructor(bounds: Bounds, rules: Rules) {
    this.bounds = bounds;
    this.rules = rules;
    this.messages = new MessageTable(bounds.messagesMax);
    this.members = 1 + Math.max(...bounds.orders.map((plan) => plan.member));
    this.quantityMax = Math.max(...bounds.orders.map((plan) => plan.quantity));
    this.terms = termsOf(bounds, this.quantityMax);
    this.#keys = bounds.orders.map((_, at) => {
      const memberKey = rules.identity === "notice_by_text" ? "m" : this.memberKey(at);
      return orderKeyOf({ memberKey, orderId: this.orderId(at) });
    });
  }

  plan(at: number): OrderPlan {
    const plan = this.bounds.orders[at];
    if (!plan) throw new RangeError(`no order ${at}`);
    return plan;
  }

  memberKey(at: number): string {
    return `demo:m${this.plan(at).member}`;
  }

  /**
   * The client's text; two members may send the same. Chosen so that the product's filter has no false presents among
   * the keys of any bounds: a search tries false presents itself, and all of them.
   */
  orderId(at: number): string {
    return this.plan(at).idText ?? `redemption-${at}`;
  }

  /** How a notice names an order. */
  noticeKey(at: number): string {
    return this.#keys[at] ?? "";
  }

  bucketOf(at: number): number {
    return this.plan(at).member % this.bounds.buckets;
  }

  /** Orders of other members under the same text. */
  twinsOf(at: number): readonly number[] {
    const { idText } = this.plan(at);
    if (idText === undefined) return [];
    return this.bounds.orders.flatMap((plan, other) =>
      other !== at && plan.idText === idText ? [other] : [],
    );
  }

  /** The epoch that a request of this order names, counted as the sale counts. */
  namedEpoch(at: number): number {
    return FIRST_EPOCH + this.plan(at).seenEpoch;
  }

  /** Positions of all orders. */
  get orders(): IterableIterator<number> {
    return this.bounds.orders.keys();
  }

  /** Every set of orders for which a Bloom filter may say `present` though it was not told of them. */
  falsePresents(): readonly number[] {
    if (this.rules.noticeForm === "list") return [];
    const count = this.bounds.orders.length;
    if (count > 3) return Array.from({ length: count }, (_, at) => 1 << at);
    return Array.from({ length: (1 << count) - 1 }, (_, at) => at + 1);
  }
}

function termsOf(bounds: Bounds, quantityMax: number): SaleTerms {
  return {
    saleId: "demo.sku~1",
    skuKey: "demo.sku",
    kind: "flash",
    title: "",
    subtitle: "",
    picture: "",
    groundColor: "",
    pricePoints: 1,
    priceFen: 0,
    marketPriceFen: null,
    limitPerMember: bounds.limit,
    dailyLimitPerMember: null,
    quantityMax,
    dailyUnits: null,
    opensAtMs: OPENS_AT_MS,
    closesAtMs: NEVER_MS,
    waveIntervalMs: NEVER_MS,
    zoneOffsetMs: 0,
    version: 1,
  };
}

/** What a part of the world did with a message: its state after it and what it sent. */
export interface Step<S> {
  readonly state: S;
  readonly sends: readonly number[];
}

/** A named invariant that a transition itself breaks. */
export class Breach extends Error {
  override readonly name = "Breach";
}
