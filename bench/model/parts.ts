/**
 * Values of the world's parts, numbered, with what each message makes of them. A state of the search is then a few
 * numbers, and the product's code runs once for each pair of a value and a message, however many states share it.
 */
import { InvariantBreach } from "../../worker/kernel/invariant.ts";
import { Breach, type Step } from "./scene.ts";

export interface Outcome {
  /** Number of the part's value afterwards; the old one when a breach rolled the step back. */
  readonly next: number;
  /** Numbers of the messages it sent. */
  readonly sends: readonly number[];
  readonly breach: string | null;
}

export class Part<S extends object> {
  readonly #ids = new Map<string, number>();
  readonly #values: S[] = [];
  readonly #outcomes: Map<number, Outcome>[] = [];
  readonly #keyOf: (value: S) => string;

  /** `keyOf` leaves out what is the same in every value. */
  constructor(keyOf: (value: S) => string) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#values.length;
  }

  id(value: S): number {
    const key = this.#keyOf(value);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#values.length;
    this.#ids.set(key, id);
    this.#values.push(value);
    this.#outcomes.push(new Map());
    return id;
  }

  at(id: number): S {
    const value = this.#values[id];
    if (!value) throw new RangeError(`no value ${id}`);
    return value;
  }

  /** `action`: a number that says everything the step depends on besides the value. */
  step(id: number, action: number, run: (value: S) => Step<S>): Outcome {
    const outcomes = this.#outcomes[id];
    const known = outcomes?.get(action);
    if (known) return known;
    const outcome = this.#run(id, run);
    outcomes?.set(action, outcome);
    return outcome;
  }

  #run(id: number, run: (value: S) => Step<S>): Outcome {
    try {
      const { state, sends } = run(this.at(id));
      return { next: this.id(state), sends: [...new Set(sends)], breach: null };
    } catch (error) {
      // A breach rolls the job back, as it does in the product.
      if (error instanceof InvariantBreach || error instanceof Breach)
        return { next: id, sends: [], breach: error.message };
      throw error;
    }
  }
}
