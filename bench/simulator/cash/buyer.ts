/**
 * One granted order until somebody is done with it: its member pays in one way or two, in time, late or never, cancels, asks for
 * a refund, sends back; staff ship, decide, take back. Each does it whatever the others do.
 */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Witness } from "../witness.ts";
import type { Reply, World } from "../world.ts";
import { insist, pause, type Method } from "./insist.ts";
import type { CashPlan } from "./plan.ts";
import { Visit } from "./rights.ts";
import { choosesTender } from "./tendering.ts";

const ROUNDS_MAX = 6;
const LOOK_EVERY_MS = 15_000;
const WAITING = new Set(["awaiting_payment", "issuing"]);
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
  readonly #visit: Visit;
  #visits = 0;

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
    this.#visit = new Visit(world, witness, cash.random, memberId);
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
    if (this.#cash.goods === "virtual") await this.#saysWhere();
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

  #account(): Promise<Reply | null> {
    return this.#insist("PUT", `${this.#path}/account`, { account: RECIPIENT.phone });
  }

  /** Nothing is topped up for whoever never says where. */
  async #saysWhere(): Promise<void> {
    for (;;) {
      const state = (await this.#look())?.["state"];
      if (state === "issuing" && (await this.#account()) !== null) return;
      if (state !== undefined && !WAITING.has(String(state))) return;
      await this.#world.sleep(LOOK_EVERY_MS);
    }
  }

  async #pay(): Promise<void> {
    const random = this.#random;
    if (random.chance(0.12)) return;
    // A page that is open twice may choose while the other one begins to pay.
    const choice = this.#cash.spends ? this.#tender() : null;
    if (random.chance(0.8)) await choice;
    const first = await this.#begin("h5");
    await choice;
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

  async #tender(): Promise<void> {
    const random = this.#random;
    const ask = this.#insist.bind(this);
    if (random.chance(0.8)) await choosesTender(random, this.#path, ask);
    if (random.chance(0.3)) {
      await this.#pause(3_000);
      await choosesTender(random, this.#path, ask);
    }
  }

  async #begin(scene: "h5" | "qr"): Promise<Begun | null> {
    const provider = scene === "h5" ? this.#cash.provider : "wechat";
    const body = { provider, scene };
    const reply = await this.#insist("POST", `${this.#path}/payments`, body);
    if (reply?.status !== 201) return null;
    const { handOver, paymentId, payByMs } = reply.body;
    if (this.#cash.opensLate) await this.#pause(8_000);
    await this.#world.bank?.opens(handOver);
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
    this.#witness.heard.state(this.#memberKey, this.#orderId, String(reply.body["state"]));
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
        return true;
      case "issuing":
        await Promise.all([
          this.#cash.goods === "virtual" && random.chance(0.7) && this.#account(),
          random.chance(0.2) && this.#cancel(random.next() * 3_000),
        ]);
        return true;
      case "to_write_off":
        await Promise.all([
          random.chance(0.7) && this.#visit.of(this.#orderId, this.#visits++),
          random.chance(0.15) && this.#cancel(random.next() * 100),
          random.chance(0.2) && this.#apply(order, cases.length, ["refund"]),
        ]);
        return true;
      case "to_ship":
        if (random.chance(0.2)) await this.#cancel(0);
        else if (random.chance(0.15)) await this.#apply(order, cases.length, ["refund"]);
        else await this.#ship();
        return true;
      case "shipped":
      case "received":
        if (random.chance(0.3)) await this.#insist("POST", `${this.#path}/receive`);
        if (this.#cash.goods === "coupon" && random.chance(0.6))
          await this.#visit.of(this.#orderId, this.#visits++);
        if (this.#cash.goods === "card_code" && random.chance(0.6)) await this.#reveal(order);
        if (random.chance(0.5)) return false;
        await this.#apply(order, cases.length, ["refund", "return", "exchange"]);
        return true;
      default:
        return false;
    }
  }

  async #apply(order: SeenOrder, serial: number, kinds: readonly string[]): Promise<void> {
    // Only what is sent is given back in part.
    const quantity = this.#cash.goods === "physical" ? 1 : Number(order["quantity"]);
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
      return this.#witness.heard.codes(this.#memberKey, this.#orderId, quantity, codes);
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
    return pause(this.#world, this.#random, spanMs);
  }

  #insist(
    method: Method,
    path: string,
    body?: object,
    token = this.#member,
  ): Promise<Reply | null> {
    const who = token === this.#member ? `buyer ${this.#memberId}` : "clerk";
    return insist(this.#world, this.#random, { who, token, method, path, body });
  }
}
