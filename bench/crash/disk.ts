/** What a dead product left on the disk: read as evidence, or damaged before it rises. Only while no process serves it. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const D1_FOLDER = "state/d1/miniflare-D1DatabaseObject";
const TABLES = ["skus", "sales", "orders", "ledger_entries"];
/** The runtime's own file beside those of the objects: their alarms. */
const ALARMS_FILE = "metadata.sqlite";

function databasesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".sqlite") && name !== ALARMS_FILE)
    .map((name) => join(folder, name));
}

function within<T>(path: string, work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Every statement of the product that names a table of D1 fails while it is away. */
export function setD1Away(dataDir: string, isAway: boolean): void {
  for (const path of databasesIn(join(dataDir, D1_FOLDER))) {
    within(path, (db) => {
      for (const table of TABLES) {
        const [from, to] = isAway ? [table, `away_${table}`] : [`away_${table}`, table];
        db.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
      }
    });
  }
}

/** Fault: the runtime forgets when to wake the objects. */
export function loseAlarms(dataDir: string): void {
  for (const kind of ["Account", "Sku"]) {
    const path = join(dataDir, `state/do/qiangdui-${kind}`, ALARMS_FILE);
    if (existsSync(path)) within(path, (db) => db.exec("DELETE FROM _cf_ALARM"));
  }
}

/** Rows of a query over all objects of a kind; `sql` answers one figure named `n`. */
export function countOnDisk(dataDir: string, kind: "Account" | "Sku", sql: string): number {
  return databasesIn(join(dataDir, `state/do/qiangdui-${kind}`)).reduce(
    (sum, path) => sum + within(path, (db) => Number(db.prepare(sql).get()?.["n"])),
    0,
  );
}
