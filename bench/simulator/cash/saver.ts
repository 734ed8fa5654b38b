/** A member who leaves money with the merchant: begins to pay it in, pays, forgets, asks whether it came. */
import { paymentIdOf } from "../../../worker/payments/begin.ts";
import type { ProviderName } from "../../../worker/payments/provider.ts";
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Reply, World } from "../world.ts";
import { insist, pause, type Method } from "./insist.ts";
import type { CashPlan } from "./plan.ts";

const PATH = "/api/v1/me/stored-value/top-ups";
const TOP_UPS_MAX = 2;

export class Saver {
  isDone = false;
  readonly #world: World;
  readonly #provider: ProviderName;
  readonly #random: Random;
  readonly #memberId: string;
  readonly #token: string;

  constructor(world: World, { provider, random }: CashPlan, memberId: string) {
    this.#world = world;
    this.#provider = provider;
    this.#random = random;
    this.#memberId = memberId;
    this.#token = world.token(memberId, "member");
  }

  async live(): Promise<void> {
    const random = this.#random;
    const topUps = 1 + random.below(TOP_UPS_MAX);
    for (let serial = 0; serial < topUps; serial += 1) {
      await pause(this.#world, random, serial === 0 ? 3_000 : 20_000);
      await this.#bringIn(`top-up-${serial}-of-savings`, random.pick([100, 700, 5_000, 20_000]));
    }
    this.isDone = true;
  }

  async #bringIn(topUpId: string, amountFen: number): Promise<void> {
    const random = this.#random;
    const way = { provider: this.#provider, scene: "h5" } as const;
    const begun = await this.#ask("POST", PATH, { topUpId, amountFen, ...way });
    if (begun?.status !== 201 || random.chance(0.1)) return;
    await this.#world.bank?.opens(begun.body["handOver"]);
    await pause(this.#world, random, 4_000);
    const memberKey = `${this.#world.programmeId}:${this.#memberId}`;
    const named = paymentIdOf(memberKey, `top-up ${topUpId}`, `${way.provider} ${way.scene}`);
    await this.#world.bank?.pays(named);
    if (random.chance(0.5)) return;
    await pause(this.#world, random, 2_000);
    await this.#ask("POST", `${PATH}/${topUpId}/check`);
  }

  #ask(method: Method, path: string, body?: object): Promise<Reply | null> {
    const who = `saver ${this.#memberId}`;
    return insist(this.#world, this.#random, { who, token: this.#token, method, path, body });
  }
}
