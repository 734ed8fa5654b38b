/** Runs a mutant within its bounds and says whether the invariant that it is named for noticed. */
import { configuration } from "./bounds.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";
import { rulesWith } from "./rules.ts";
import { searchTwice, type Limits, type Search } from "./search.ts";

export type Budget = Omit<Limits, "looksAtRest">;

export interface Verdict {
  readonly mutant: Mutant;
  readonly search: Search;
  /** Killed by its invariant; or, for a safe variant, survived a complete search. */
  readonly isAsNamed: boolean;
}

export function judge(mutant: Mutant, budget: Budget): Verdict {
  const search = searchTwice(configuration(mutant.configuration), rulesWith(mutant.change), budget);
  const isAsNamed =
    mutant.breaks === null
      ? search.isComplete
      : search.broken !== null && search.broken.invariant === mutant.breaks;
  return { mutant, search, isAsNamed };
}

export function mutantNamed(id: string): Mutant {
  const found = MUTANTS.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (!found) throw new RangeError(`no hole or mutant ${id}`);
  return found;
}
