/**
 * The globals that the product uses, bound to virtual time and to the seed. Installed once in a process that does
 * nothing but simulate; each life puts its own scheduler behind them.
 */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { ObjectHost } from "./object-host.ts";
import type { Event, Party, Scheduler } from "./scheduler.ts";
import { simSubtle } from "./subtle.ts";
import { SimHeaders, SimRequest, SimResponse, SimSocketPair } from "./web.ts";

interface World {
  readonly scheduler: Scheduler;
  readonly chance: Random;
  readonly log: (line: string) => void;
  /** The network outside the platform. */
  readonly fetch: (url: string, sent: Sent) => Promise<unknown>;
}

interface Sent {
  readonly method?: string;
  readonly body?: string;
}

interface Timer {
  readonly event: Event;
  readonly party: Party;
  readonly life: number;
}

let world: World | null = null;

/** Null between lives: nothing of the product may run then. */
export function enterWorld(next: World | null): void {
  world = next;
}

const realNow = Date.now.bind(Date);

function there(): World {
  if (!world) throw new Error("the product ran outside a simulated life");
  return world;
}

function now(): number {
  if (!world) return realNow();
  return Math.floor(world.scheduler.nowMs) + (world.scheduler.current?.skewMs ?? 0);
}

function setTimer(run: () => void, delayMs = 0): Timer {
  const { scheduler } = there();
  const party = scheduler.current;
  if (!party) throw new Error("a timer was set outside a turn");
  wait(party, 1);
  if (delayMs < 1) countSpin(party);
  const event = scheduler.after(party, delayMs, () => {
    event.run = null;
    wait(party, -1);
    run();
  });
  return { event, party, life: party.life };
}

/** More timers without a delay than this in a second are a loop that waits for something without pausing. */
const SPIN_TIMERS = 5_000;
let spin = { party: null as Party | null, second: 0, timers: 0 };

function countSpin(party: Party): void {
  const { log, scheduler } = there();
  const second = Math.floor(scheduler.nowMs / 1_000);
  if (spin.party !== party || spin.second !== second) spin = { party, second, timers: 0 };
  spin.timers += 1;
  if (spin.timers === SPIN_TIMERS) log(`InvariantBreach: spin of ${party.name}`);
}

function clearTimer(timer: Timer | null | undefined): void {
  if (!timer || timer.event.run === null) return;
  timer.event.run = null;
  if (timer.party.life === timer.life) wait(timer.party, -1);
}

function wait(party: Party, by: number): void {
  if ("waitsFor" in party) (party as ObjectHost).waitsFor += by;
}

function randomUuid(): string {
  const hex = (): string => there().chance.below(65_536).toString(16).padStart(4, "0");
  return `${hex()}${hex()}-${hex()}-4${hex().slice(1)}-8${hex().slice(1)}-${hex()}${hex()}${hex()}`;
}

/** Nonces and keys of a life are of its seed, or two runs of it would not read the same. */
function randomValues(bytes: Uint8Array): Uint8Array {
  bytes.set(bytes.map(() => there().chance.below(256)));
  return bytes;
}

/** Call once, before the product's modules are loaded. */
export function installGlobals(): void {
  Date.now = now;
  const realRandom = Math.random;
  Math.random = () => (world ? world.chance.next() : realRandom());
  const changed = {
    setTimeout: setTimer,
    clearTimeout: clearTimer,
    fetch: (url: string, sent: Sent) => there().fetch(url, sent),
    Request: SimRequest,
    Response: SimResponse,
    Headers: SimHeaders,
    WebSocketPair: SimSocketPair,
    // An edge that keeps nothing: what it has in common with others is read from where it lies.
    caches: { default: { match: () => Promise.resolve(), put: () => Promise.resolve() } },
  };
  for (const [name, value] of Object.entries(changed)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  Object.defineProperty(crypto, "subtle", { value: simSubtle, configurable: true });
  // Who does not answer in time is simulated where the answer would come from.
  AbortSignal.timeout = () => new AbortController().signal;
  Object.defineProperty(crypto, "randomUUID", { value: randomUuid, configurable: true });
  Object.defineProperty(crypto, "getRandomValues", { value: randomValues, configurable: true });
  console.log = (line: unknown) => world?.log(String(line));
}
