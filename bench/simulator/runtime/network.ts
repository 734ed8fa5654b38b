/** Calls between objects: copied, late, lost, repeated, refused, and worded by peers of another version. */
import { short } from "../trace.ts";
import { copyOf } from "./copy.ts";
import type { ObjectHost } from "./object-host.ts";
import type { Party } from "./scheduler.ts";
import type { Simulation } from "./simulation.ts";

/** A repeated call of these is another command, so the platform never repeats them. */
const ONCE_ONLY = new Set(["command", "draft", "fetch"]);
/** Optional in today's messages, so an older peer leaves them out. */
const OPTIONAL = new Set(["frozen"]);
/** Keys of these are data and no fields. */
const DICTIONARIES = new Set(["figures", "sources", "heads"]);

export class PlatformError extends Error {
  readonly overloaded: boolean;
  readonly retryable: boolean;

  constructor(message: string, kind: "overloaded" | "retryable") {
    super(message);
    this.overloaded = kind === "overloaded";
    this.retryable = kind === "retryable";
  }
}

interface Call {
  readonly caller: Party;
  readonly life: number;
  readonly host: ObjectHost;
  readonly method: string;
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export class Network {
  readonly #sim: Simulation;

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  call(
    caller: Party,
    host: ObjectHost,
    method: string,
    args: readonly unknown[],
  ): Promise<unknown> {
    const copies = method === "fetch" ? args : args.map((arg) => copyOf(arg));
    return new Promise((resolve, reject) => {
      const call = { caller, life: caller.life, host, method, args: copies, resolve, reject };
      if ("waitsFor" in caller) (caller as ObjectHost).waitsFor += 1;
      caller.output(() => this.#send(call));
    });
  }

  /** How long a message takes, ms. */
  latencyMs(): number {
    const { faults, random } = this.#sim;
    const plain = 0.2 + random.next() * 2;
    if (faults.strikes("delay")) return plain + random.next() * random.pick([300, 3_000, 15_000]);
    if (faults.strikes("reorder")) return plain + random.next() * 60;
    return plain;
  }

  #send(call: Call): void {
    const { faults, law, random, scheduler, trace } = this.#sim;
    const { caller, host, method } = call;
    const isDeaf = law.deaf.includes(`${caller.name.split(" ")[0]}→${host.kind}.${method}`);
    trace.say(
      caller.name,
      () => `→ ${host.name}: ${method}(${call.args.map((a) => short(a)).join(", ")})`,
    );
    if (faults.strikes("overloaded")) {
      trace.say("network", () => `${host.name} is overloaded and does not hear ${method}`);
      return this.#answer(call, new PlatformError("Durable Object is overloaded.", "overloaded"));
    }
    if (isDeaf || faults.strikes("drop_request")) {
      trace.say("network", () => `loses ${method} to ${host.name}`);
      return this.#lose(call);
    }
    const args = faults.strikes("version_skew")
      ? call.args.map((arg) => otherVersion(arg))
      : call.args;
    scheduler.whenever(host, this.latencyMs(), () => this.#arrive(call, args, true));
    if (!ONCE_ONLY.has(method) && faults.strikes("duplicate")) {
      const again = args.map((arg) => copyOf(arg));
      const lateMs = random.next() * random.pick([5, 500, 5_000, 90_000]);
      scheduler.whenever(host, lateMs, () => {
        trace.say("network", () => `delivers ${method} to ${host.name} a second time`);
        this.#arrive(call, again, false);
      });
    }
  }

  #arrive(call: Call, args: readonly unknown[], isAnswered: boolean): void {
    const { faults, trace } = this.#sim;
    const { host, method } = call;
    host.receive(method, args, (error, value) => {
      if (!isAnswered) return;
      if (error) return this.#answer(call, error);
      if (faults.strikes("drop_reply")) {
        trace.say("network", () => `loses the reply of ${host.name} to ${method}`);
        return this.#lose(call);
      }
      this.#answer(call, null, value);
    });
  }

  #answer(call: Call, error: unknown, value?: unknown): void {
    const { faults, scheduler, trace } = this.#sim;
    const { caller, host, method } = call;
    let copy = method === "fetch" ? value : copyOf(value);
    if (method !== "fetch" && faults.strikes("version_skew")) copy = otherVersion(copy);
    if (caller.life !== call.life) return;
    scheduler.after(caller, this.latencyMs(), () => {
      if ("waitsFor" in caller) (caller as ObjectHost).waitsFor -= 1;
      trace.say(caller.name, () =>
        error
          ? `✗ ${host.name}: ${method} failed: ${String(error)}`
          : `← ${host.name}: ${method} answers ${short(copy)}`,
      );
      if (error) call.reject(error);
      else call.resolve(copy);
    });
  }

  /** The platform notices a lost connection, at once or after seconds. */
  #lose(call: Call): void {
    const { random, scheduler } = this.#sim;
    if (call.caller.life !== call.life) return;
    const waitMs = random.next() * random.pick([20, 1_000, 12_000]);
    scheduler.after(call.caller, waitMs, () =>
      this.#answer(call, new PlatformError("Network connection lost.", "retryable")),
    );
  }

  /** A binding as the product sees it. */
  namespace(caller: Party, hostOf: (name: string) => ObjectHost): unknown {
    const stub = (name: string): unknown =>
      new Proxy(
        {},
        {
          get: (_target, method) =>
            typeof method !== "string" || method === "then"
              ? undefined
              : (...args: unknown[]) => this.call(caller, hostOf(name), method, args),
        },
      );
    return {
      getByName: stub,
      idFromName: (name: string) => name,
      get: stub,
    };
  }
}

/** Batches that travel as one text: a later peer has one more figure in each line. */
const PACKED = new Set(["items", "answers"]);

/** The same payload from a peer some minutes older or newer. */
function otherVersion(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(otherVersion);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) {
    if (key === "frozen" && "kind" in value && OPTIONAL.has(key)) continue;
    if (PACKED.has(key) && typeof one === "string") copy[key] = one.replaceAll("\n", " 2\n");
    else copy[key] = DICTIONARIES.has(key) ? one : otherVersion(one);
  }
  copy["fieldOfLater"] = { version: 2 };
  return copy;
}
