/** What differs between two values, leaf by leaf. Pure. */
export interface Change {
  /** As it stands in the log: `skus.0.pricePoints`; empty: the value is no object. */
  readonly path: string;
  /** Undefined: it was not there, or nobody asked. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Only one of them known: every field of it. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const was = flat(before);
  const is = flat(after);
  const isBoth = before !== null && after !== null;
  const isSame = (path: string): boolean => String(was.get(path)) === String(is.get(path));
  return (
    [...new Set([...was.keys(), ...is.keys()])]
      // Where both are known, a field that only one of them has was not asked about.
      .filter((path) => !isBoth || !isSame(path))
      .map((path) => ({ path, before: was.get(path), after: is.get(path) }))
  );
}

function flat(value: unknown, path = ""): Map<string, unknown> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== "object") return new Map([[path, value]]);
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
    return new Map([[path, value]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, one]) => [
      ...flat(one, path === "" ? name : `${path}.${name}`),
    ]),
  );
}
