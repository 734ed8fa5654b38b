/** Lives of this thread: a block of seeds, summed up; one life, told; a mutant hunted. Loaded after its runtime stands. */
import { WALKS_SHARE } from "./cash/plan.ts";
import type { Lives } from "./crew-worker.ts";
import { LOOK_EVERY, noCounts, parseFaults, type Chances, type Counts } from "./faults.ts";
import { platformOf, withMutant } from "./mutated.ts";
import { findMutant, type Mutant } from "./mutants.ts";
import { live, type Life } from "./run.ts";

export interface Sum {
  readonly lives: number;
  readonly granted: number;
  readonly refused: number;
  readonly turns: number;
  readonly counts: Counts;
  /** The first seed of the block whose life broke an invariant; the lives after it were not lived. */
  readonly brokenSeed: number | null;
}

export interface MutantRow {
  readonly id: string;
  readonly says: string;
  readonly expected: readonly string[];
  /** The invariant that noticed, or null: it survived. */
  readonly killedBy: string | null;
  /** Others that noticed in earlier lives. */
  readonly before: readonly string[];
  readonly lives: number;
  readonly isAsExpected: boolean;
}

/** A mutant that outlives this many lives is not caught. */
const MUTANT_LIVES_MAX = 600;
/** As many lives show that a mutant survives by nature. */
const SURVIVOR_LIVES = 40;

const mutantOf = (id: string | null): Mutant | undefined =>
  id === null ? undefined : findMutant(id);

export async function livesOf(
  { seed, faults, mutant: id, walks }: Lives,
  seeds: number,
): Promise<Sum> {
  const mutant = mutantOf(id);
  const sum = { lives: 0, granted: 0, refused: 0, turns: 0, counts: noCounts() };
  const chances = parseFaults(faults) as Chances;
  let brokenSeed: number | null = null;
  await withMutant(mutant, async () => {
    for (let at = 0; at < seeds && brokenSeed === null; at += 1) {
      const life = await liveOnce({ seed: seed + at, chances, mutant, walks }, sum.counts);
      sum.lives += 1;
      sum.granted += life.granted;
      sum.refused += life.refused;
      sum.turns += life.turns;
      if (life.breach) brokenSeed = life.seed;
    }
  });
  return { ...sum, brokenSeed };
}

/** With every turn in words. */
export async function storyOf(
  { seed, faults, mutant: id, walks }: Lives,
  lookEvery: number,
): Promise<Life> {
  const mutant = mutantOf(id);
  const chances = parseFaults(faults) as Chances;
  return withMutant(mutant, () =>
    live({ ...lifeOf({ seed, chances, mutant, walks }, noCounts()), lookEvery, isTraced: true }),
  );
}

interface LifeAsked {
  readonly seed: number;
  readonly chances: Chances;
  readonly mutant: Mutant | undefined;
  readonly walks: number;
}

function lifeOf({ seed, chances, mutant, walks }: LifeAsked, counts: Counts) {
  return {
    seed,
    chances,
    walks,
    law: platformOf(mutant),
    mutant: mutant?.id ?? null,
    counts,
    like: mutant?.life ?? {},
  };
}

function liveOnce(asked: LifeAsked, counts: Counts): Promise<Life> {
  return live({ ...lifeOf(asked, counts), lookEvery: LOOK_EVERY, isTraced: false });
}

export async function huntFor(id: string): Promise<MutantRow> {
  const mutant = findMutant(id);
  if (!mutant) throw new Error(`no mutant is called ${id}`);
  const survives = mutant.killedBy.length === 0;
  const livesMax = survives ? SURVIVOR_LIVES : MUTANT_LIVES_MAX;
  const chances = parseFaults(mutant.faults ?? "all") as Chances;
  const walks = mutant.walks ?? WALKS_SHARE;
  let killedBy: string | null = null;
  let lives = 0;
  const before = new Set<string>();
  await withMutant(mutant, async () => {
    while (killedBy === null && lives < livesMax) {
      lives += 1;
      const life = await liveOnce({ seed: lives, chances, mutant, walks }, noCounts());
      const noticed = life.breach?.invariant ?? null;
      // Others may notice before; the one it is named for must notice too.
      if (noticed === null || mutant.killedBy.includes(noticed) || survives) killedBy = noticed;
      else before.add(noticed);
    }
  });
  const isAsExpected = survives ? killedBy === null : mutant.killedBy.includes(killedBy ?? "");
  const { says, killedBy: expected } = mutant;
  return { id, says, expected, killedBy, before: [...before], lives, isAsExpected };
}
