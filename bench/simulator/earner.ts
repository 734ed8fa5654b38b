/** A member who earns, and the systems that report it: every request is repeated under its own id until it is answered. */
import { ruleOf } from "../../worker/testing/points/earning.ts";
import { checkInBody, publishWith } from "../../worker/testing/points/programme.ts";
import type { EarnAct, Earning } from "./earning-plan.ts";
import type { Witness } from "./witness.ts";
import type { Reply, World } from "./world.ts";

const TRIES_MAX = 60;
const EARNING = "/api/v1/staff/earning";

/** What the programme says: a point for each whole yuan, points that lapse with the month, five for a check-in. */
export async function publishTerms(
  must: (method: "POST" | "PUT", path: string, body: object) => Promise<unknown>,
): Promise<void> {
  await must("PUT", `${EARNING}/terms/earn`, {
    ...{ zoneOffsetMs: 28_800_000, rounding: "floor", walletCaps: [], pending: { kind: "none" } },
    expiry: { kind: "after", amount: 0, unit: "months", rounding: { kind: "month_end" } },
  });
  await must("PUT", `${EARNING}/terms/check_in`, checkInBody());
  await publishWith(must, "rules", ruleOf({ ruleId: "spend", title: "Spend" }));
}

export class Earner {
  isDone = false;
  readonly #world: World;
  readonly #witness: Witness;
  readonly #earning: Earning;
  readonly #staff: string;
  readonly #member: string;
  #serial = 0;

  constructor(world: World, witness: Witness, earning: Earning) {
    this.#world = world;
    this.#witness = witness;
    this.#earning = earning;
    this.#staff = world.token("till", "staff");
    this.#member = world.token(earning.memberId, "member");
  }

  get memberKey(): string {
    return `${this.#world.programmeId}:${this.#earning.memberId}`;
  }

  async live(): Promise<void> {
    const { startsAtMs, acts } = this.#earning;
    await this.#world.sleep(Math.max(0, this.#world.opensAtMs + startsAtMs - this.#world.nowMs));
    for (const act of acts) await this.#do(act);
    this.isDone = true;
  }

  #do(act: EarnAct): Promise<void> {
    if (act.kind === "order") return this.#order(act.amountFen, act.returnsFen);
    return act.kind === "check_in" ? this.#checkIn() : this.#clawBack(act.points);
  }

  #id(word: string): string {
    this.#serial += 1;
    // Members share the texts of their ids on purpose: the identity is the pair.
    return `${word}-${this.#serial}-of-anyone`;
  }

  async #order(amountFen: number, returnsFen: readonly number[]): Promise<void> {
    const { memberId } = this.#earning;
    // By a clock that is behind, an order of this moment lies in the future; systems report a little late.
    const atMs = Math.floor(this.#world.nowMs) - 1_000;
    const order = this.#id("order");
    const eventIds: string[] = [];
    const lines = [{ productId: "p", categoryIds: [], labels: [], amountFen }];
    const reply = await this.#insist(this.#staff, `${EARNING}/events`, (attempt) => {
      // A mutant's till takes every try for another order.
      const isFresh = attempt > 0 && !this.#world.sim.law.clientsKeepIds;
      if (eventIds.length === 0 || isFresh) eventIds.push(isFresh ? `${order}-${attempt}` : order);
      return { eventId: eventIds.at(-1), memberId, kind: "order", atMs, lines };
    });
    const points = Math.floor(amountFen / 100);
    this.#witness.ordered({ memberKey: this.memberKey, eventIds, points, isTold: isTold(reply) });
    if (!isTold(reply)) return;
    const told = Number(reply.body["points"]);
    this.#witness.demand("E1", told === points, () => `${order} was told ${told} of ${points}`);
    for (const returnedFen of returnsFen) await this.#return(eventIds.at(-1) ?? order, returnedFen);
  }

  async #return(eventId: string, amountFen: number): Promise<void> {
    const returnId = this.#id("return");
    const { memberId } = this.#earning;
    const path = `${EARNING}/events/${eventId}/returns`;
    const reply = await this.#insist(this.#staff, path, () => ({ memberId, returnId, amountFen }));
    if (!isTold(reply)) return;
    const naturalKey = `return:${eventId}:${returnId}`;
    const points = Number(reply.body["taken"]);
    this.#witness.took({ memberKey: this.memberKey, naturalKey, points });
  }

  async #checkIn(): Promise<void> {
    const requestId = this.#id("check-in");
    await this.#insist(this.#member, "/api/v1/me/check-in", () => ({ requestId }));
  }

  async #clawBack(points: number): Promise<void> {
    const requestId = this.#id("claw-back");
    const path = `/api/v1/staff/members/${this.#earning.memberId}/points/claw-back`;
    const reply = await this.#insist(this.#staff, path, () => {
      return { requestId, points, customerNote: "sent back" };
    });
    if (!isTold(reply)) return;
    const entry = reply.body["entry"] as { readonly points: number };
    const naturalKey = `clawback:${requestId}`;
    this.#witness.took({ memberKey: this.memberKey, naturalKey, points: 0 - entry.points });
  }

  /** A clock that is off may find that an order lies in the future; nothing else of this is ever refused. */
  #heard(path: string, reply: Reply): Reply {
    const isRight = reply.status < 300 || (reply.status === 422 && path.endsWith("/events"));
    this.#witness.demand("E1", isRight, () => `${path} was answered ${reply.status}`);
    return reply;
  }

  /** Until somebody answers; twice at the same time, now and then. Null: nobody ever did. */
  async #insist(
    token: string,
    path: string,
    bodyOf: (attempt: number) => object,
  ): Promise<Reply | null> {
    const { faults, random } = this.#world.sim;
    const who = `till of ${this.#earning.memberId}`;
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const body = bodyOf(attempt);
      const send = (): Promise<Reply | null> => this.#world.http(who, token, "POST", path, body);
      const twice = faults.strikes("double_tap") ? send() : null;
      const reply = await send();
      await twice;
      if (reply && reply.status < 500 && reply.status !== 429) return this.#heard(path, reply);
      await this.#world.sleep(500 + random.next() * 2_000);
    }
    return null;
  }
}

function isTold(reply: Reply | null): reply is Reply {
  return reply !== null && reply.status < 300;
}
