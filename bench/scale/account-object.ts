/** A bucket of members in the model: one-call redemptions, settling, following up, and rows for D1. */
import { HOLD, type Crowd, type Outcome } from "./crowd.ts";
import type { Commits, Thread } from "./engine.ts";
import type { SkuObject, TakeReply } from "./sku-object.ts";
import type { World } from "./world.ts";

/** As worker/accounts has them: follow-up.ts, asker.ts, courier.ts. */
const FOLLOW_UP_AFTER_MS = 1_000;
const FOLLOW_UP_EVERY_MS = [1_000, 2_000, 4_000, 5_000];
const NOTICE_FROM_HOLDS = 32;
const ACK_ALONE_AFTER_MS = 150;
const PROJECT_AFTER_MS = 250;

export interface AccountPeers {
  readonly sku: (sku: number) => SkuObject;
  readonly project: (bucket: number, rows: number, since: number, done: () => void) => void;
  /** Holds made before T0, by SKU. */
  readonly holdsOf: (bucket: number, sku: number) => Uint32Array;
}

/** Questions to one Sku: a batch in flight, what comes meanwhile is the next. */
interface AskLine {
  questions: {
    readonly id: number;
    readonly since: number;
    readonly done: (outcome: Outcome) => void;
  }[];
  isAsking: boolean;
}

export class AccountObject {
  readonly thread: Thread;
  lastPostMs = 0;
  posts = 0;
  readonly #world: World;
  readonly #crowd: Crowd;
  readonly #bucket: number;
  readonly #commits: Commits;
  readonly #peers: AccountPeers;
  readonly #frozen = new Set<number>();
  readonly #lines = new Map<number, AskLine>();
  readonly #views = new Map<number, (() => void)[] | "known">();
  readonly #keys = new Map<number, number>();
  #isAckTimed = new Set<number>();
  #unprojected = 0;
  #unprojectedSince = 0;
  #isProjecting = false;

  constructor(world: World, bucket: number, peers: AccountPeers) {
    this.#world = world;
    this.#crowd = world.crowd;
    this.#bucket = bucket;
    this.#peers = peers;
    this.thread = world.thread("Account");
    this.#commits = world.commits(this.thread);
  }

  // ---- one call

  /** `share`: the Worker gets the filter with a refusal. */
  redeem(id: number, answer: (outcome: Outcome, share: boolean) => void): void {
    const { p, engine } = this.#world;
    const sku = this.#crowd.sku[id] ?? 0;
    const since = engine.nowMs;
    let outcome: Outcome = "overloaded";
    this.#world.call(
      "Account",
      this.thread,
      (respond) => {
        const reply = (said: Outcome): void => {
          outcome = said;
          const isShared = said.startsWith("refused");
          const keys = isShared ? (this.#keys.get(sku) ?? 0) : 0;
          this.thread.run(keys * p.accountShareMs, respond);
        };
        this.#withSale(sku, () => this.#redeem(id, sku, since, reply));
      },
      () => answer(outcome, outcome.startsWith("refused")),
      () => answer("overloaded", false),
    );
  }

  /** Terms and standing of a sale are read once. */
  #withSale(sku: number, then: () => void): void {
    const view = this.#views.get(sku);
    if (view === "known") return then();
    if (view) {
      view.push(then);
      return;
    }
    const waiting = [then];
    this.#views.set(sku, waiting);
    this.#peers.sku(sku).touch(() => {
      this.#views.set(sku, "known");
      for (const one of waiting) one();
    });
  }

  #redeem(id: number, sku: number, since: number, reply: (outcome: Outcome) => void): void {
    const { p } = this.#world;
    if (this.#frozen.has(sku)) return reply("refused by the Account");
    this.#commits.run(
      p.accountHoldMs,
      () => {
        this.#crowd.hold[id] = HOLD.pending;
        this.#keys.set(sku, (this.#keys.get(sku) ?? 0) + 1);
        this.#world.tally.objectRows += p.holdRows;
        return true;
      },
      () => this.#ask(sku, { id, since, done: reply }),
    );
  }

  #ask(sku: number, question: AskLine["questions"][number]): void {
    const line = this.#lines.get(sku) ?? { questions: [], isAsking: false };
    this.#lines.set(sku, line);
    line.questions.push(question);
    if (line.isAsking) return;
    line.isAsking = true;
    const { turnMs } = this.#world.p;
    this.#world.engine.after(turnMs, () => this.thread.run(0, () => this.#askNext(sku, line)));
  }

  #askNext(sku: number, line: AskLine): void {
    const { p, engine } = this.#world;
    const batch = line.questions.splice(0, p.takesPerBatchMax);
    if (batch.length === 0) {
      line.isAsking = false;
      return;
    }
    const settle = (reply: TakeReply | null): void => {
      if (reply?.isFrozen) this.#freeze(sku);
      batch.forEach(({ id, since, done }, at) => {
        if (!reply || engine.nowMs - since > p.patienceMs) return done("in doubt (202)");
        const isGranted = reply.granted[at] === true;
        this.#settle(id, isGranted, () => done(isGranted ? "granted" : "refused by the Sku"));
      });
      this.#askNext(sku, line);
    };
    const ids = batch.map(({ id }) => id);
    this.#peers.sku(sku).takeBatch(ids, "account", settle, () => settle(null));
  }

  #freeze(sku: number): void {
    if (this.#frozen.has(sku)) return;
    this.#commits.run(
      0,
      () => true,
      () => undefined,
    );
    this.#frozen.add(sku);
  }

  // ---- settling

  /** Verdicts that a Sku or a door carries. */
  settle(ids: readonly number[], isGranted: boolean, answer: () => void): void {
    this.#world.call(
      "Account",
      this.thread,
      (respond) => {
        let open = ids.length;
        for (const id of ids) {
          this.#settle(
            id,
            isGranted,
            () => {
              open -= 1;
              if (open === 0) respond();
            },
            this.#world.p.acksAgain === 1,
          );
        }
      },
      answer,
    );
  }

  #settle(id: number, isGranted: boolean, done: () => void, isAcked = true): void {
    const { p, engine, tally } = this.#world;
    let isNews = false;
    this.#commits.run(
      p.accountSettleMs,
      () => {
        if (this.#crowd.hold[id] !== HOLD.pending) return false;
        isNews = true;
        this.#crowd.hold[id] = isGranted ? HOLD.posted : HOLD.voided;
        tally.objectRows += isGranted ? p.postRows : p.voidRows;
        if (isGranted) {
          this.posts += 1;
          if (this.#unprojected === 0) this.#unprojectedSince = engine.nowMs;
          this.#unprojected += 1;
        }
        return true;
      },
      () => {
        if (isGranted) {
          if (isNews) this.lastPostMs = engine.nowMs;
          if (isAcked) this.#ackSoon(this.#crowd.sku[id] ?? 0);
          this.#projectSoon();
        }
        done();
      },
    );
  }

  #ackSoon(sku: number): void {
    if (this.#isAckTimed.has(sku)) return;
    this.#isAckTimed.add(sku);
    this.#world.engine.after(ACK_ALONE_AFTER_MS, () => {
      this.#isAckTimed.delete(sku);
      this.#peers.sku(sku).touch(() => undefined);
    });
  }

  // ---- following up

  /** A second after the opening, and again, until nothing of before T0 is open. */
  followUp(): void {
    this.#world.engine.at(FOLLOW_UP_AFTER_MS, () => this.#followUpSale(0, 0));
  }

  #followUpSale(sku: number, attempt: number): void {
    const { p, engine } = this.#world;
    if (sku >= p.skus) {
      const waitMs = FOLLOW_UP_EVERY_MS[Math.min(attempt, FOLLOW_UP_EVERY_MS.length - 1)] ?? 0;
      const isOpen = this.#openHolds().some((ids) => ids.length > 0);
      if (isOpen) engine.after(waitMs, () => this.#followUpSale(0, attempt + 1));
      return;
    }
    const open = this.#openOf(sku);
    const next = (): void => this.#followUpSale(sku + 1, attempt);
    if (open.length < NOTICE_FROM_HOLDS) {
      if (open.length === 0) return next();
      return this.#probe(sku, open, next);
    }
    this.#peers.sku(sku).notice((isFrozen) => {
      if (!isFrozen) return next();
      this.#voidAll(open, () => {
        // What the filter may contain are the grants: they are asked about.
        const rest = this.#openOf(sku);
        if (rest.length === 0) next();
        else this.#probe(sku, rest, next);
      });
    }, next);
  }

  #openHolds(): number[][] {
    return Array.from({ length: this.#world.p.skus }, (_, sku) => this.#openOf(sku));
  }

  #openOf(sku: number): number[] {
    const open: number[] = [];
    for (const id of this.#peers.holdsOf(this.#bucket, sku)) {
      if (this.#crowd.hold[id] === HOLD.pending && (this.#crowd.door[id] ?? -1) >= 0) open.push(id);
    }
    return open;
  }

  /** One question a batch; a probe takes nothing, it only says what is decided. */
  #probe(sku: number, ids: readonly number[], then: () => void): void {
    const target = this.#peers.sku(sku);
    target.touch(() => {
      const decided = ids.filter((id) => target.isFrozen || this.#crowd.isTaken(id));
      let open = decided.length;
      if (open === 0) return then();
      for (const id of decided) {
        this.#settle(id, this.#crowd.isTaken(id), () => {
          open -= 1;
          if (open === 0) then();
        });
      }
    });
  }

  #voidAll(ids: readonly number[], then: () => void): void {
    const losers = ids.filter((id) => !this.#crowd.isTaken(id));
    const { outboxBatchMax, accountSettleMs, voidRows } = this.#world.p;
    const next = (from: number): void => {
      const batch = losers.slice(from, from + outboxBatchMax);
      if (batch.length === 0) return then();
      this.#commits.run(
        batch.length * accountSettleMs,
        () => {
          const open = batch.filter((id) => this.#crowd.hold[id] === HOLD.pending);
          for (const id of open) this.#crowd.hold[id] = HOLD.voided;
          this.#world.tally.objectRows += open.length * voidRows;
          return open.length > 0;
        },
        () => next(from + outboxBatchMax),
      );
    };
    next(0);
  }

  // ---- rows for D1

  #projectSoon(): void {
    if (this.#isProjecting) return;
    this.#isProjecting = true;
    const next = (): void => {
      const rows = Math.min(this.#unprojected, this.#world.p.outboxBatchMax);
      if (rows === 0) {
        this.#isProjecting = false;
        return;
      }
      this.#unprojected -= rows;
      this.#peers.project(this.#bucket, rows, this.#unprojectedSince, () =>
        this.#commits.run(0, () => true, next),
      );
    };
    this.#world.engine.after(PROJECT_AFTER_MS, next);
  }
}
