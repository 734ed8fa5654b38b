/** A broken promise of our own code. The job that meets one is rolled back alone, and its caller gets `fault` (docs/adr/007). */
export class InvariantBreach extends Error {
  override readonly name = "InvariantBreach";
}

/** Asserts in production. `figures` go into the message, so they must hold no personal data. */
export function invariant(
  condition: unknown,
  name: string,
  figures?: Readonly<Record<string, unknown>>,
): asserts condition {
  if (!condition) {
    throw new InvariantBreach(figures ? `${name} ${JSON.stringify(figures)}` : name);
  }
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new InvariantBreach(`unexpected ${JSON.stringify(value)}`);
}
