/** Which Skus cron wakes, and that upkeep that fails keeps no other waiting: neither of another object nor of the same. */
import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import { sweepObjects } from "../console/index.ts";
import { skusToWake, WAKE_SQL } from "../console/skus-to-wake.ts";
import { expectIndexed } from "./d1-plans.ts";
import { bindings, migrate } from "./object-catalogue.ts";

const NAMES = ["a", "b", "c", "d", "e"];

beforeAll(async () => {
  await migrate();
  await bindings.DB.batch([
    bindings.DB.prepare("DELETE FROM skus"),
    bindings.DB.prepare(
      "INSERT OR IGNORE INTO points_programmes (programme_id, merchant_id, name, created_at_ms) VALUES ('wake', 'm', 'w', 0)",
    ),
    ...NAMES.map((skuId) =>
      bindings.DB.prepare(
        "INSERT INTO skus (programme_id, sku_id, title, category, created_at_ms) VALUES ('wake', ?1, '', '', 0)",
      ).bind(skuId),
    ),
    ...["open", "closed"].map((status, at) =>
      bindings.DB.prepare(
        `INSERT INTO sales (sale_id, programme_id, sku_id, kind, status, version, opens_at_ms, closes_at_ms, epoch, shelf,
           returned, reserve, live, moved_out, stocked, granted, terms, state)
         VALUES (?1, 'wake', ?1, 'flash', ?2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, '{}', '{}')`,
      ).bind(NAMES[4 - at], status),
    ),
  ]);
});

beforeEach(async () => {
  await bindings.DB.prepare("DELETE FROM sweep_marks").run();
});

afterEach(() => void vi.restoreAllMocks());

const woken = async (count: number): Promise<string[]> =>
  (await skusToWake(bindings, count)).map((key) => key.replace("wake.", ""));

describe("Skus to wake", () => {
  it("are all of a small catalogue, each minute", async () => {
    expect((await woken(10)).toSorted()).toEqual(NAMES);
    expect((await woken(10)).toSorted()).toEqual(NAMES);
  });

  it("are of a large one those whose sale runs, and the others in turn, round and round", async () => {
    expect([await woken(2), await woken(2), await woken(2), await woken(2)]).toEqual([
      ...[["e", "a", "b"], ["e", "c", "d"], ["e"]],
      ["e", "a", "b"],
    ]);
  });

  it("are found by indexes", async () => {
    for (const sql of Object.values(WAKE_SQL)) {
      await expectIndexed(bindings.DB, sql, /SCAN p USING COVERING INDEX/);
    }
  });

  it("sleep for no other one's failure", async () => {
    const swept: string[] = [];
    const namespace = {
      getByName: (name: string) => ({
        sweep: () => {
          swept.push(name);
          return name.endsWith("a") ? Promise.reject(new Error("broken")) : Promise.resolve();
        },
      }),
    };
    const SKU = namespace as unknown as typeof bindings.SKU;
    const ACCOUNT = namespace as unknown as typeof bindings.ACCOUNT;
    await sweepObjects({ ...bindings, SKU, ACCOUNT });
    expect(swept).toEqual(expect.arrayContaining(NAMES.map((name) => `wake.${name}`)));
    expect(swept).toContain("bucket:0");
  });
});

interface Inside {
  readonly clocks: { run: () => Promise<void> };
  readonly merging: { run: () => Promise<void> };
}

describe("an Account", () => {
  it("goes on with the rest of its upkeep where one part of it fails", async () => {
    const account = bindings.ACCOUNT.getByName("bucket:1");
    await runInDurableObject(account, async (object: Account) => {
      const inside = object as unknown as Inside;
      vi.spyOn(inside.clocks, "run").mockRejectedValue(new Error("broken"));
      const points = vi.spyOn(object, "sweepPoints");
      const merging = vi.spyOn(inside.merging, "run");
      await object.sweep();
      expect(points).toHaveBeenCalledOnce();
      expect(merging).toHaveBeenCalledOnce();
    });
  });
});
