/**
 * Where one object lives, over all its lives: its disk, its memory while it is awake, the gate that holds what leaves
 * it until it is durable, its alarm and its sockets.
 */
import type { Event, Party } from "./scheduler.ts";
import { Cursor, Rows } from "./rows.ts";
import type { Simulation } from "./simulation.ts";
import type { SimSocket } from "./web.ts";

export type Instance = Record<string, (...args: unknown[]) => unknown>;
/** Makes the instance; the context is a `DurableObjectState` as far as the product uses it. */
export type Maker = (context: unknown, host: ObjectHost) => Instance;

export class Died extends Error {
  readonly retryable = true;
}

interface Guest {
  readonly fail: (error: Error) => void;
}

export class ObjectHost implements Party {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly rows: Rows;
  readonly sockets = new Set<SimSocket>();
  skewMs = 0;
  life = 0;
  /** Some of what it wrote may be dated an hour from now. */
  wasHourOff = false;
  instance: Instance | null = null;
  /** Timers and calls of this life that are still to come. */
  waitsFor = 0;
  readonly #sim: Simulation;
  readonly #make: Maker;
  readonly #guests = new Set<Guest>();
  #blocks = 0;
  #waiting: (() => void)[] = [];
  #outbound: (() => void)[] = [];
  #flushEvent: Event | null = null;
  #alarmEvent: Event | null = null;

  constructor(sim: Simulation, kind: string, id: string, make: Maker) {
    this.#sim = sim;
    this.kind = kind;
    this.id = id;
    this.name = `${kind} ${id}`;
    this.#make = make;
    this.rows = Rows.ofKind(kind);
  }

  // ---- turns

  output(send: () => void): void {
    if (this.#sim.law.holdsOutput) this.#outbound.push(send);
    else send();
  }

  endTurn(): void {
    const { faults, random, scheduler } = this.#sim;
    this.rows.endRead();
    if (!this.rows.isDirty) {
      this.#release();
      if (faults.strikes("evict")) this.#fallAsleep();
    } else if (this.#flushEvent === null) {
      if (faults.strikes("slow_commit")) {
        this.#flushEvent = scheduler.after(this, 0.5 + random.next() * 6, () => this.#flush());
      } else this.#flush();
    }
    if (this.instance && faults.strikes("crash_any_time")) {
      scheduler.after(this, random.next() * 40, () => this.crash("between two turns"));
    }
  }

  /** The commit boundary: the last moment at which everything since the last one can still be lost. */
  #flush(): void {
    this.#flushEvent = null;
    const { faults, scheduler } = this.#sim;
    if (faults.strikes("crash_before_commit")) return this.crash("before its commit");
    this.rows.flush();
    if (faults.strikes("crash_after_commit")) {
      this.#sim.committed(this);
      return this.crash("after its commit, with nothing said");
    }
    this.#release();
    this.#planAlarm();
    if (scheduler.current) this.#sim.committed(this);
  }

  #release(): void {
    const sends = this.#outbound;
    this.#outbound = [];
    for (const send of sends) send();
  }

  // ---- lives

  #wake(): void {
    const { faults, random, trace } = this.#sim;
    this.skewMs = 0;
    if (faults.strikes("clock_skew")) {
      const isHourOff = random.chance(0.1);
      this.skewMs = Math.round((random.next() * 2 - 1) * (isHourOff ? 3_600_000 : 3_000));
      this.wasHourOff ||= isHourOff;
    }
    trace.say(this.name, () =>
      this.skewMs === 0 ? "wakes" : `wakes, its clock ${this.skewMs} ms ahead`,
    );
    this.instance = this.#make(this.#context(), this);
    this.#planAlarm();
  }

  crash(when: string): void {
    if (!this.instance) return;
    this.#sim.trace.say(this.name, () => `dies ${when}`);
    this.rows.lose();
    for (const query of this.#sim.law.forgetsOnCrash) this.#forget(query);
    this.#end();
    for (const socket of [...this.sockets]) socket.close();
    const guests = [...this.#guests];
    this.#guests.clear();
    for (const guest of guests)
      guest.fail(new Died("The Durable Object died. Network connection lost."));
    this.#planAlarm();
  }

  /** A mutant's outbox rows are not in the commit of their cause, so a crash takes them. */
  #forget(query: string): void {
    const [kind, statement = ""] = query.split(": ", 2);
    if (kind !== this.kind) return;
    this.rows.exec(statement, []);
    this.rows.flush();
  }

  /** Only an object that waits for nothing is put to sleep; its sockets stay open. */
  #fallAsleep(): void {
    if (!this.instance || this.#guests.size > 0 || this.waitsFor > 0) return;
    this.#sim.trace.say(this.name, () => "is put to sleep");
    this.#end();
  }

  #end(): void {
    this.life += 1;
    this.instance = null;
    this.waitsFor = 0;
    this.#outbound = [];
    this.#waiting = [];
    this.#blocks = 0;
    this.#flushEvent = null;
  }

  /** At the end of the faults: an object whose clock is off moves to a machine with a good one. */
  heal(): void {
    if (this.skewMs === 0) return;
    if (this.instance) this.crash("and moves to a machine with a good clock");
    this.skewMs = 0;
    this.#planAlarm();
  }

  // ---- what comes in

  /** Runs a method in this turn and says how it ended, once that may leave. */
  receive(
    method: string,
    args: readonly unknown[],
    done: (error: unknown, value?: unknown) => void,
  ): void {
    const { observe } = this.#sim;
    const guest: Guest = {
      fail: (error) => {
        observe(this, method, args);
        done(error);
      },
    };
    this.#guests.add(guest);
    observe(this, method, args);
    const { life } = this;
    const leave = (send: () => void): void => {
      // Told by a crash already.
      if (life !== this.life) return;
      observe(this, method, args);
      // A guest stays until its answer has left: a crash in between loses the answer, and its caller hears of that.
      this.output(() => {
        this.#guests.delete(guest);
        send();
      });
    };
    this.#awake(() => {
      const { instance } = this;
      const work = instance?.[method];
      if (!work) return leave(() => done(new TypeError(`${this.kind} has no method ${method}`)));
      this.#settle(
        () => work.apply(instance, args as unknown[]),
        (value) => leave(() => done(null, value)),
        (error) => leave(() => done(error)),
      );
    });
  }

  /**
   * Reads an object without being a caller: one that sleeps stays asleep. Whoever calls a sleeping object wakes it, and
   * waking heals much of what a lost timer or alarm left behind.
   */
  peek(method: string, args: readonly unknown[], answer: (value: unknown) => void): void {
    const ghost = {
      name: "witness",
      skewMs: this.skewMs,
      life: 0,
      output: () => undefined,
      // Its timers never run, and what it did to the rows is undone.
      endTurn: () => {
        ghost.life += 1;
        if (!this.instance) this.rows.lose();
      },
    };
    this.#sim.scheduler.after(ghost, 0, () => {
      const instance = this.instance ?? this.#make(this.#context(), this);
      Promise.resolve(instance[method]?.(...args)).then(answer, (error: unknown) => answer(error));
    });
  }

  #settle(
    work: () => unknown,
    onValue: (value: unknown) => void,
    onError: (error: unknown) => void,
  ): void {
    let result: unknown;
    try {
      result = work();
    } catch (error) {
      onError(error);
      return;
    }
    Promise.resolve(result).then(onValue, onError);
  }

  #awake(task: () => void): void {
    if (!this.instance) this.#wake();
    if (this.#blocks > 0) this.#waiting.push(task);
    else task();
  }

  // ---- sockets

  #accept(socket: SimSocket): void {
    const { peer } = socket;
    if (!peer) throw new Error("a socket has two ends");
    const { scheduler, network, outside } = this.#sim;
    this.sockets.add(socket);
    socket.onSend = (text) =>
      this.output(() => {
        scheduler.after(outside, network.latencyMs(), () => peer.arrives(text));
      });
    socket.onClose = () => {
      this.sockets.delete(socket);
      scheduler.after(outside, network.latencyMs(), () => peer.cut());
    };
    peer.onSend = (text) =>
      void scheduler.whenever(this, network.latencyMs(), () => this.#hear(socket, text));
    peer.onClose = () =>
      void scheduler.whenever(this, network.latencyMs(), () => {
        if (!this.sockets.delete(socket)) return;
        socket.isClosed = true;
        this.receive("webSocketClose", [socket, 1006, "", false], () => undefined);
      });
  }

  #hear(socket: SimSocket, text: string): void {
    if (!this.sockets.has(socket)) return;
    this.#sim.trace.say(this.name, () => `hears ${text.slice(0, 60)}`);
    this.receive("webSocketMessage", [socket, text], () => undefined);
  }

  // ---- the alarm

  #planAlarm(): void {
    const { scheduler } = this.#sim;
    if (this.#alarmEvent) scheduler.cancel(this.#alarmEvent);
    this.#alarmEvent = null;
    const atMs = this.rows.durableAlarmAtMs;
    if (atMs === null || this.rows.isAlarmRunning) return;
    const delayMs = Math.max(0, atMs - this.skewMs - scheduler.nowMs);
    this.#alarmEvent = scheduler.whenever(this, delayMs, () => this.#ring());
  }

  #ring(): void {
    this.#alarmEvent = null;
    const { faults, law, random, scheduler, trace } = this.#sim;
    const { rows } = this;
    // A change that is not durable yet plans the alarm anew when it is.
    if (rows.durableAlarmAtMs === null || rows.isDirty) return;
    if (!law.wakes || faults.strikes("lost_alarm")) {
      rows.durableAlarmAtMs = null;
      rows.alarmAtMs = null;
      trace.say(this.name, () => "its alarm never rings");
      return;
    }
    trace.say(this.name, () => "alarm");
    rows.isAlarmRunning = true;
    rows.alarmAtMs = null;
    this.receive("alarm", [], (error) => this.#rang(error));
    if (faults.strikes("duplicate_alarm")) {
      scheduler.whenever(this, random.next() * 3_000, () => {
        trace.say(this.name, () => "the same alarm again");
        this.receive("alarm", [], () => undefined);
      });
    }
  }

  #rang(error: unknown): void {
    const { rows } = this;
    if (error instanceof Died) return;
    rows.isAlarmRunning = false;
    // A handler that throws is called again by the platform.
    if (error) rows.alarmAtMs ??= this.#sim.scheduler.nowMs + this.skewMs + 2_000;
    if (!rows.isDirty) {
      rows.durableAlarmAtMs = rows.alarmAtMs;
      this.#planAlarm();
    }
  }

  // ---- what the instance sees

  #context(): unknown {
    const { rows } = this;
    const { life } = this;
    const alive = (): void => {
      if (this.life !== life) throw new Error("a dead instance went on working");
    };
    const sql = {
      exec: (query: string, ...bindings: unknown[]) => {
        alive();
        return new Cursor(rows.exec(query, bindings));
      },
    };
    const storage = {
      sql,
      transactionSync: <T>(work: () => T): T => {
        alive();
        return rows.transactionSync(work);
      },
      getAlarm: async () => rows.alarmAtMs,
      setAlarm: async (at: number | Date) => {
        alive();
        rows.setAlarm(Number(at));
      },
      deleteAlarm: async () => rows.setAlarm(null),
      sync: () => new Promise<void>((resolve) => this.output(() => this.#later(resolve))),
    };
    return {
      id: { name: this.id, toString: () => this.id },
      storage,
      blockConcurrencyWhile: (work: () => Promise<unknown>) => this.#blockWhile(work),
      acceptWebSocket: (socket: SimSocket) => this.#accept(socket),
      getWebSockets: () => [...this.sockets],
      waitUntil: () => undefined,
      abort: () => this.#later(() => this.crash("by its own hand")),
    };
  }

  #later(run: () => void): void {
    this.#sim.scheduler.after(this, 0, run);
  }

  async #blockWhile(work: () => Promise<unknown>): Promise<unknown> {
    const { life } = this;
    this.#blocks += 1;
    try {
      return await work();
    } catch (error) {
      if (life === this.life) this.#later(() => this.crash("because its start failed"));
      throw error;
    } finally {
      if (life === this.life) this.#unblock();
    }
  }

  #unblock(): void {
    this.#blocks -= 1;
    if (this.#blocks > 0) return;
    const tasks = this.#waiting;
    this.#waiting = [];
    for (const task of tasks) task();
  }
}
