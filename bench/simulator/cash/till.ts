/**
 * Another till of the merchant's: points pay part of its bill. It asks, holds, captures whole or in part, voids, at times before
 * its own hold came, forgets a hold until it lapses, and takes goods back; each under its own id until it is answered.
 */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Witness } from "../witness.ts";
import type { Reply, World } from "../world.ts";
import { insist, pause } from "./insist.ts";

const BILLS_MAX = 3;
/** A hold lapses after a minute. */
const LAPSES_WITHIN_MS = 70_000;

export class Till {
  isDone = false;
  readonly #world: World;
  readonly #witness: Witness;
  readonly #random: Random;
  readonly #memberId: string;
  readonly #token: string;

  constructor(world: World, witness: Witness, random: Random, memberId: string) {
    this.#world = world;
    this.#witness = witness;
    this.#random = random;
    this.#memberId = memberId;
    this.#token = world.token("till", "staff");
  }

  get #memberKey(): string {
    return `${this.#world.programmeId}:${this.#memberId}`;
  }

  async live(): Promise<void> {
    const random = this.#random;
    const bills = 1 + random.below(BILLS_MAX);
    for (let bill = 0; bill < bills; bill += 1) {
      await pause(this.#world, random, 15_000);
      await this.#serve(`bill-${bill}-at-the-till`, 60 + random.below(600));
    }
    this.isDone = true;
  }

  async #serve(offsetId: string, billFen: number): Promise<void> {
    const random = this.#random;
    const hold = this.#ask("", { offsetId, billFen, note: "shoes" });
    // The till gave up while its hold was on the way.
    const isHasty = random.chance(0.15);
    const voided = isHasty ? this.#ask(`/${offsetId}/void`) : null;
    const held = await hold;
    await voided;
    if (isHasty || held === null) return void (await this.#ask(`/${offsetId}/void`));
    const points = Number(held.body["points"] ?? 0);
    if (held.status >= 300 || points === 0) return;
    await pause(this.#world, random, random.chance(0.3) ? LAPSES_WITHIN_MS : 5_000);
    if (random.chance(0.2)) return;
    if (random.chance(0.2)) return void (await this.#ask(`/${offsetId}/void`));
    // Conversions are of two points.
    const fewer = points > 2 && random.chance(0.4) ? 2 * (1 + random.below(points / 2)) : null;
    const captured = await this.#ask(`/${offsetId}/capture`, { points: fewer });
    if (captured?.status !== 200) return;
    let left = Number(captured.body["points"]);
    for (let serial = 0; left > 0 && random.chance(0.4); serial += 1) {
      const back = random.chance(0.5) ? left : 1 + random.below(left);
      const wish = { returnId: `return-${serial}`, points: back };
      const reply = await this.#ask(`/${offsetId}/returns`, wish);
      // It gave up asking; nobody at the till knows whether they went back.
      if (reply === null || reply.status >= 500) {
        this.#witness.heard.doubtReturn(this.#memberKey, offsetId, back);
      }
      left -= back;
    }
  }

  async #ask(more: string, body?: object): Promise<Reply | null> {
    const path = `/api/v1/staff/members/${this.#memberId}/offsets${more}`;
    const asked = { who: "till", token: this.#token, method: "POST", path, body } as const;
    const reply = await insist(this.#world, this.#random, asked);
    if (reply && reply.status < 300) this.#heard(reply);
    return reply;
  }

  #heard({ body }: Reply): void {
    this.#witness.heard.offset({
      memberKey: this.#memberKey,
      offsetId: String(body["offsetId"]),
      state: String(body["state"]),
      points: Number(body["points"]),
      returnedPoints: Number(body["returnedPoints"]),
    });
  }
}
