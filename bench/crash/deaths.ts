/** Carries out the deaths of a round, and writes down what happened. */
import { sleep, type ProductApi } from "../load/api.ts";
import { loseAlarms, setD1Away } from "./disk.ts";
import type { Phoenix } from "./phoenix.ts";
import { tellBlow, type Blow, type Death, type Pace, type Restart } from "./plan.ts";

export interface Chronicle {
  /** One line a death or damage, in order. */
  readonly events: string[];
  /** Places at which the product died. */
  readonly fired: string[];
  /** Places that were armed and not reached in time, so that it died at a moment instead. */
  readonly missed: string[];
  /** `performance.now()` when it last came back. */
  lastRiseMs: number;
}

export interface DeathsInput {
  readonly phoenix: Phoenix;
  readonly api: ProductApi;
  readonly saleId: string;
  readonly pace: Pace;
  readonly deaths: readonly Death[];
}

export async function runDeaths(input: DeathsInput): Promise<Chronicle> {
  const { api, deaths, pace, phoenix, saleId } = input;
  const startedMs = performance.now();
  const chronicle: Chronicle = { events: [], fired: [], missed: [], lastRiseMs: startedMs };
  let isD1Away = false;
  for (const [at, death] of deaths.entries()) {
    const patienceMs = at === 0 ? pace.opensAfterMs + pace.loadMs + 500 : pace.patienceMs;
    const how = await strike(phoenix, chronicle, death.blow, patienceMs);
    const atMs = Math.round(performance.now() - startedMs);
    chronicle.events.push(`at ${atMs} ms ${how}`);
    await phoenix.kill();
    if (isD1Away !== death.restart.isD1Away) {
      isD1Away = !isD1Away;
      setD1Away(phoenix.dataDir, isD1Away);
      chronicle.events.push(isD1Away ? "D1 away" : "D1 back");
    }
    if (death.restart.areAlarmsLost) {
      loseAlarms(phoenix.dataDir);
      chronicle.events.push("alarms lost");
    }
    await rise(input, chronicle, death.restart);
    if (death.restocks > 0) await api.restock(saleId, death.restocks).catch(() => null);
  }
  return chronicle;
}

/** Returns when the moment of the death has come; the product stands still by then, or is about to be killed. */
async function strike(
  phoenix: Phoenix,
  chronicle: Chronicle,
  blow: Blow,
  patienceMs: number,
): Promise<string> {
  if (blow.kind === "moment") {
    await sleep(blow.afterMs);
    return "SIGKILL";
  }
  await phoenix.arm(tellBlow(blow));
  return (await awaited(phoenix, chronicle, blow.place, patienceMs)) ?? "SIGKILL";
}

/** Null: the place was not reached. */
async function awaited(
  phoenix: Phoenix,
  chronicle: Chronicle,
  place: string,
  patienceMs: number,
): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  const fired = await Promise.race([phoenix.fired, late]);
  clearTimeout(timer);
  if (fired !== null) chronicle.fired.push(fired);
  else chronicle.missed.push(place);
  return fired;
}

/** Comes back, perhaps only after another death on the way. */
async function rise(input: DeathsInput, chronicle: Chronicle, restart: Restart): Promise<void> {
  const { pace, phoenix } = input;
  const { blow, clockAheadMs } = restart;
  if (clockAheadMs > 0) chronicle.events.push(`clock ${clockAheadMs / 1_000} s ahead`);
  const failpoint = blow?.kind === "failpoint" ? tellBlow(blow) : undefined;
  const killAfterMs = blow?.kind === "moment" ? blow.afterMs : undefined;
  const diedAt = await phoenix.rise({ failpoint, killAfterMs, clockAheadMs });
  chronicle.lastRiseMs = performance.now();
  if (diedAt !== null) {
    if (failpoint) chronicle.fired.push(diedAt);
    chronicle.events.push(`starting, ${diedAt}`);
  } else if (blow?.kind === "failpoint") {
    // It is up all the same, and may meet the place while it catches up.
    const fired = await awaited(phoenix, chronicle, blow.place, pace.patienceMs);
    const isArmed = fired === null ? await disarm(phoenix) : true;
    if (!isArmed) return;
    chronicle.events.push(`recovering, ${fired ?? blow.place}`);
    await phoenix.kill();
  } else {
    return;
  }
  await phoenix.rise({ clockAheadMs });
  chronicle.lastRiseMs = performance.now();
}

/** True: it reached the place meanwhile and stands still. */
function disarm(phoenix: Phoenix): Promise<boolean> {
  const disarmed = phoenix.arm("").then(
    () => false,
    () => true,
  );
  return Promise.race([disarmed, phoenix.fired.then(() => true)]);
}
