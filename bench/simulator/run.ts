/** One life from its seed: opening the books, the rush with its faults, rest, and the last comparison. */
import { Random } from "../../worker/testing/simulation/random.ts";
import { Buyer } from "./cash/buyer.ts";
import { makeCash, type CashPlan } from "./cash/plan.ts";
import { Saver } from "./cash/saver.ts";
import { Till } from "./cash/till.ts";
import { FAULT_NAMES, noCounts, type Chances, type Counts } from "./faults.ts";
import { Earner, publishTerms } from "./earner.ts";
import { makeEarnings, type Earning } from "./earning-plan.ts";
import { Page } from "./page.ts";
import { makePlan } from "./plan.ts";
import { Rest } from "./rest.ts";
import { enterWorld } from "./runtime/globals.ts";
import { PLATFORM_LAW, type PlatformLaw } from "./runtime/simulation.ts";
import { Staff } from "./staff.ts";
import { Witness, type Breach } from "./witness.ts";
import { World } from "./world.ts";

export interface LifeOptions {
  readonly seed: number;
  readonly chances: Chances;
  readonly law: PlatformLaw;
  /** The rule that is dropped, or null. */
  readonly mutant: string | null;
  /** Faults that struck are added here. */
  readonly counts: Counts;
  /** Looks at rows after every so many commits. */
  readonly lookEvery: number;
  readonly isTraced: boolean;
  /** Share of the small lives whose orders are paid for and walked to their end. */
  readonly walks: number;
  /** What those have in common, where a mutant wants it so. */
  readonly like: Partial<CashPlan>;
}

export interface Life {
  readonly seed: number;
  readonly breach: Breach | null;
  readonly granted: number;
  readonly refused: number;
  readonly turns: number;
  readonly trace: readonly string[];
}

/** Faults strike for this long after the opening at most. */
const RUSH_MS = 45_000;
/** Where orders are paid for, until the last of them had its time. */
const CASH_RUSH_MS = 130_000;
const CRON_MS = 60_000;
const LOOK_EVERY_MS = 500;
/** No life is longer; one that is has hung. */
const LIFE_MS_MAX = 4 * 3_600_000;

/** The first life of a process has no faults: it shows what migrated databases look like. */
let isWarm = false;
/** A Worker keeps what it knows of a sale and of terms, so what is named twice would be another life the second time. */
const lived = new Set<string>();

export async function live(options: LifeOptions): Promise<Life> {
  if (!isWarm) {
    const calm = Object.fromEntries(FAULT_NAMES.map((name) => [name, 0])) as Chances;
    const quiet = { seed: 1, chances: calm, law: PLATFORM_LAW, counts: noCounts(), mutant: "warm" };
    await liveOnce({ ...quiet, lookEvery: 1_000, isTraced: false, walks: 0, like: {} });
    isWarm = true;
  }
  return liveOnce(options);
}

async function liveOnce(options: LifeOptions): Promise<Life> {
  const { seed, mutant } = options;
  const name = [seed, ...(mutant === null ? [] : [mutant.toLowerCase()])].join("-");
  if (lived.has(name)) throw new Error(`life ${name} was lived in this process before`);
  lived.add(name);
  const plan = makePlan(new Random(seed));
  const witness = new Witness(options.lookEvery);
  const earnings = makeEarnings(new Random(seed * 4 + 5), plan);
  const cash = makeCash(new Random(seed * 4 + 7), plan, options.walks);
  const world = new World(
    plan,
    { ...options, name, cash: cash && { ...cash, ...options.like } },
    {
      committed: (host) => witness.committed(host),
      observe: (host, method, args) => witness.observe(host, method, args),
    },
  );
  witness.world = world;
  world.onFailure = (error) => witness.fail("assertion", `a script failed: ${String(error)}`);
  const { scheduler } = world.sim;
  enterWorld({
    ...{ scheduler, chance: world.chance, log: (line) => witness.log(line) },
    fetch: (...asked) => world.supplier?.fetch(...asked) ?? Promise.reject(new Error("offline")),
  });
  let isOver = false;
  world.start(async () => {
    await story(world, witness, earnings);
    isOver = true;
  });
  const endMs = plan.startMs + LIFE_MS_MAX;
  await scheduler.run(endMs, () => isOver || witness.breach !== null);
  if (!isOver) witness.fail("assertion", "the life never ended");
  enterWorld(null);
  world.close(!isWarm);
  return {
    seed,
    breach: witness.breach,
    ...witness.outcomes(),
    turns: scheduler.turns,
    trace: world.sim.trace.lines,
  };
}

async function story(world: World, witness: Witness, earnings: readonly Earning[]): Promise<void> {
  const { faults, law } = world.sim;
  faults.isHealed = true;
  const staff = new Staff(world);
  await Promise.all([
    staff.open(),
    earnings.length > 0 && publishTerms((...call) => staff.must(...call)),
  ]);
  witness.flashSaleId = staff.saleId;
  faults.isHealed = false;

  const buyers = buyersOf(world, witness);
  const pages = world.plan.members.flatMap(({ memberId, wishes }) =>
    wishes.map((wish, at) => {
      const saleId = wish.route === "standing" ? staff.standingSaleId : staff.saleId;
      return new Page(world, witness, memberId, at, wish, saleId);
    }),
  );
  for (const page of pages) world.start(() => page.live());
  const earners = earnings.map((earning) => new Earner(world, witness, earning));
  for (const earner of earners) world.start(() => earner.live());
  const spenders = spendersOf(world, witness);
  for (const spender of spenders) world.start(() => spender.live());
  world.start(() => staff.interfere());
  if (law.wakes) {
    world.start(async () => {
      for (;;) {
        await world.sleep(CRON_MS);
        await world.sweep();
      }
    });
  }

  const healAtMs = world.opensAtMs + (world.cash ? CASH_RUSH_MS : RUSH_MS);
  const isDone = (): boolean =>
    [...pages, ...earners, ...spenders, ...buyers].every((one) => one.isDone);
  while (world.nowMs < healAtMs && !(staff.isDone && isDone())) {
    await world.sleep(LOOK_EVERY_MS);
  }
  // Members of a small sale may all have given up before it opens, and what is not open cannot be ended early.
  await world.sleep(Math.max(0, world.opensAtMs + LOOK_EVERY_MS - world.nowMs));
  faults.isHealed = true;
  world.d1.heal();
  for (const host of world.hosts.values()) host.heal();
  while (!isDone()) await world.sleep(LOOK_EVERY_MS);
  await staff.command("resume");
  // A wave planned by a clock that was an hour ahead would come in an hour.
  if ([...world.hosts.values()].some((host) => host.wasHourOff)) await staff.waveAll();

  const rest = new Rest(world, witness, staff);
  await rest.settle(false);
  if (witness.breach) return;
  await staff.endEarly();
  await rest.settle(true);
  if (witness.breach) return;
  await rest.compare();
}

/** Whoever hears of a grant pays for it or does not; the list grows as they hear. */
function buyersOf(world: World, witness: Witness): readonly Buyer[] {
  const { cash } = world;
  const buyers: Buyer[] = [];
  const known = new Set<string>();
  if (cash === null) return buyers;
  world.onGranted = (memberId, orderId) => {
    const key = `${memberId} ${orderId}`;
    if (known.has(key)) return;
    known.add(key);
    const buyer = new Buyer(world, witness, cash, memberId, orderId);
    buyers.push(buyer);
    world.start(() => buyer.live());
  };
  return buyers;
}

/** Few of a crowd spend beside their orders: those that do meet the others in the same Accounts. */
const SPENDERS_MAX = 4;

function spendersOf(world: World, witness: Witness): readonly (Saver | Till)[] {
  const { cash, plan } = world;
  if (!cash?.spends) return [];
  return plan.members
    .slice(0, SPENDERS_MAX)
    .flatMap(({ memberId }) => [
      new Saver(world, cash, memberId),
      new Till(world, witness, cash.random, memberId),
    ]);
}
