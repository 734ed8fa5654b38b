/** Staff: opens the books before anything may go wrong, and interferes while it does. */
import { grantAll, requestsOf } from "../../worker/accounts/grant-approvals.ts";
import { LIMITS } from "../../worker/kernel/limits.ts";
import { openSpending, POINTS_TO_SPEND } from "./cash/spending.ts";
import { bringCodes, openCards, openGoods } from "./cash/cards.ts";
import type { CashPlan } from "./cash/plan.ts";
import { openStore } from "./cash/rights.ts";
import type { Reply, World } from "./world.ts";

const PAY_TERMS = "/api/v1/staff/finance/settings/terms";
const FINANCE = "/api/v1/staff/finance";

export class Staff {
  readonly #world: World;
  readonly #token: string;
  saleId = "";
  standingSaleId = "";
  /** Units that staff ever brought in. */
  broughtIn = 0;
  isDone = false;
  #proposals = 0;

  constructor(world: World) {
    this.#world = world;
    this.#token = world.token("staff", "staff");
  }

  async open(): Promise<void> {
    const { cash, plan, skuId, opensAtMs } = this.#world;
    const priceFen = cash?.priceFen ?? 0;
    if (cash) await this.must("PUT", PAY_TERMS, { flashMinutes: 1, standingMinutes: 1 });
    if (cash) await this.#openGoods(cash);
    const sku = await this.#must("/skus", {
      skuId,
      title: "Cup",
      units: plan.units + plan.spareUnits,
      pricePoints: plan.pricePoints,
      priceFen,
      limitPerMember: plan.limitPerMember,
      quantityMax: plan.quantityMax,
    });
    this.standingSaleId = String(sku.body["standingSaleId"]);
    const draft = await this.#must("/sales", {
      skuId,
      pricePoints: plan.pricePoints,
      priceFen,
      units: plan.units,
      limitPerMember: plan.limitPerMember,
      dailyLimitPerMember: plan.dailyLimitPerMember,
      quantityMax: plan.quantityMax,
      dailyUnits: plan.dailyUnits,
      opensAtMs,
      closesAtMs: opensAtMs + plan.openForMs,
    });
    this.saleId = String(draft.body["saleId"]);
    this.broughtIn = plan.units + plan.spareUnits;
    await this.#must(`/sales/${this.saleId}/schedule`);
    if (cash?.spends) await openSpending((...call) => this.must(...call));
    await this.#grantLots();
  }

  async #openGoods({ goods }: CashPlan): Promise<void> {
    const must = (...call: Parameters<Staff["must"]>): Promise<Reply> => this.must(...call);
    if (goods !== "physical") await openGoods(this.#world, goods, must);
    if (goods === "card_code") await openCards(this.#world, must);
    if (goods === "local_service" || goods === "coupon") await openStore(this.#world, must);
  }

  /** As staff do: the first member's by hand, a crowd's in bulk. */
  async #grantLots(): Promise<void> {
    const { cash, env, opensAtMs, plan, programmeId } = this.#world;
    const more = cash?.spends ? [{ points: POINTS_TO_SPEND, lapsesAtMs: null }] : [];
    const [first, ...others] = plan.members.map(({ memberId, lots }) => ({
      memberId,
      grants: [...lots, ...more].map(({ points, lapsesAtMs }, at) => ({
        points,
        reason: "for the sale",
        internalNote: "",
        storeId: null,
        expiresAtMs: lapsesAtMs === null ? null : opensAtMs + lapsesAtMs,
        pendingUntilMs: null,
        idempotencyKey: `lot-${at}`,
      })),
    }));
    for (const { pendingUntilMs: _later, ...grant } of first?.grants ?? [])
      await this.#must(`/members/${first?.memberId}/grants`, grant);
    const requests = others.flatMap(({ memberId, grants }) =>
      grants.flatMap((grant) =>
        requestsOf(programmeId, { memberIds: [memberId], ...grant }, "staff:staff"),
      ),
    );
    while (requests.length > 0) await grantAll(env, requests.splice(0, LIMITS.bulkGrantsMax));
  }

  /** What staff does in the rush. Ends when it has done it all. */
  async interfere(): Promise<void> {
    const world = this.#world;
    const { faults, random } = world.sim;
    const scripts: Promise<void>[] = [];
    const at = async (fromMs: number, spanMs: number, act: () => Promise<unknown>) => {
      await this.#until(world.opensAtMs + fromMs + random.next() * spanMs);
      await act();
    };
    if (faults.strikes("restock_race")) {
      const units = 1 + random.below(Math.max(2, Math.ceil(world.plan.units / 3)));
      scripts.push(at(0, random.pick([60, 600, 6_000]), () => this.#restock(units)));
    }
    if (faults.strikes("wave_race")) {
      for (let wave = 0; wave < 3; wave += 1) {
        scripts.push(at(100, 10_000, () => this.command("wave")));
      }
    }
    if (faults.strikes("pause_race")) {
      scripts.push(
        at(0, 4_000, async () => {
          await this.command("pause");
          await world.sleep(random.next() * 4_000);
          await this.command("resume");
        }),
      );
    }
    if (faults.strikes("close_race")) {
      scripts.push(at(20, random.pick([300, 9_000]), () => this.endEarly()));
    }
    if (faults.strikes("extend_race")) {
      const closesAtMs = world.opensAtMs + world.plan.openForMs + 1_000 * (1 + random.below(9));
      scripts.push(at(0, 9_000, () => this.command("extend", { closesAtMs })));
    }
    if (world.cash?.goods === "card_code") {
      const send = (path: string, codes: string): Promise<Reply | null> =>
        world.http("staff", this.#token, "POST", path, codes);
      const lateMs = world.cash.random.next() * 20_000;
      scripts.push(world.sleep(lateMs).then(() => bringCodes(world, send)));
    }
    await Promise.all(scripts);
    this.isDone = true;
  }

  command(kind: string, body?: unknown): Promise<Reply | null> {
    return this.#send(`/sales/${this.saleId}/${kind}`, body);
  }

  /** Ends the sale before its hour: one proposes it, another agrees. */
  async endEarly(): Promise<void> {
    const approvalId = `early-end-${this.#proposals++}-of-${this.saleId.length}`;
    const reply = await this.command("early-end", { approvalId, reason: "enough" });
    // An earlier proposal that nobody agreed to yet is named by the answer: that one waits.
    const waiting = String(reply?.body["approvalId"] ?? approvalId);
    const path = `/api/v1/staff/approvals/${waiting}/approve`;
    const second = this.#world.token("second", "staff");
    await this.#world.http("second", second, "POST", path, { note: "" });
  }

  /** Money that waits for a decision is sent back, as the page says. Answers how many moves there were. */
  async repairMoney(): Promise<number> {
    const reply = await this.#world.http("staff", this.#token, "GET", FINANCE);
    const troubled = (reply?.body["troubled"] ?? []) as readonly Record<string, string>[];
    for (const { memberId, orderId, moveId } of troubled) {
      const path = `${FINANCE}/moves/${memberId}/${orderId}/${moveId}/repair`;
      await this.#world.http("staff", this.#token, "POST", path);
    }
    return troubled.length;
  }

  async waveAll(): Promise<void> {
    await this.command("wave");
    await this.#send(`/sales/${this.standingSaleId}/wave`);
  }

  /** A restock adds each time it is heard, so staff looks at the books before repeating one; here it is sent once. */
  async #restock(units: number): Promise<void> {
    await this.command("restock", { units });
  }

  async #until(atMs: number): Promise<void> {
    await this.#world.sleep(Math.max(0, atMs - this.#world.nowMs));
  }

  #send(path: string, body?: unknown): Promise<Reply | null> {
    return this.#world.http("staff", this.#token, "POST", `/api/v1/staff${path}`, body);
  }

  #must(path: string, body?: unknown): Promise<Reply> {
    return this.must("POST", `/api/v1/staff${path}`, body);
  }

  /** Of the set-up: before anything may go wrong, nothing is refused. */
  async must(method: "POST" | "PUT", path: string, body?: unknown): Promise<Reply> {
    const reply = await this.#world.http("staff", this.#token, method, path, body);
    if (!reply || reply.status >= 300) {
      throw new Error(`staff could not ${path}: ${JSON.stringify(reply?.body)}`);
    }
    return reply;
  }
}
