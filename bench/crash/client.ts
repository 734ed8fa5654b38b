/**
 * A member under a product that dies at any moment. Half of them give up at the first error and leave their order in
 * doubt; the others ask with the same order id until the answer is definite. Each remembers all it was told.
 */
import { readProblem, sleep, type Member, type TicketResponse } from "../load/api.ts";
import type { HttpClient, Reply } from "../load/http-client.ts";
import type { Random } from "../load/random.ts";
import { DoorVisit } from "./door-visit.ts";

/** One order id and what its member was told of it. */
export interface Attempt {
  readonly orderId: string;
  readonly quantity: number;
  readonly epoch: number;
  /** `exchanged`: its ticket was replaced by another, so it is void. `unknown`: nothing definite was heard. */
  outcome: "unknown" | "granted" | "refused" | "forgone" | "exchanged";
  /** Of a refusal. */
  code: string;
  /** The final answer word for word, where it came over HTTP. */
  reply: Reply | null;
  cancel: "no" | "asked" | "acknowledged";
}

export interface ClientPlan {
  readonly member: Member;
  readonly kind: "door" | "http";
  readonly quantity: number;
  /** Gives up at the first error. */
  readonly abandons: boolean;
  readonly cancels: boolean;
  readonly forgoes: boolean;
  /** After the start of the load (HTTP) or after the opening (door). */
  readonly tapsAfterMs: number;
  readonly random: Random;
}

export interface Shop {
  readonly http: HttpClient;
  readonly origin: string;
  readonly saleId: string;
  readonly opensAtMs: number;
  /** Prefix of this round's order ids. */
  readonly idPrefix: string;
  /** Until then a definite answer must be had. */
  deadlineMs: number;
  /** 5xx replies other than 503: the product should never send one. */
  readonly faults: string[];
}

/** Thrown inside a client that gives up. */
class GaveUp extends Error {}

const PATIENCE_MS = 3_000;
const ROUNDS_OF_STALE_MAX = 6;
const CALMER_MAX = 6;

export class CrashClient {
  readonly plan: ClientPlan;
  readonly attempts: Attempt[] = [];
  /** `willing` still wants units and has none. */
  state: "willing" | "served" | "gone" | "declined" | "late" = "willing";
  retries = 0;
  readonly #shop: Shop;
  #epoch: number;
  /** Errors in a row. */
  #failures = 0;

  constructor(plan: ClientPlan, shop: Shop, epoch: number) {
    this.plan = plan;
    this.#shop = shop;
    this.#epoch = epoch;
  }

  async run(): Promise<void> {
    try {
      if (this.plan.kind === "door") await this.#viaDoor();
      else {
        await sleep(this.plan.tapsAfterMs);
        await this.redeem(this.#epoch);
      }
      if (this.state === "served" && this.plan.cancels) await this.#cancel();
    } catch (error) {
      if (!(error instanceof GaveUp)) throw error;
    }
  }

  /** One-call redemption, with a new id for every epoch that was missed. */
  async redeem(epoch: number): Promise<void> {
    this.#epoch = epoch;
    for (let round = 0; round < ROUNDS_OF_STALE_MAX; round += 1) {
      const attempt = this.#newAttempt();
      await this.#redeemAttempt(attempt);
      if (!this.#mayTryAgain(attempt)) return;
    }
  }

  /** Only `stale` invites another try now; after `sold_out` the member waits for a wave. */
  #mayTryAgain(attempt: Attempt): boolean {
    if (attempt.outcome === "granted") this.state = "served";
    return attempt.outcome === "refused" && attempt.code === "stale";
  }

  #newAttempt(): Attempt {
    const number = `${this.plan.member.memberId.slice(-4)}-${this.attempts.length}`;
    const attempt: Attempt = {
      orderId: `${this.#shop.idPrefix}-${number}`,
      quantity: this.plan.quantity,
      epoch: this.#epoch,
      outcome: "unknown",
      code: "",
      reply: null,
      cancel: "no",
    };
    this.attempts.push(attempt);
    return attempt;
  }

  async #redeemAttempt(attempt: Attempt): Promise<void> {
    const { orderId, quantity, epoch } = attempt;
    const body = { orderId, quantity, epoch };
    const reply = await this.#ask("POST", `/api/v1/sales/${this.#shop.saleId}/redemptions`, body);
    this.#learn(attempt, reply);
  }

  #learn(attempt: Attempt, reply: Reply): void {
    attempt.reply = reply;
    if (reply.status < 300) {
      attempt.outcome = "granted";
      return;
    }
    const { code, figures } = readProblem(reply);
    attempt.outcome = "refused";
    attempt.code = code;
    if (code === "stale") this.#epoch = Number(figures["epoch"]);
  }

  // ---- the door

  async #viaDoor(): Promise<void> {
    let attempt = this.#newAttempt();
    let ticket = await this.#ticket(attempt, null);
    if (ticket && this.plan.forgoes) return this.#forgo(attempt);
    for (let round = 0; ticket && round < ROUNDS_OF_STALE_MAX; round += 1) {
      const wantsExchange = await this.#grab(attempt, ticket.doorUrl);
      if (!wantsExchange && !this.#mayTryAgain(attempt)) return;
      const old = attempt;
      const fresh = this.#newAttempt();
      ticket = await this.#ticket(fresh, old);
      // The Sku may say that the old stamp is still good; then the old ticket comes again.
      attempt = ticket?.orderId === old.orderId ? old : fresh;
      if (ticket && attempt === fresh && old.outcome === "unknown") old.outcome = "exchanged";
    }
  }

  /** Null: no ticket, for `attempt` or the one it replaces has its outcome. */
  async #ticket(attempt: Attempt, replaces: Attempt | null): Promise<TicketResponse | null> {
    const { orderId, quantity, epoch } = attempt;
    const body = { orderId, quantity, epoch, ...(replaces ? { replaces: replaces.orderId } : {}) };
    const reply = await this.#ask("POST", `/api/v1/sales/${this.#shop.saleId}/tickets`, body);
    if (reply.status >= 300) {
      this.#learn(attempt, reply);
      return null;
    }
    const given = JSON.parse(reply.body) as TicketResponse & { outcome?: string };
    if (given.outcome === "granted") {
      // The old one was granted after all; the new id was never made.
      const granted = given.orderId === orderId ? attempt : replaces;
      if (granted) granted.outcome = "granted";
      this.state = "served";
      return null;
    }
    return given;
  }

  /** Until a verdict. A lost door leads to another one, or to plain HTTP with the same id. True: exchange the ticket. */
  async #grab(attempt: Attempt, doorUrl: string): Promise<boolean> {
    const { random, tapsAfterMs } = this.plan;
    const visit = new DoorVisit(this.#shop.origin, doorUrl, this.#shop.opensAtMs + tapsAfterMs);
    for (;;) {
      const verdict = await visit.verdict();
      if (verdict.kind === "lost") {
        await this.#afterError(verdict.reason);
        if (random.chance(0.5)) {
          await this.#redeemAttempt(attempt);
          return false;
        }
        continue;
      }
      if (verdict.kind === "exchange") {
        this.#epoch = verdict.epoch;
        return true;
      }
      attempt.outcome = verdict.kind;
      if (verdict.kind === "refused") attempt.code = verdict.code;
      if (verdict.kind === "refused" && verdict.epoch !== null) this.#epoch = verdict.epoch;
      return false;
    }
  }

  async #forgo(attempt: Attempt): Promise<void> {
    const path = `/api/v1/sales/${this.#shop.saleId}/tickets/${attempt.orderId}`;
    const reply = await this.#ask("DELETE", path);
    const { outcome } = JSON.parse(reply.body) as { outcome?: string };
    if (outcome === "forgone") attempt.outcome = "forgone";
    else this.#learn(attempt, reply);
    this.state = "declined";
  }

  async #cancel(): Promise<void> {
    const attempt = this.attempts.find((one) => one.outcome === "granted");
    if (!attempt) return;
    attempt.cancel = "asked";
    const reply = await this.#ask("POST", `/api/v1/orders/${attempt.orderId}/cancel`);
    if (reply.status === 200) attempt.cancel = "acknowledged";
  }

  // ---- asking

  /** A definite reply, however often it must be asked for. */
  async #ask(method: string, path: string, body?: unknown): Promise<Reply> {
    const { token } = this.plan.member;
    for (;;) {
      let reply: Reply;
      try {
        reply = await this.#shop.http.request(method, path, {
          token,
          body,
          patienceMs: PATIENCE_MS,
        });
      } catch (error) {
        await this.#afterError(String(error));
        continue;
      }
      if (reply.status < 500) this.#failures = 0;
      const waitMs = this.#waitFor(reply);
      if (waitMs === null) return reply;
      if (reply.status >= 500)
        await this.#afterError(`${reply.status} ${reply.body.slice(0, 200)}`);
      await this.#pause(waitMs);
    }
  }

  /** How long to wait before asking again; null for a definite answer. */
  #waitFor(reply: Reply): number | null {
    const { status } = reply;
    if (status >= 500 && status !== 503)
      this.#shop.faults.push(`${status} ${reply.body.slice(0, 300)}`);
    if (status === 202) return 60;
    if (status === 425)
      return Math.min(500, Number(readProblem(reply).figures["opensInMs"] ?? 50) + 5);
    if (status === 429 || status >= 500) return 200;
    const { code } = status === 422 ? readProblem(reply) : { code: "" };
    return code === "ahead" || code === "epoch_unknown" ? 100 : null;
  }

  async #afterError(reason: string): Promise<void> {
    if (this.plan.abandons) {
      this.state = "gone";
      throw new GaveUp(reason);
    }
    this.retries += 1;
    this.#failures += 1;
    // A crowd that hammers a dead port takes the processor from the product that wants to come back.
    const patience = Math.min(this.#failures, CALMER_MAX);
    await this.#pause(this.plan.random.between(20, 90) * patience);
  }

  async #pause(milliseconds: number): Promise<void> {
    if (Date.now() > this.#shop.deadlineMs) {
      this.state = "late";
      throw new GaveUp("no definite answer in time");
    }
    await sleep(milliseconds);
  }
}
