/**
 * One granted order until somebody is done with it: its member pays in one way or two, in time, late or never, cancels, asks for
 * a refund, sends back; staff ship, decide, take back. Each does it whatever the others do.
 */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Witness } from "../witness.ts";
import type { Reply, World } from "../world.ts";
import type { CashPlan } from "./plan.ts";

const TRIES_MAX = 4;
const ROUNDS_MAX = 6;
const DISTRICT = "350203";
const RECIPIENT = {
  name: "Huang",
  phone: "13612340415",
  regionCode: DISTRICT,
  detail: "26 Zhenhai Road, 301",
};

interface Begun {
  readonly paymentId: string;
  readonly payByMs: number;
}

/** As its member sees it. */
type SeenOrder = Readonly<Record<string, unknown>>;

export class Buyer {
  isDone = false;
  readonly #world: World;
  readonly #witness: Witness;
  readonly #cash: CashPlan;
  readonly #random: Random;
  readonly #memberId: string;
  readonly #memberKey: string;
  readonly #orderId: string;
  readonly #member: string;
  readonly #staff: string;

  constructor(world: World, witness: Witness, cash: CashPlan, memberId: string, orderId: string) {
    this.#world = world;
    this.#witness = witness;
    this.#cash = cash;
    this.#random = cash.random;
    this.#memberId = memberId;
    this.#memberKey = `${world.programmeId}:${memberId}`;
    this.#orderId = orderId;
    this.#member = world.token(memberId, "member");
    this.#staff = world.token("clerk", "staff");
  }

  async live(): Promise<void> {
    const random = this.#random;
    if (this.#cash.goods === "physical" && random.chance(0.8)) await this.#address();
    const scripts = [this.#pay()];
    if (random.chance(0.35)) scripts.push(this.#cancel(random.next() * 30_000));
    await Promise.all(scripts);
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      if (!(await this.#goOn(await this.#look()))) break;
      await this.#pause(2_000);
    }
    this.isDone = true;
  }

  // ---- the member

  async #address(): Promise<void> {
    const addressId = `home-address-of-${this.#memberId}`;
    await this.#insist("PUT", `/api/v1/me/addresses/${addressId}`, {
      ...RECIPIENT,
      isDefault: true,
    });
    await this.#insist("PUT", `${this.#path}/address`, { addressId });
  }

  async #pay(): Promise<void> {
    const random = this.#random;
    if (random.chance(0.12)) return;
    const first = await this.#begin("h5");
    const second = random.chance(0.2) ? await this.#begin("qr") : null;
    if (first && random.chance(0.4)) await this.#until(first.payByMs - 700 + random.next() * 900);
    else await this.#pause(6_000);
    for (const begun of [first, second]) {
      if (begun) await this.#world.bank?.pays(begun.paymentId);
    }
    if (random.chance(0.4)) {
      await this.#pause(1_000);
      await this.#insist("POST", `${this.#path}/payments/check`);
    }
  }

  async #begin(scene: "h5" | "qr"): Promise<Begun | null> {
    const body = { provider: "wechat", scene };
    const reply = await this.#insist("POST", `${this.#path}/payments`, body);
    if (reply?.status !== 201) return null;
    const { paymentId, payByMs } = reply.body;
    return { paymentId: String(paymentId), payByMs: Number(payByMs) };
  }

  async #cancel(afterMs: number): Promise<void> {
    await this.#world.sleep(afterMs);
    await this.#insist("POST", `${this.#path}/cancel`);
  }

  /** The order as its member sees it. */
  async #look(): Promise<SeenOrder | null> {
    const reply = await this.#insist("GET", this.#path);
    if (reply?.status !== 200) return null;
    this.#witness.saw(this.#memberKey, this.#orderId, String(reply.body["state"]));
    return reply.body;
  }

  // ---- what comes next

  /** False: there is nothing more to do. */
  async #goOn(order: SeenOrder | null): Promise<boolean> {
    const random = this.#random;
    const cases = (order?.["afterSales"] ?? []) as readonly { caseId: string; state: string }[];
    const open = cases.find(({ state }) => ["applied", "agreed", "sent_back"].includes(state));
    if (open) return this.#decide(open.caseId, open.state);
    switch (order?.["state"]) {
      case undefined:
      case "awaiting_payment":
      case "issuing":
        return true;
      case "to_ship":
        if (random.chance(0.2)) await this.#cancel(0);
        else if (random.chance(0.15)) await this.#apply(order, cases.length, ["refund"]);
        else await this.#ship();
        return true;
      case "shipped":
      case "received":
        if (random.chance(0.3)) await this.#insist("POST", `${this.#path}/receive`);
        if (this.#cash.goods === "card_code" && random.chance(0.6)) await this.#reveal(order);
        if (random.chance(0.5)) return false;
        await this.#apply(order, cases.length, ["refund", "return", "exchange"]);
        return true;
      default:
        return false;
    }
  }

  async #apply(order: SeenOrder, serial: number, kinds: readonly string[]): Promise<void> {
    // Codes are given back with their whole order.
    const quantity = this.#cash.goods === "card_code" ? Number(order["quantity"]) : 1;
    const body = {
      caseId: `case-${serial}-${this.#orderId}`.slice(0, 40),
      ...{ kind: this.#random.pick(kinds), quantity, reason: "broken" },
    };
    await this.#insist("POST", `${this.#path}/after-sales`, body);
  }

  /** The side whose turn it is does something, or is silent. */
  async #decide(caseId: string, state: string): Promise<boolean> {
    const random = this.#random;
    if (random.chance(0.1)) return false;
    const note = { note: "as agreed" };
    const desk = `/api/v1/staff/after-sales/${this.#memberId}/${this.#orderId}/${caseId}`;
    const own = `${this.#path}/after-sales/${caseId}`;
    if (state === "agreed") {
      await this.#insist("POST", `${own}/send-back`, { trackingNo: "SF1234567890" });
    } else if (state === "applied" && random.chance(0.15)) {
      await this.#insist("POST", `${own}/withdraw`, { trackingNo: "" });
    } else {
      const steps =
        state === "applied"
          ? ["agree", "agree-refund", "agree-refund", "refuse"]
          : ["take-back", "take-back", "replace", "refuse-goods"];
      await this.#insist("POST", `${desk}/${random.pick(steps)}`, note, this.#staff);
    }
    return true;
  }

  /** Whoever heard no answer looks again, and says why. */
  async #reveal(order: SeenOrder): Promise<void> {
    for (const reason of ["", "no answer came"]) {
      const reply = await this.#insist("POST", `${this.#path}/codes/reveal`, { reason });
      if (reply?.status !== 200) continue;
      const codes = (reply.body["codes"] ?? []) as readonly string[];
      const quantity = Number(order["quantity"]);
      return this.#witness.codesTold(this.#memberKey, this.#orderId, quantity, codes);
    }
  }

  async #ship(): Promise<void> {
    const path = `/api/v1/staff/orders/${this.#memberId}/${this.#orderId}/shipments`;
    const shipmentId = `parcel-of-${this.#memberId}-${this.#orderId}`.slice(0, 40);
    const parcel = { shipmentId, carrier: "shunfeng", trackingNo: "SF1234567890123" };
    await this.#insist("POST", path, parcel, this.#staff);
  }

  // ----

  get #path(): string {
    return `/api/v1/orders/${this.#orderId}`;
  }

  /** By the clock of the bank; an hour too many is somebody else's clock. */
  #until(atMs: number): Promise<void> {
    return this.#world.sleep(Math.min(75_000, Math.max(0, atMs - this.#world.nowMs)));
  }

  #pause(spanMs: number): Promise<void> {
    return this.#world.sleep(100 + this.#random.next() * spanMs);
  }

  /** Until somebody answers, at times twice at once. Null: nobody did. */
  async #insist(
    method: "GET" | "POST" | "PUT",
    path: string,
    body?: object,
    token = this.#member,
  ): Promise<Reply | null> {
    const who = token === this.#member ? `buyer ${this.#memberId}` : "clerk";
    const send = (): Promise<Reply | null> => this.#world.http(who, token, method, path, body);
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const isTwice = method !== "GET" && this.#world.sim.faults.strikes("double_tap");
      const twin = isTwice ? send() : null;
      const reply = await send();
      await twin;
      if (reply && reply.status < 500 && reply.status !== 429 && reply.status !== 202) return reply;
      await this.#pause(3_000);
    }
    return null;
  }
}
