/** What differs between two values, field by field. */
export interface Change {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Only one of them known: every field of it. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const was = flat(before);
  const is = flat(after);
  const isBoth = before !== null && after !== null;
  const fields = [...new Set([...was.keys(), ...is.keys()])];
  return (
    fields
      // Where both are known, a field that only one of them has was not asked about.
      .filter((field) => !isBoth || was.get(field) !== is.get(field))
      .map((field) => ({ field, before: was.get(field) ?? null, after: is.get(field) ?? null }))
  );
}

function flat(value: unknown, path = ""): Map<string, string> {
  if (value === null || value === undefined) return new Map();
  if (typeof value !== "object") return new Map([[path || "·", String(value)]]);
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) {
    return new Map([[path || "·", value.join(", ")]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, one]) => [
      ...flat(one, path === "" ? name : `${path}.${name}`),
    ]),
  );
}
