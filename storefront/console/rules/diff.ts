/** What differs between two versions, leaf by leaf. Pure. */

export interface Change {
  /** As the server names fields: `caps.0.pointsMax`. */
  readonly path: string;
  /** Undefined: it was not there. */
  readonly before: unknown;
  readonly after: unknown;
}

export function changesBetween(before: unknown, after: unknown, path = ""): readonly Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const isOpen = (value: unknown): value is object => typeof value === "object" && value !== null;
  // A list of figures or words is read as one; so is what is there on one side only.
  const isPlainList = [before, after].some(
    (one) => Array.isArray(one) && one.some((item) => typeof item !== "object"),
  );
  if (!isOpen(before) || !isOpen(after) || isPlainList) return [{ path, before, after }];
  const left = before as Readonly<Record<string, unknown>>;
  const right = after as Readonly<Record<string, unknown>>;
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return names.flatMap((name) =>
    changesBetween(left[name], right[name], path === "" ? name : `${path}.${name}`),
  );
}
