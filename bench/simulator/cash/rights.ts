/** Goods that are a right at a store: staff open it, members show its codes, two clerks write them off, one is sorry. */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Witness } from "../witness.ts";
import type { Reply, World } from "../world.ts";
import { insist, pause } from "./insist.ts";

type Must = (method: "POST" | "PUT", path: string, body?: unknown) => Promise<unknown>;

const STORE = "the-only-store";
/** Of one voucher. */
const USES = 3;

export async function openStore(world: World, must: Must): Promise<void> {
  await must("POST", "/api/v1/staff/brands", { brandId: "tea", name: "Tea", storeMaySet: [] });
  const store = { storeId: STORE, brandId: "tea", name: "Zhenhai Road", address: "26" };
  await must("POST", "/api/v1/staff/stores", store);
  await must("PUT", `/api/v1/staff/delivery-terms/${world.skuId}`, {
    ...{ freightTemplateId: null, validDays: 30, storeIds: null, lowStockAt: 5, product: "" },
    usesPerUnit: USES,
  });
}

interface Shown {
  readonly voucherId: string;
  readonly state: string;
  readonly usesTotal: number;
}

export class Visit {
  readonly #world: World;
  readonly #witness: Witness;
  readonly #random: Random;
  readonly #memberId: string;

  constructor(world: World, witness: Witness, random: Random, memberId: string) {
    this.#world = world;
    this.#witness = witness;
    this.#random = random;
    this.#memberId = memberId;
  }

  /** The member shows one voucher of an order, and one clerk or two write it off. */
  async of(orderId: string, serial: number): Promise<void> {
    const random = this.#random;
    const token = this.#world.token(this.#memberId, "member");
    const look = (path: string): Promise<Reply | null> =>
      this.#ask({ who: `guest ${this.#memberId}`, token, method: "GET", path });
    const delivery = await look(`/api/v1/orders/${orderId}/delivery`);
    const vouchers = (delivery?.body["vouchers"] ?? []) as readonly Shown[];
    const live = vouchers.filter(({ state }) => state === "live");
    if (live.length === 0) return;
    const { usesTotal, voucherId } = random.pick(live);
    const shown = await look(`/api/v1/me/vouchers/${voucherId}/codes`);
    const [first] = (shown?.body["codes"] ?? []) as readonly { readonly code: string }[];
    if (!first) return;
    const name = `use-${serial}-of-${this.#memberId}-${orderId}`;
    const uses = 1 + random.below(usesTotal);
    const clerks = random.chance(0.6) ? ["a", "b"] : ["a"];
    await Promise.all(
      clerks.map((clerk) =>
        this.#writeOff(clerk, `${clerk}-${name}`.slice(0, 40), first.code, uses),
      ),
    );
  }

  async #writeOff(clerk: string, writeOffId: string, code: string, uses: number): Promise<void> {
    const random = this.#random;
    const token = this.#world.token(`clerk-${clerk}`, "staff");
    const act = { who: `clerk ${clerk}`, token, method: "POST" } as const;
    const body = { writeOffId, code, storeId: STORE, uses };
    const reply = await this.#ask({ ...act, path: "/api/v1/staff/write-offs", body });
    if (reply?.status !== 200) return;
    this.#witness.heard.writeOff(writeOffId, "done");
    if (!random.chance(0.25)) return;
    await pause(this.#world, random, 3_000);
    const path = `/api/v1/staff/write-offs/${writeOffId}/reverse`;
    const asked = await this.#world.http(act.who, token, "POST", path, { reason: "a mistake" });
    const approvalId = asked?.body["approvalId"];
    if (asked?.status !== 202 || approvalId === undefined) return;
    const second = this.#world.token("second", "staff");
    const agreed = await this.#ask({
      ...{ who: "second", token: second, method: "POST", body: { note: "" } },
      path: `/api/v1/staff/approvals/${String(approvalId)}/approve`,
    });
    if (agreed?.status === 200 && agreed.body["state"] === "done") {
      this.#witness.heard.writeOff(writeOffId, "reversed");
    }
  }

  #ask(asked: Parameters<typeof insist>[2]): Promise<Reply | null> {
    return insist(this.#world, this.#random, asked);
  }
}
