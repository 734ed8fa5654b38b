/** A member's page: makes its order id once, keeps it, and asks until the word is definite, or gives up for good. */
import { DoorVisit } from "./door-visit.ts";
import type { Wish } from "./plan.ts";
import type { Witness } from "./witness.ts";
import type { Reply, World } from "./world.ts";

/** Final for their order id. */
const FINAL = new Set([
  "sold_out",
  "closed",
  "stale",
  "forgone",
  "limit_reached",
  "points_insufficient",
]);
const TRIES_MAX = 12;
const EXCHANGES_MAX = 3;

type Word =
  | { readonly kind: "granted"; readonly orderId: string }
  | { readonly kind: "refused"; readonly code: string; readonly epoch: number | null }
  | { readonly kind: "ticket"; readonly doorUrl: string; readonly ticket: string }
  | { readonly kind: "again" }
  | { readonly kind: "nothing" };

/** Thrown through a page's script when its member gives up. */
class GivesUp extends Error {}

export class Page {
  readonly memberKey: string;
  /** Every order id this wish was sent under. Only one of them may ever be granted. */
  readonly orderIds: string[] = [];
  readonly wish: Wish;
  isDone = false;
  readonly #world: World;
  readonly #witness: Witness;
  readonly #who: string;
  readonly #token: string;
  readonly #memberId: string;
  readonly #name: string;
  #saleId: string;
  #epoch = 0;

  constructor(
    world: World,
    witness: Witness,
    memberId: string,
    at: number,
    wish: Wish,
    saleId: string,
  ) {
    this.#world = world;
    this.#witness = witness;
    this.#who = `member ${memberId}`;
    this.#memberId = memberId;
    this.memberKey = `${world.programmeId}:${memberId}`;
    this.#token = world.token(memberId, "member");
    // Members share the texts of their ids on purpose: the identity is the pair.
    this.#name = `wish-${at}-of-anyone`;
    this.#saleId = saleId;
    this.wish = wish;
  }

  async live(): Promise<void> {
    const { wish } = this;
    try {
      await this.#until(wish.arrivesAtMs);
      await this.#look();
      this.#newId();
      if (wish.route === "http" || wish.route === "standing") await this.#redeem();
      else await this.#throughTheDoor();
    } catch (error) {
      if (!(error instanceof GivesUp)) throw error;
      this.#world.sim.trace.say(this.#who, () => "gives up for good");
    }
    this.isDone = true;
  }

  get #orderId(): string {
    return this.orderIds.at(-1) ?? "";
  }

  #newId(): string {
    const orderId = `${this.#name}-${this.orderIds.length}`.padEnd(16, "-");
    this.orderIds.push(orderId);
    return orderId;
  }

  #until(fromOpeningMs: number): Promise<void> {
    return this.#world.sleep(this.#world.opensAtMs + fromOpeningMs - this.#world.nowMs);
  }

  #mayGiveUp(isTrouble: boolean): void {
    const { faults, random } = this.#world.sim;
    if (isTrouble && this.wish.isImpatient && random.chance(0.5)) throw new GivesUp();
    if (faults.strikes("abandon")) throw new GivesUp();
  }

  /** Reads the sale: the epoch that an order id is stamped with for life. */
  async #look(): Promise<void> {
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const reply = await this.#http("GET", `/api/v1/sales/${this.#saleId}`);
      if (reply?.status === 200) {
        this.#epoch = Number(reply.body["epoch"]);
        return;
      }
      await this.#pause(attempt);
    }
    throw new GivesUp();
  }

  async #pause(attempt: number): Promise<void> {
    await this.#world.sleep(
      (100 + this.#world.sim.random.next() * 400) * 2 ** Math.min(attempt, 5),
    );
  }

  async #http(method: string, path: string, body?: unknown): Promise<Reply | null> {
    const { faults } = this.#world.sim;
    const send = (): Promise<Reply | null> =>
      this.#world.http(this.#who, this.#token, method, path, body);
    if (method !== "GET" && faults.strikes("double_tap")) {
      // A page may have gone on to another id meanwhile.
      const { orderId, quantity } = (body ?? {}) as { orderId?: string; quantity?: number };
      const [first, second] = await Promise.all([send(), send()]);
      if (second && !path.endsWith("/cancel")) this.#hear(second, orderId, quantity);
      return first ?? second;
    }
    return send();
  }

  /** What a reply says of an order, and the witness writes it down. */
  #hear(reply: Reply | null, orderId = this.#orderId, quantity = this.wish.quantity): Word {
    if (!reply) return { kind: "nothing" };
    const { body, status } = reply;
    if (body["outcome"] === "granted") {
      const granted = String(body["orderId"]);
      this.#witness.told(
        this.memberKey,
        granted,
        "granted",
        JSON.stringify([body["points"], body["remaining"]]),
      );
      this.#world.onGranted(this.#memberId, granted);
      return { kind: "granted", orderId: granted };
    }
    if (typeof body["doorUrl"] === "string") {
      return { kind: "ticket", doorUrl: body["doorUrl"], ticket: String(body["ticket"]) };
    }
    const code = String(body["code"] ?? "");
    if (status === 409 && FINAL.has(code)) {
      const { type: _type, detail: _detail, instance: _instance, ...figures } = body;
      this.#witness.told(this.memberKey, orderId, "refused", JSON.stringify(figures));
      this.#witness.refused(this.#saleId, code, this.#stampOf(orderId), quantity);
      const epoch = typeof body["epoch"] === "number" ? body["epoch"] : null;
      return { kind: "refused", code, epoch };
    }
    return { kind: "again" };
  }

  readonly #stamps = new Map<string, number>();
  #stampOf(orderId: string): number {
    return this.#stamps.get(orderId) ?? this.#epoch;
  }

  #body(orderId: string, extra: Record<string, unknown> = {}): Record<string, unknown> {
    const epoch = this.#stampOf(orderId);
    this.#stamps.set(orderId, epoch);
    return { orderId, quantity: this.wish.quantity, epoch, ...extra };
  }

  /** Sends the same order until the word is definite. */
  async #insist(path: string, extra: Record<string, unknown> = {}): Promise<Word> {
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const body = this.#body(this.#orderId, extra);
      if (attempt > 0 && this.#world.sim.faults.strikes("other_body")) {
        await this.#http("POST", path, { ...body, quantity: this.wish.quantity + 1 });
      }
      const word = this.#hear(await this.#http("POST", path, body), String(body["orderId"]));
      if (word.kind !== "again" && word.kind !== "nothing") return word;
      this.#mayGiveUp(word.kind === "nothing");
      await this.#pause(attempt);
      if (word.kind === "nothing" && !this.#world.sim.law.clientsKeepIds) this.#newId();
    }
    throw new GivesUp();
  }

  // ---- one call

  async #redeem(): Promise<void> {
    await this.#until(this.wish.tapsAtMs);
    for (let exchange = 0; exchange <= EXCHANGES_MAX; exchange += 1) {
      const word = await this.#insist(`/api/v1/sales/${this.#saleId}/redemptions`);
      if (word.kind === "granted") return this.#afterGrant(word.orderId);
      if (word.kind !== "refused" || word.code !== "stale") return;
      this.#mayGiveUp(false);
      await this.#look();
      this.#newId();
    }
  }

  async #afterGrant(orderId: string): Promise<void> {
    this.#witness.wished(this);
    if (!this.wish.cancels) return;
    await this.#world.sleep(this.#world.sim.random.next() * 5_000);
    await this.#cancel(orderId);
  }

  async #cancel(orderId: string): Promise<void> {
    const path = `/api/v1/orders/${orderId}/cancel`;
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const again = this.#world.sim.faults.strikes("double_cancel")
        ? this.#http("POST", path)
        : null;
      const reply = await this.#http("POST", path);
      await again;
      if (reply?.status === 200 || reply?.status === 404) return;
      this.#mayGiveUp(reply === null);
      await this.#pause(attempt);
    }
  }

  // ---- ticket, door, grab

  async #throughTheDoor(): Promise<void> {
    const { wish } = this;
    const tickets = `/api/v1/sales/${this.#saleId}/tickets`;
    const word = await this.#insist(tickets);
    if (word.kind === "granted") return this.#afterGrant(word.orderId);
    if (word.kind !== "ticket") return;
    this.#mayGiveUp(false);
    if (wish.route === "unused_ticket") return this.#maybeForgo();
    const beside = wish.route === "both" ? this.#redeemBeside() : null;
    const end = await this.#visit(word.doorUrl, tickets);
    await beside;
    if (wish.cancels && end === "granted") return this.#afterGrant(this.#orderId);
    // A cancel of a hold that nobody decided yet must not lose the unit.
    if (wish.cancels && end === "open") await this.#cancel(this.#orderId);
    if (end === "open") await this.#insist(`/api/v1/sales/${this.#saleId}/redemptions`);
  }

  async #maybeForgo(): Promise<void> {
    if (!this.wish.forgoes) return;
    await this.#until(this.wish.tapsAtMs);
    const path = `/api/v1/sales/${this.#saleId}/tickets/${this.#orderId}`;
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      const reply = await this.#http("DELETE", path);
      if (reply?.body["outcome"] === "forgone") {
        this.#witness.told(this.memberKey, this.#orderId, "refused", "forgone");
        return;
      }
      if (this.#hear(reply).kind !== "again" && reply) return;
      await this.#pause(attempt);
    }
  }

  /** The same order id by HTTP beside the door. */
  async #redeemBeside(): Promise<void> {
    const orderId = this.#orderId;
    await this.#until(this.wish.tapsAtMs + this.#world.sim.random.next() * 40);
    const body = this.#body(orderId);
    const path = `/api/v1/sales/${this.#saleId}/redemptions`;
    this.#hear(await this.#http("POST", path, body), orderId);
  }

  async #visit(firstUrl: string, tickets: string): Promise<"granted" | "refused" | "open"> {
    let doorUrl = firstUrl;
    await this.#until(Math.max(this.wish.arrivesAtMs, Math.min(-50, this.wish.tapsAtMs - 400)));
    for (let visit = 0; visit < 4; visit += 1) {
      const reply = await this.#http("GET", doorUrl);
      if (!reply?.socket) {
        this.#mayGiveUp(true);
        await this.#pause(visit);
        continue;
      }
      const visited = new DoorVisit(this.#world, this.#who, reply.socket);
      await this.#until(this.wish.tapsAtMs);
      for (let exchange = 0; exchange <= EXCHANGES_MAX; exchange += 1) {
        const verdict = await visited.grab(this.#orderId);
        if (verdict === "cut") {
          const fresh = await this.#exchangeBlindly(tickets);
          if (fresh?.kind === "granted") return "granted";
          if (fresh?.kind === "refused") return "refused";
          if (fresh?.kind === "ticket") doorUrl = fresh.doorUrl;
          break;
        }
        const word: Word =
          verdict["t"] === "ticket?"
            ? { kind: "refused", code: "stale", epoch: Number(verdict["epoch"]) }
            : this.#hearVerdict(verdict);
        if (word.kind === "granted") return this.#leave(visited, "granted");
        if (word.kind !== "refused") return this.#leave(visited, "open");
        if (word.code !== "stale" || exchange === EXCHANGES_MAX)
          return this.#leave(visited, "refused");
        const old = this.#orderId;
        this.#epoch = word.epoch ?? this.#epoch;
        this.#newId();
        const fresh = await this.#insist(tickets, { replaces: old });
        if (fresh.kind === "granted") return this.#leave(visited, "granted");
        if (fresh.kind !== "ticket") return this.#leave(visited, "refused");
        doorUrl = fresh.doorUrl;
        visited.show(fresh.ticket);
      }
      this.#mayGiveUp(true);
    }
    return "open";
  }

  /** After a cut: a newer round runs, and the page does not know that its own grab was heard. */
  async #exchangeBlindly(tickets: string): Promise<Word | null> {
    if (!this.#world.sim.faults.strikes("hasty_exchange")) return null;
    const old = this.#orderId;
    await this.#pause(0);
    await this.#look();
    if (this.#epoch <= this.#stampOf(old)) return null;
    this.#newId();
    return this.#insist(tickets, { replaces: old });
  }

  #leave<E>(visit: DoorVisit, end: E): E {
    visit.leave();
    return end;
  }

  #hearVerdict(frame: Readonly<Record<string, unknown>>): Word {
    const orderId = String(frame["orderId"]);
    if (frame["outcome"] === "granted") {
      this.#witness.told(this.memberKey, orderId, "granted", null);
      this.#world.onGranted(this.#memberId, orderId);
      return { kind: "granted", orderId };
    }
    if (frame["outcome"] !== "refused") return { kind: "again" };
    const code = String(frame["code"]);
    this.#witness.told(this.memberKey, orderId, "refused", null);
    this.#witness.refused(this.#saleId, code, this.#stampOf(orderId), this.wish.quantity);
    return {
      kind: "refused",
      code,
      epoch: typeof frame["epoch"] === "number" ? frame["epoch"] : null,
    };
  }
}
