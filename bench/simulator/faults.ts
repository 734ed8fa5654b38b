/** What can go wrong, by name. Each is rolled where it could strike; healed, nothing strikes any more. */
import type { Random } from "../../worker/testing/simulation/random.ts";

interface Fault {
  /** Chance at each opportunity. */
  readonly chance: number;
  /** The opportunity, and what happens. */
  readonly says: string;
}

export const FAULTS = {
  drop_request: {
    chance: 0.008,
    says: "a call between objects is lost; its caller hears of it later",
  },
  drop_reply: { chance: 0.008, says: "a call is carried out, its reply is lost" },
  duplicate: { chance: 0.02, says: "a call is delivered a second time, up to minutes later" },
  delay: { chance: 0.01, says: "a message takes up to fifteen seconds" },
  reorder: { chance: 0.05, says: "a message is overtaken by later ones" },
  overloaded: { chance: 0.004, says: "an object refuses a call as overloaded" },
  crash_before_commit: {
    chance: 0.004,
    says: "an object dies with what it wrote and did not commit",
  },
  crash_after_commit: {
    chance: 0.004,
    says: "an object dies after a commit, before anything left it",
  },
  crash_any_time: { chance: 0.0008, says: "an object dies between two turns" },
  slow_commit: { chance: 0.3, says: "a commit takes milliseconds; more turns join it" },
  evict: { chance: 0.004, says: "an idle object is put to sleep; its sockets stay" },
  lost_alarm: { chance: 0.1, says: "an alarm never rings" },
  duplicate_alarm: { chance: 0.05, says: "an alarm rings twice" },
  d1_down: { chance: 0.01, says: "D1 refuses everything for up to forty seconds" },
  d1_partial_ack: { chance: 0.04, says: "D1 commits a batch and its acknowledgement is lost" },
  d1_slow: { chance: 0.05, says: "D1 takes up to eight seconds" },
  clock_skew: {
    chance: 0.3,
    says: "an object starts with a clock off by seconds, at times by an hour",
  },
  version_skew: {
    chance: 0.03,
    says: "a payload has fields of a newer peer, or lacks optional ones",
  },
  socket_cut: { chance: 0.01, says: "a member's socket breaks" },
  http_cut: { chance: 0.01, says: "a member's request or its answer is lost" },
  abandon: { chance: 0.04, says: "a member gives up for good at some step" },
  double_tap: { chance: 0.06, says: "a client sends a request twice" },
  other_body: { chance: 0.02, says: "a client repeats an order id with another quantity" },
  hasty_exchange: {
    chance: 0.3,
    says: "a page exchanges its ticket while its own grab is undecided",
  },
  double_cancel: { chance: 0.3, says: "a member cancels twice at the same time" },
  restock_race: { chance: 0.3, says: "staff restocks during the rush" },
  wave_race: { chance: 0.3, says: "staff forces waves during the rush" },
  pause_race: { chance: 0.25, says: "staff pauses the sale during the rush and resumes it" },
  extend_race: { chance: 0.15, says: "staff lets the sale run for longer during the rush" },
  close_race: { chance: 0.12, says: "staff closes the sale during the rush" },
  bank_silent: { chance: 0.08, says: "the bank gives no answer, having heard the request or not" },
  notice_lost: { chance: 0.12, says: "the bank never tells of a payment" },
  notice_twice: { chance: 0.2, says: "the bank tells of a payment once more, up to minutes later" },
  notice_late: { chance: 0.25, says: "the bank tells of a payment up to two minutes late" },
  pays_late: { chance: 0.9, says: "the bank takes money after the deadline of a payment" },
  pays_twice: { chance: 0.08, says: "the bank takes the money of a payment twice" },
  pays_wrong: { chance: 0.04, says: "the bank takes another amount" },
  refund_refused: { chance: 0.2, says: "the bank refuses a refund" },
  refund_slow: { chance: 0.3, says: "the bank takes a refund and makes it later" },
  supplier_silent: {
    chance: 0.3,
    says: "the supplier gives no answer, having heard the request or not",
  },
  supplier_refuses: { chance: 0.25, says: "the supplier says for good that it cannot book" },
  callback_lost: { chance: 0.4, says: "the supplier never tells what became of a top-up" },
  callback_twice: { chance: 0.3, says: "the supplier tells it once more, up to minutes later" },
  callback_late: { chance: 0.3, says: "the supplier tells it up to two minutes late" },
} as const satisfies Record<string, Fault>;

/** Faults of the bank and of the supplier have chances of their own to draw from, so that lives without money stay what they were. */
const OF_THE_BANK = /^(?:bank|notice|pays|refund|supplier|callback)_/;

/** The witness looks at rows after every so many commits, at figures after each. */
export const LOOK_EVERY = 12;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
export type Chances = Readonly<Record<FaultName, number>>;

export const DEFAULT_CHANCES = Object.fromEntries(
  FAULT_NAMES.map((name) => [name, FAULTS[name].chance]),
) as Record<FaultName, number>;

/** Reads `none`, `crash_any_time,drop_reply=0.2` (only these) or `all,lost_alarm=0` (all but what is named). */
export function parseFaults(text: string): Chances | string {
  const chances = { ...DEFAULT_CHANCES };
  const parts = text.split(",").map((part) => part.trim());
  if (parts[0] !== "all") for (const name of FAULT_NAMES) chances[name] = 0;
  for (const part of parts) {
    if (part === "all" || part === "none") continue;
    const [name = "", chance] = part.split("=", 2);
    if (!(name in FAULTS)) return `no fault is called ${name}`;
    const value = chance === undefined ? FAULTS[name as FaultName].chance : Number(chance);
    if (!(value >= 0 && value <= 1)) return `${name} takes a chance from 0 to 1`;
    chances[name as FaultName] = value;
  }
  return chances;
}

const BANK_FAULTS: ReadonlySet<FaultName> = new Set(
  FAULT_NAMES.filter((name) => OF_THE_BANK.test(name)),
);

export type Counts = Record<FaultName, number>;
export const noCounts = (): Counts =>
  Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Counts;

/** In one life some faults never strike and some strike often: the mixture finds what an even rain does not. */
const MOODS = [0, 0.5, 1, 1, 2, 5] as const;

export class Faults {
  readonly #random: (name: FaultName) => Random;
  readonly #chances: Record<FaultName, number>;
  readonly counts: Counts;
  isHealed = false;

  constructor(random: Random, ofTheBank: Random, chances: Chances, counts: Counts) {
    this.#random = (name) => (BANK_FAULTS.has(name) ? ofTheBank : random);
    this.counts = counts;
    this.#chances = { ...chances };
    for (const name of FAULT_NAMES) {
      this.#chances[name] = Math.min(0.9, this.#chances[name] * this.#random(name).pick(MOODS));
    }
  }

  strikes(name: FaultName): boolean {
    const chance = this.#chances[name];
    if (chance === 0 || this.isHealed || !this.#random(name).chance(chance)) return false;
    this.counts[name] += 1;
    return true;
  }
}
