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

/** How a field says what stands in it: a choice by its title, fen as an amount. */
export type Say = (value: unknown) => string;

/** Words for fields that are not drawn, or that are parts of others: `skus.0.pricePoints`. */
export interface Tell {
  readonly label?: (path: string) => string | null;
  readonly text?: (path: string, value: unknown) => string | null;
}

export interface Said {
  readonly label: string;
  readonly say: Say | null;
}

export interface Difference {
  readonly path: string;
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
}

/** Where two versions of a form's values differ, in words: by the fields themselves, else by what the editor tells of its parts. */
export function differencesOf(
  mine: object,
  theirs: object,
  fields: ReadonlyMap<string, Said>,
  tell: Tell,
  plain: Say,
): readonly Difference[] {
  // A field that says its whole value is one row, however much is in it.
  const whole = Object.keys({ ...mine, ...theirs }).filter((name) => fields.get(name)?.say);
  const without = (values: object): object =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !whole.includes(name)));
  const at = (values: object, name: string): unknown =>
    (values as Readonly<Record<string, unknown>>)[name];
  const changes = [
    ...whole
      .map((path) => ({ path, before: at(mine, path), after: at(theirs, path) }))
      .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after)),
    ...changesBetween(without(mine), without(theirs)),
  ];
  return changes.map(({ path, before, after }) => {
    const field = fields.get(path);
    const text = (value: unknown): string =>
      field?.say?.(value) ?? tell.text?.(path, value) ?? plain(value);
    const label = field?.label ?? tell.label?.(path) ?? labelAbove(path, fields);
    return { path, label, mine: text(before), theirs: text(after) };
  });
}

/** The nearest field around it, with its place there. */
function labelAbove(path: string, fields: ReadonlyMap<string, Said>): string {
  const parts = path.split(".");
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const above = fields.get(parts.slice(0, length).join("."));
    const place = Number(parts[length]);
    if (above) return Number.isInteger(place) ? `${above.label} ${place + 1}` : above.label;
  }
  return path;
}
