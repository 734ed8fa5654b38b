/** The simulated platform keeps the promises of the real one, no more and no fewer. */
import { describe, expect, it } from "vitest";
import { Random } from "../../../worker/testing/simulation/random.ts";
import type { FaultName, Faults } from "../faults.ts";
import { Trace } from "../trace.ts";
import { Network } from "./network.ts";
import { ObjectHost, type Instance } from "./object-host.ts";
import { Rows } from "./rows.ts";
import { Scheduler, type Party } from "./scheduler.ts";
import { PLATFORM_LAW, type Simulation } from "./simulation.ts";

interface Storage {
  readonly sql: { exec(query: string, ...values: unknown[]): { toArray(): unknown[] } };
  transactionSync<T>(work: () => T): T;
  setAlarm(atMs: number): Promise<void>;
}

const outside: Party = {
  name: "outside",
  skewMs: 0,
  life: 0,
  endTurn: () => undefined,
  output: (send) => send(),
};

/** A platform where only the named fault strikes, and always. */
function platform(fault: FaultName | null = null): Simulation {
  const random = new Random(1);
  const scheduler = new Scheduler(0, random);
  const sim = {
    scheduler,
    random,
    faults: { strikes: (name: FaultName) => name === fault } as Faults,
    trace: new Trace(false, () => scheduler.nowMs),
    law: PLATFORM_LAW,
    outside,
    observe: () => undefined,
    committed: () => undefined,
  };
  return Object.assign(sim, { network: new Network(sim as unknown as Simulation) });
}

/** An object that counts its calls in a row, and its wakes in memory. */
function counter(sim: Simulation): ObjectHost {
  return new ObjectHost(sim, "Counter", "one", (context) => {
    const { storage } = context as { storage: Storage };
    storage.sql.exec("CREATE TABLE IF NOT EXISTS counts (n INTEGER)");
    const count = (): number => storage.sql.exec("SELECT n FROM counts").toArray().length;
    const instance = {
      add: async () => {
        storage.sql.exec("INSERT INTO counts VALUES (1)");
        return count();
      },
      read: async () => count(),
      broken: async () =>
        storage.transactionSync(() => {
          storage.sql.exec("INSERT INTO counts VALUES (1)");
          throw new Error("broken");
        }),
      ring: async () => storage.setAlarm(5_000),
      alarm: async () => void storage.sql.exec("INSERT INTO counts VALUES (2)"),
    };
    return instance as unknown as Instance;
  });
}

describe("a disk", () => {
  it("loses in a crash exactly what was not flushed, alarms included", () => {
    const rows = new Rows();
    rows.exec("CREATE TABLE t (n INTEGER)", []);
    rows.setAlarm(10);
    rows.flush();
    rows.exec("INSERT INTO t VALUES (?)", [1]);
    rows.setAlarm(20);
    expect(rows.isDirty).toBe(true);
    rows.lose();
    expect(rows.exec("SELECT * FROM t", [])).toEqual([]);
    expect(rows.alarmAtMs).toBe(10);
  });

  it("undoes a transaction that throws and keeps what was written around it", () => {
    const rows = new Rows();
    rows.exec("CREATE TABLE t (n INTEGER)", []);
    rows.exec("INSERT INTO t VALUES (?)", [1]);
    const broken = (): void =>
      rows.transactionSync(() => {
        rows.exec("INSERT INTO t VALUES (?)", [2]);
        throw new Error("broken");
      });
    expect(broken).toThrow("broken");
    rows.flush();
    rows.lose();
    expect(rows.exec("SELECT n FROM t", []).map((row) => row["n"])).toEqual([1]);
    // The first thing after a flush, so that there is nothing around it but an alarm.
    rows.setAlarm(7);
    expect(broken).toThrow("broken");
    rows.flush();
    expect(rows.exec("SELECT n FROM t", []).map((row) => row["n"])).toEqual([1]);
    expect(rows.durableAlarmAtMs).toBe(7);
    expect(broken).toThrow("broken");
    expect(rows.isDirty).toBe(false);
  });

  it("gives as many rows as a bound limit says, whichever was said before", () => {
    const rows = new Rows();
    rows.exec("CREATE TABLE t (n INTEGER)", []);
    for (const n of [1, 2, 3]) rows.exec("INSERT INTO t VALUES (?)", [n]);
    const query = "SELECT n FROM t WHERE n > ? ORDER BY n LIMIT ?";
    const read = (...values: number[]) => rows.exec(query, values).map((row) => row["n"]);
    expect([read(0, 2), read(1, 1), read(0, 2)]).toEqual([[1, 2], [2], [1, 2]]);
  });
});

describe("a turn", () => {
  it("ends when every promise of it has run, however long their chain is", async () => {
    const sim = platform();
    const told: string[] = [];
    const party = { ...outside, endTurn: () => void told.push("end") };
    const chain = async (): Promise<void> => {
      for (let at = 0; at < 1_000; at += 1) await Promise.resolve();
      told.push("chain");
    };
    sim.scheduler.after(party, 0, () => void chain());
    sim.scheduler.after(party, 1, () => void told.push("next"));
    await sim.scheduler.run(100, () => false);
    expect(told).toEqual(["chain", "end", "next", "end"]);
  });
});

describe("an object", () => {
  it("answers only when what it wrote is durable", async () => {
    // Every commit waits, so that the answer has something to wait for.
    const sim = platform("slow_commit");
    const host = counter(sim);
    let answer: unknown = null;
    sim.scheduler.whenever(host, 0, () => {
      host.receive("add", [], (_error, value) => (answer = value));
    });
    await sim.scheduler.run(1, () => host.rows.isDirty);
    expect(answer).toBeNull();
    await sim.scheduler.run(1_000, () => false);
    expect(host.rows.isDirty).toBe(false);
    expect(answer).toBe(1);
  });

  it("that dies before its commit tells its caller so, and forgets", async () => {
    const sim = platform();
    const host = counter(sim);
    const answers: unknown[] = [];
    const add = (): void =>
      host.receive("add", [], (error, value) => answers.push(error ? "died" : value));
    sim.scheduler.whenever(host, 0, add);
    await sim.scheduler.run(100, () => false);
    sim.scheduler.whenever(host, 0, () => {
      add();
      host.crash("in a test");
    });
    sim.scheduler.whenever(host, 10, add);
    await sim.scheduler.run(1_000, () => false);
    expect(answers).toEqual([1, "died", 2]);
  });

  it("is woken by its alarm after a crash, once it was durable", async () => {
    const sim = platform();
    const host = counter(sim);
    sim.scheduler.whenever(host, 0, () => host.receive("ring", [], () => undefined));
    await sim.scheduler.run(100, () => false);
    host.crash("in a test");
    await sim.scheduler.run(6_000, () => false);
    let rows: unknown = null;
    sim.scheduler.whenever(host, 0, () => host.receive("read", [], (_e, value) => (rows = value)));
    await sim.scheduler.run(7_000, () => false);
    expect(rows).toBe(1);
    expect(host.rows.durableAlarmAtMs).toBeNull();
  });

  it("is looked at without being woken", async () => {
    const sim = platform();
    const host = counter(sim);
    let seen: unknown = null;
    host.peek("read", [], (value) => (seen = value));
    await sim.scheduler.run(100, () => false);
    expect(seen).toBe(0);
    expect(host.instance).toBeNull();
  });
});

describe("a network", () => {
  it("copies what it carries and refuses what could not be sent", async () => {
    const sim = platform();
    const host = counter(sim);
    expect(() => sim.network.call(outside, host, "add", [() => 1])).toThrow("cannot be sent");
    const heard: unknown[] = [];
    const message = { n: 1 };
    const keeper = new ObjectHost(sim, "Keeper", "one", () => ({
      keep: async (one: unknown) => void heard.push(one),
    }));
    void sim.network.call(outside, keeper, "keep", [message]);
    message.n = 2;
    await sim.scheduler.run(1_000, () => false);
    expect(heard).toEqual([{ n: 1 }]);
  });
});
