/** Rows of many senders in one statement: one that D1 never takes keeps no other sender's waiting. */
import { runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { LIMITS } from "../kernel/limits.ts";
import { bindings, migrate } from "../testing/object-catalogue.ts";
import { storedRow } from "./projection.ts";
import type { Projector } from "./projector-object.ts";

let made = 0;

/** A row of a member of its own. `hash`: D1 takes none that is null. */
function row(hash: string | null = "h"): { readonly memberId: string; readonly text: string } {
  const memberId = `projected-${(made += 1)}`;
  const entry = {
    ...{ programmeId: "projected", memberId, seq: 1, type: "top_up", movedFen: 5, amountFen: 5 },
    ...{ balanceAfterFen: 5, orderId: null, sourceId: null, recordedAtMs: 1, prevHash: "" },
  };
  return { memberId, text: storedRow({ ...entry, hash: hash as string }) };
}

async function isInD1({ memberId }: { readonly memberId: string }): Promise<boolean> {
  const sql = "SELECT 1 FROM stored_entries WHERE programme_id = 'projected' AND member_id = ?1";
  return (await bindings.DB.prepare(sql).bind(memberId).first()) !== null;
}

async function owedFen(): Promise<number> {
  const sql = "SELECT owed_fen AS fen FROM stored_totals WHERE programme_id = 'projected'";
  return (await bindings.DB.prepare(sql).first<number>("fen")) ?? 0;
}

interface Batches {
  count: number;
  /** Set: D1 is away, and says so in these words. */
  away?: string;
}

/** A projector of its own that counts what it asks of D1. */
function within<T>(work: (projector: Projector, batches: Batches) => Promise<T>): Promise<T> {
  const stub = bindings.PROJECTOR.getByName(`projector:test-${(made += 1)}`);
  return runInDurableObject(stub, (projector: Projector) => {
    const batches: Batches = { count: 0 };
    const { DB } = bindings;
    const counting = {
      prepare: (sql: string) => DB.prepare(sql),
      batch: (statements: D1PreparedStatement[]) => {
        batches.count += 1;
        return batches.away === undefined
          ? DB.batch(statements)
          : Promise.reject(new Error(batches.away));
      },
    };
    Object.assign(projector, { env: { ...bindings, DB: counting } });
    return work(projector, batches);
  });
}

const words = async (calls: readonly Promise<void>[]): Promise<readonly string[]> =>
  (await Promise.allSettled(calls)).map(({ status }) => status);

beforeAll(migrate);

describe("a projector", () => {
  it("writes everybody's rows but those of the sender of a row that D1 refuses", async () => {
    const rows = Array.from({ length: 9 }, (_, at) => row(at === 5 ? null : "h"));
    const before = await owedFen();
    await within(async (projector) => {
      const said = await words(
        rows.map(({ text }, at) => projector.project({ stored: [text] }, `sender-${at}`)),
      );
      expect(said.map((word) => word === "fulfilled")).toEqual(rows.map((_, at) => at !== 5));
    });
    expect(await Promise.all(rows.map(isInD1))).toEqual(rows.map((_, at) => at !== 5));
    // Each is counted once, however often its batch was split.
    expect(await owedFen()).toBe(before + 8 * 5);
  });

  it("keeps that sender apart afterwards, and lets it in again when its row passes", async () => {
    await within(async (projector, batches) => {
      const send = (text: string, sender: string) => projector.project({ stored: [text] }, sender);
      await words([send(row(null).text, "broken"), send(row().text, "well")]);
      batches.count = 0;
      const others = [row(), row(), row()];
      const again = [...others.slice(0, 2).map(({ text }, at) => send(text, `well-${at}`))];
      const refused = send(row(null).text, "broken");
      const behind = send(others[2]?.text ?? "", "well-2");
      expect(await words([...again, refused, behind])).toEqual([
        ...["fulfilled", "fulfilled", "rejected", "fulfilled"],
      ]);
      // Those before it, itself, and those behind it: nothing is tried twice.
      expect(batches.count).toBe(3);

      await send(row().text, "broken");
      batches.count = 0;
      expect(await words([send(row().text, "broken"), send(row().text, "well")])).toEqual([
        ...["fulfilled", "fulfilled"],
      ]);
      expect(batches.count).toBe(1);
    });
  });

  it("asks once while D1 is away, and everybody's rows wait", async () => {
    await within(async (projector, batches) => {
      for (const away of ["D1_ERROR: Network connection lost.", "D1_ERROR: no such table: sales"]) {
        Object.assign(batches, { away, count: 0 });
        const rows = Array.from({ length: 8 }, () => row());
        const said = await words(
          rows.map(({ text }, at) => projector.project({ stored: [text] }, `sender-${at}`)),
        );
        expect(said).toEqual(rows.map(() => "rejected"));
        expect(batches.count).toBe(1);
      }
    });
  });

  it("cuts what one sender has waiting into statements that D1 takes", async () => {
    const long = "k".repeat(LIMITS.projectionLengthMax / 4);
    const rows = Array.from({ length: 9 }, () => row(long));
    await within(async (projector, batches) => {
      await projector.project({ stored: rows.map(({ text }) => text) }, "sender");
      expect(batches.count).toBe(3);
    });
    expect(await Promise.all(rows.map(isInD1))).toEqual(rows.map(() => true));
  });
});
