/** A door of the model: frames in, one batch in flight, verdicts and live figures out, losers to their Accounts. */
import type { Thread } from "./engine.ts";
import type { SkuObject, TakeReply } from "./sku-object.ts";
import type { World } from "./world.ts";

/** As worker/redemption/gate-object.ts has them. */
const STOCK_EVERY_MS = 100;
const RUSH_FROM_SOCKETS = 200;
const RUSH_STOCK_EVERY_MS = 1_000;
const TELL_ACCOUNTS_AFTER_MS = 20;
const AGAIN_AFTER_MS = 1_000;

interface Timed {
  readonly id: number;
  /** When the door has read, or answered, it. */
  readonly atMs: number;
}

/** First in, first out, without moving what is left. */
class Line {
  #items: Timed[] = [];
  #from = 0;

  get length(): number {
    return this.#items.length - this.#from;
  }
  get first(): Timed | undefined {
    return this.#items[this.#from];
  }
  push(item: Timed): void {
    this.#items.push(item);
  }
  /** What is ready by now, at most so many. */
  take(nowMs: number, countMax: number): number[] {
    const ids: number[] = [];
    while (ids.length < countMax && this.first && this.first.atMs <= nowMs) {
      ids.push(this.first.id);
      this.#from += 1;
    }
    if (this.#from > 4_096 && this.#from * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#from);
      this.#from = 0;
    }
    return ids;
  }
}

export class GateObject {
  readonly thread: Thread;
  sockets = 0;
  /** Grabs that wait to be sent to the Sku. */
  waitingPeak = 0;
  readonly #world: World;
  readonly #sku: () => SkuObject;
  readonly #tellAccount: (bucket: number, ids: readonly number[], done: () => void) => void;
  readonly #waiting = new Line();
  readonly #losers = new Line();
  #isTaking = false;
  #hasNotice = false;
  #isFetching = false;
  #isTelling = false;
  #isStockTimed = false;
  #stockSentMs = Number.NEGATIVE_INFINITY;
  #stockEveryMs = STOCK_EVERY_MS;

  constructor(
    world: World,
    sku: () => SkuObject,
    tellAccount: (bucket: number, ids: readonly number[], done: () => void) => void,
  ) {
    this.#world = world;
    this.#sku = sku;
    this.#tellAccount = tellAccount;
    this.thread = world.thread("Gate");
  }

  /** A grab arrives. */
  grab(id: number): void {
    const { p, engine, tally } = this.#world;
    tally.messagesIn += 1;
    if (this.#hasNotice) {
      const atMs = this.thread.book(p.gateFrameMs + p.gateSendMs);
      this.#refuse(id, "refused by the door", atMs);
      return;
    }
    this.#waiting.push({ id, atMs: this.thread.book(p.gateFrameMs) });
    this.waitingPeak = Math.max(this.waitingPeak, this.#waiting.length);
    if (this.#isTaking) return;
    this.#isTaking = true;
    const readAtMs = this.#waiting.first?.atMs ?? engine.nowMs;
    engine.at(readAtMs + p.turnMs, () => this.thread.run(0, () => this.#drain()));
  }

  #drain(): void {
    const { engine, p } = this.#world;
    const { first } = this.#waiting;
    if (!first) {
      this.#isTaking = false;
      return;
    }
    if (first.atMs > engine.nowMs) return engine.at(first.atMs, () => this.#drain());
    if (this.#hasNotice && p.doorLooksAgain === 1) return this.#refuseWaiting();
    const batch = this.#waiting.take(engine.nowMs, p.takesPerBatchMax);
    this.#sku().takeBatch(
      batch,
      "door",
      (reply) => this.#answer(batch, reply),
      // A lost Sku is no verdict: the pages ask again.
      () => {
        for (const id of batch) this.#world.tally.messagesOut += id >= 0 ? 1 : 0;
        engine.after(AGAIN_AFTER_MS, () => batch.forEach((id) => this.grab(id)));
        this.#drain();
      },
    );
  }

  /** What the door could do: answer by its notice what came before it. */
  #refuseWaiting(): void {
    const { p, engine } = this.#world;
    for (const id of this.#waiting.take(engine.nowMs, Number.POSITIVE_INFINITY)) {
      this.#refuse(id, "refused by the door", this.thread.book(p.gateSendMs));
    }
    engine.at(engine.nowMs, () => this.#drain());
  }

  #answer(batch: readonly number[], reply: TakeReply): void {
    const { p, engine } = this.#world;
    const startsAtMs = engine.nowMs + this.thread.waitMs;
    const endsAtMs = this.thread.book(p.gateSendMs * batch.length);
    batch.forEach((id, at) => {
      const atMs = startsAtMs + p.gateSendMs * (at + 1);
      if (!reply.granted[at]) return this.#refuse(id, "refused by the Sku", atMs);
      this.#world.tally.messagesOut += 1;
      this.#world.verdict(id, "granted", atMs);
    });
    engine.at(endsAtMs, () => {
      this.learn(reply.isFrozen);
      this.#drain();
    });
  }

  #refuse(id: number, how: "refused by the Sku" | "refused by the door", atMs: number): void {
    this.#world.tally.messagesOut += 1;
    this.#world.verdict(id, how, atMs);
    this.#losers.push({ id, atMs });
    this.#tellSoon();
  }

  /** From a batch's answer or the Sku's push. */
  learn(isFrozen: boolean): void {
    if (isFrozen && !this.#hasNotice && !this.#isFetching) {
      this.#isFetching = true;
      this.#sku().notice(
        (stillFrozen) => {
          this.#isFetching = false;
          if (stillFrozen) this.#hasNotice = true;
        },
        () => (this.#isFetching = false),
      );
    }
    this.#stockSoon();
  }

  // ---- losers

  #tellSoon(): void {
    const { first } = this.#losers;
    if (this.#isTelling || !first) return;
    this.#isTelling = true;
    const { engine } = this.#world;
    engine.at(Math.max(engine.nowMs, first.atMs) + TELL_ACCOUNTS_AFTER_MS, () => {
      this.#isTelling = false;
      this.#tell(this.#losers.take(engine.nowMs, Number.POSITIVE_INFINITY));
      this.#tellSoon();
    });
  }

  /** A flush sends to one bucket after the other; the next flush does not wait for it. */
  #tell(ids: readonly number[]): void {
    const { p, crowd } = this.#world;
    const byBucket = new Map<number, number[]>();
    for (const id of ids) {
      const bucket = crowd.bucket[id] ?? 0;
      const list = byBucket.get(bucket);
      if (list) list.push(id);
      else byBucket.set(bucket, [id]);
    }
    const calls = [...byBucket].flatMap(([bucket, list]) =>
      Array.from({ length: Math.ceil(list.length / p.outboxBatchMax) }, (_, at) => ({
        bucket,
        ids: list.slice(at * p.outboxBatchMax, (at + 1) * p.outboxBatchMax),
      })),
    );
    const next = (at: number): void => {
      const call = calls[at];
      if (call) this.#tellAccount(call.bucket, call.ids, () => next(at + 1));
    };
    next(0);
  }

  // ---- live figures

  #stockSoon(): void {
    if (this.#isStockTimed) return;
    this.#isStockTimed = true;
    const { engine, p, tally } = this.#world;
    engine.at(this.#stockSentMs + this.#stockEveryMs, () => {
      this.#isStockTimed = false;
      const isRush = this.#isTaking && this.sockets > RUSH_FROM_SOCKETS;
      // Sums of fractions may miss their second by less than anything that matters.
      const isDue = engine.nowMs - this.#stockSentMs >= RUSH_STOCK_EVERY_MS - 0.001;
      if (isRush && !isDue) {
        this.#stockEveryMs = RUSH_STOCK_EVERY_MS;
        return this.#stockSoon();
      }
      this.thread.book(this.sockets * p.gateSendMs);
      tally.messagesOut += this.sockets;
      this.#stockSentMs = engine.nowMs;
      this.#stockEveryMs = Math.max(STOCK_EVERY_MS, this.sockets / 10);
    });
  }
}
