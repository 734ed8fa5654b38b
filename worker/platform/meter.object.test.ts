import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { Env } from "./env.ts";
import { Meter, meteredStorage, meteredStub, meterOf } from "./meter.ts";

const bindings = env as unknown as Env;
const metered = { ...bindings, METER: "on", DEV_LOGIN: "on" } satisfies Env;

/** What the runtime counts for each statement, through the counting wrapper. */
async function rowsOf(name: string, statements: readonly string[]): Promise<number[]> {
  return runInDurableObject(bindings.SKU.getByName(name), (_instance, state) => {
    const { sql } = meteredStorage(state.storage, "Sku", metered);
    return statements.map((statement) => sql.exec(statement).rowsWritten);
  });
}

function countOf(what: string): number {
  const meter = meterOf(metered);
  const figures = meter?.figures() ?? [];
  return figures.find((one) => one.kind === "rowsWritten" && one.what === what)?.count ?? 0;
}

describe("the meter", () => {
  it("counts a row, each of its index entries, a change and a delete, as the bill does", async () => {
    const rows = await rowsOf("demo.meter-1", [
      "CREATE TABLE counted (a INTEGER PRIMARY KEY, b TEXT, c TEXT) STRICT",
      "CREATE INDEX counted_by_b ON counted (b)",
      "CREATE INDEX counted_by_c ON counted (c) WHERE c = 'open'",
      "INSERT INTO counted (a, b, c) VALUES (1, 'x', 'open')",
      "INSERT INTO counted (a, b, c) VALUES (2, 'y', 'shut')",
      "UPDATE counted SET c = 'shut' WHERE a = 1",
      "UPDATE counted SET b = 'z' WHERE a = 1",
      "DELETE FROM counted WHERE a = 1",
    ]);
    // An index entry that is added counts; one that is taken away comes with the row.
    expect(rows.slice(3)).toEqual([3, 2, 1, 2, 1]);
    expect(countOf("counted")).toBe(9);
  });

  it("counts alarms that are set, and leaves the storage as it was when off", async () => {
    await runInDurableObject(bindings.SKU.getByName("demo.meter-2"), async (_instance, state) => {
      const atMs = Date.now() + 3_600_000;
      await meteredStorage(state.storage, "Sku", metered).setAlarm(atMs);
      expect(await state.storage.getAlarm()).toBe(atMs);
      expect(meteredStorage(state.storage, "Sku", bindings)).toBe(state.storage);
      await state.storage.deleteAlarm();
    });
    const set = meterOf(metered)
      ?.figures()
      .find((one) => one.kind === "setAlarm" && one.owner === "Sku");
    expect(set?.count).toBeGreaterThanOrEqual(1);
  });

  it("counts calls by method and hands their answers and errors on", async () => {
    const meter = new Meter();
    const target = {
      ask: async (a: number) => a + 1,
      fail: async () => Promise.reject(new Error("no")),
    };
    const stub = meteredStub(target, "one", "Account", meter);
    expect(await stub.ask(1)).toBe(2);
    await expect(stub.fail()).rejects.toThrow("no");
    const calls = meter.figures().filter((one) => one.kind === "call");
    expect(calls.map(({ what, count }) => [what, count])).toEqual([
      ["ask", 1],
      ["fail", 1],
    ]);
  });

  it("is null unless both switches are on", () => {
    expect(meterOf({ ...metered, METER: "off" })).toBeNull();
    expect(meterOf({ ...metered, DEV_LOGIN: "off" })).toBeNull();
    expect(meterOf(metered)).not.toBeNull();
  });
});
