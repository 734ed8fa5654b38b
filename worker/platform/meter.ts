/**
 * Counts what a deployment is billed for: rows, calls, messages, alarms. For the cost tools only: it is there when
 * METER and DEV_LOGIN both say `on`, and nothing is wrapped otherwise. The figures live in the memory of one isolate,
 * which all objects share in the local runtime and nowhere else.
 */
import type { Env } from "./env.ts";
import type { Metered, MeterFigure, ObjectClass, Owner } from "./meter-figures.ts";

export { METER_PATH, type ObjectClass } from "./meter-figures.ts";

/** An object stays billable this long after a call: timers of tens to hundreds of milliseconds keep it awake. */
const AWAKE_AFTER_CALL_MS = 250;

interface Activity {
  calls: number;
  billedUntilMs: number;
}

export class Meter {
  readonly #counts = new Map<string, number>();
  readonly #activity = new Map<string, Activity>();
  readonly #unread: { owner: Owner; query: string; cursor: SqlStorageCursor<never> }[] = [];

  add(owner: Owner, kind: Metered, what = "", count = 1): void {
    if (count === 0) return;
    const key = `${owner} ${kind} ${what}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
  }

  /** A cursor knows its rows once it was read, so they are added when the next statement comes, or the report. */
  statement(owner: Owner, query: string, cursor: SqlStorageCursor<never>): void {
    this.#readCursors();
    this.#unread.push({ owner, query, cursor });
  }

  #readCursors(): void {
    for (const { owner, query, cursor } of this.#unread.splice(0)) {
      const table = tableOf(query);
      this.add(owner, "rowsWritten", table, cursor.rowsWritten);
      this.add(owner, "rowsRead", table, cursor.rowsRead);
    }
  }

  /** Runs a call to an object and counts it, with the time the object is awake for it. */
  async call(
    owner: ObjectClass,
    name: string,
    method: string,
    run: () => unknown,
  ): Promise<unknown> {
    this.add(owner, "call", method);
    const activity = this.#active(owner, name);
    activity.calls += 1;
    try {
      return await run();
    } finally {
      this.#active(owner, name);
      activity.calls -= 1;
    }
  }

  /** The object did something now; bills the time since, as far as it was awake. */
  #active(owner: ObjectClass, name: string): Activity {
    const key = `${owner} ${name}`;
    const nowMs = Date.now();
    const activity = this.#activity.get(key) ?? { calls: 0, billedUntilMs: nowMs };
    this.#activity.set(key, activity);
    const wasAwake = activity.calls > 0 || nowMs <= activity.billedUntilMs;
    const fromMs = wasAwake ? activity.billedUntilMs : nowMs;
    const untilMs = nowMs + AWAKE_AFTER_CALL_MS;
    this.add(owner, "activeMs", "", Math.max(0, untilMs - fromMs));
    activity.billedUntilMs = untilMs;
    return activity;
  }

  message(owner: ObjectClass, name: string): void {
    this.add(owner, "messageIn");
    this.#active(owner, name);
  }

  figures(): MeterFigure[] {
    this.#readCursors();
    return [...this.#counts].map(([key, count]) => {
      const [owner = "", kind = "", ...what] = key.split(" ");
      return { owner: owner as Owner, kind: kind as Metered, what: what.join(" "), count };
    });
  }

  /** GET reads the figures, DELETE reads and empties them. */
  answer(request: Request): Response {
    const figures = this.figures();
    if (request.method === "DELETE") this.#counts.clear();
    return Response.json({ figures });
  }
}

const METER = new Meter();

/** Null: nothing is counted. */
export function meterOf(env: Env): Meter | null {
  return env.METER === "on" && env.DEV_LOGIN === "on" ? METER : null;
}

const tables = new Map<string, string>();

/** The table a statement is about: what it writes to, or the first it reads from. */
function tableOf(query: string): string {
  let table = tables.get(query);
  if (table === undefined) {
    const match =
      /\b(?:INTO|UPDATE|DELETE\s+FROM)\s+(\w+)/i.exec(query) ?? /\bFROM\s+(\w+)/i.exec(query);
    table = match?.[1] ?? "other";
    tables.set(query, table);
  }
  return table;
}

/** The storage itself, or one that counts. */
export function meteredStorage(
  storage: DurableObjectStorage,
  owner: ObjectClass,
  env: Env,
): DurableObjectStorage {
  const meter = meterOf(env);
  if (!meter) return storage;
  const sql = replacing(storage.sql, {
    exec: (query: string, ...bindings: SqlStorageValue[]) => {
      const cursor = storage.sql.exec(query, ...bindings);
      meter.statement(owner, query, cursor as SqlStorageCursor<never>);
      return cursor;
    },
  });
  return replacing(storage, {
    sql,
    setAlarm: (atMs: number) => {
      meter.add(owner, "setAlarm");
      return storage.setAlarm(atMs);
    },
  });
}

/** A stub whose calls are counted. */
export function meteredStub<T extends object>(
  stub: T,
  name: string,
  owner: ObjectClass,
  meter: Meter,
): T {
  return new Proxy(stub, {
    get:
      (target, method) =>
      (...values: unknown[]) =>
        // By one expression: a method of a stub has no `apply`, that would be a call of its own.
        meter.call(owner, name, String(method), () =>
          (target as Record<string | symbol, (...values: unknown[]) => unknown>)[method]?.(
            ...values,
          ),
        ),
  });
}

/** The same object with some members of its own; methods of the runtime keep their receiver. */
function replacing<T extends object>(target: T, members: Readonly<Record<string, unknown>>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (typeof name === "string" && name in members) return members[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
