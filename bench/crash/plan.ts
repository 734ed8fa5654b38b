/** What a round does to the product, made from its seed alone. */
import type { Random } from "../load/random.ts";
import {
  FAILPOINTS,
  isRecovery,
  LATER_FAILPOINTS,
  RECOVERY_FAILPOINTS,
  type Failpoint,
} from "./failpoints.ts";

/** How large and how long a round is. */
export interface Pace {
  readonly members: number;
  readonly opensAfterMs: number;
  /** Most taps fall into the rush after the opening, the rest into the calm after it. */
  readonly rushMs: number;
  readonly loadMs: number;
  readonly deathsMax: number;
  /** Shares of rounds that die once only, and of restarts that meet something more. */
  readonly singles: number;
  readonly troubles: number;
  /** A failpoint that is not reached within this time after a restart gives way to a plain SIGKILL. */
  readonly patienceMs: number;
}

export const FULL: Pace = {
  members: 240,
  opensAfterMs: 500,
  rushMs: 60,
  loadMs: 1_500,
  deathsMax: 3,
  singles: 0,
  troubles: 1,
  patienceMs: 1_200,
};

/** For every run of the tests. */
export const SHORT: Pace = {
  members: 60,
  opensAfterMs: 250,
  rushMs: 40,
  loadMs: 600,
  deathsMax: 2,
  singles: 0.75,
  troubles: 0.35,
  patienceMs: 400,
};

export type Blow =
  | { readonly kind: "moment"; readonly afterMs: number }
  | { readonly kind: "failpoint"; readonly place: string; readonly hit: number };

export interface Restart {
  /** A second death in the middle of the recovery; `moment` counts from the start of the process. */
  readonly blow: Blow | null;
  /** Until the next death. */
  readonly isD1Away: boolean;
  readonly areAlarmsLost: boolean;
  /** Until the next death. */
  readonly clockAheadMs: number;
}

export interface Death {
  readonly blow: Blow;
  readonly restart: Restart;
  /** Units put on the shelf right after it. */
  readonly restocks: number;
}

/** A minute passes a wave, ten pass every retry and every patience; a sale lasts an hour. */
const CLOCKS_AHEAD_MS = [5_000, 60_000, 600_000];
/** A runtime is up after about half a second. */
const STARTING_MS = { low: 100, high: 900 };

/** `only` is the place of every failpoint; else the seed goes through all of them, so that none is left to luck. */
export function planDeaths(
  seed: number,
  random: Random,
  pace: Pace,
  only: string | null,
): [Death, ...Death[]] {
  const count = random.chance(pace.singles) ? 1 : random.between(1, pace.deathsMax);
  const turn = FAILPOINTS[seed % FAILPOINTS.length]?.place ?? null;
  const isTurn = random.chance(0.8);
  const place = only ?? (isTurn ? turn : null);
  const first = planFirst(random, pace, count === 1, place, only);
  const later = Array.from({ length: count - 1 }, (_, at) => ({
    blow: planBlow(random, only),
    restart: planRestart(random, pace, at === count - 2, only),
    restocks: planRestocks(random),
  }));
  return [first, ...later];
}

/** A place that only a recovery comes through is met in the restart after a plain death in the rush. */
function planFirst(
  random: Random,
  pace: Pace,
  isLast: boolean,
  place: string | null,
  only: string | null,
): Death {
  const moment: Blow = { kind: "moment", afterMs: firstMomentMs(random, pace) };
  const restart = planRestart(random, pace, isLast, only);
  const failpoint = choose(random, FAILPOINTS, place ?? "");
  const restocks = planRestocks(random);
  if (failpoint === null) return { blow: moment, restart, restocks };
  return isRecovery(failpoint.place)
    ? { blow: moment, restart: { ...restart, blow: failpoint }, restocks }
    : { blow: failpoint, restart, restocks };
}

/** The epoch is raised before the survivors ask again: what was granted before the death must still be granted. */
const planRestocks = (random: Random): number => (random.chance(0.5) ? random.between(1, 4) : 0);

function planBlow(random: Random, only: string | null): Blow {
  const isNamed = random.chance(0.5);
  const failpoint = choose(random, LATER_FAILPOINTS, only);
  const afterMs = random.between(5, 500);
  return failpoint && (isNamed || only) ? failpoint : { kind: "moment", afterMs };
}

/** Mostly in the rush; else at any moment from the first ticket on. */
function firstMomentMs(random: Random, { opensAfterMs, rushMs, loadMs }: Pace): number {
  const isRush = random.chance(0.7);
  return isRush
    ? opensAfterMs + random.between(-10, 2 * rushMs)
    : random.between(20, opensAfterMs + loadMs);
}

/** What lasts until the next death needs one, so the last restart is a plain one. */
function planRestart(random: Random, pace: Pace, isLast: boolean, only: string | null): Restart {
  const dice = random.next() / pace.troubles;
  const failpoint = choose(random, RECOVERY_FAILPOINTS, only);
  const afterMs = random.between(STARTING_MS.low, STARTING_MS.high);
  const isD1Away = random.chance(0.2);
  const areAlarmsLost = random.chance(0.1);
  const isAhead = random.chance(0.2);
  const clockAheadMs = CLOCKS_AHEAD_MS[random.between(0, CLOCKS_AHEAD_MS.length - 1)] ?? 0;
  const moment: Blow | null = dice > 0.25 && dice < 0.4 ? { kind: "moment", afterMs } : null;
  return {
    blow: failpoint && (dice < 0.25 || only) ? failpoint : moment,
    isD1Away: isD1Away && !isLast,
    areAlarmsLost,
    clockAheadMs: isAhead && !isLast ? clockAheadMs : 0,
  };
}

type Place = Extract<Blow, { kind: "failpoint" }>;

function choose(random: Random, among: readonly Failpoint[], only: string | null): Place | null {
  const drawn = among[random.between(0, among.length - 1)];
  const chosen = only === null ? drawn : among.find(({ place }) => place === only);
  const luck = random.next();
  return chosen
    ? { kind: "failpoint", place: chosen.place, hit: 1 + Math.floor(luck * luck * chosen.hitsMax) }
    : null;
}

export function tellBlow(blow: Blow): string {
  return blow.kind === "moment" ? `${blow.afterMs} ms` : `${blow.place}@${blow.hit}`;
}
