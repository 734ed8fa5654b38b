/**
 * What structured cloning would give, many times quicker, and what it refuses, this refuses. Messages are of few shapes: for
 * each that comes often a function is made that reads its fields by name, because one function for all of them is thrown away
 * by the engine as often as it was made quick.
 */

type Plain = Readonly<Record<string, unknown>>;
type Copier = (value: Plain) => unknown;

interface Shape {
  /** What follows when this key comes next. */
  readonly next: Map<string, Shape>;
  readonly keys: readonly string[];
  seen: number;
  copier: Copier | null;
}

/** Objects that were seen as often have a function of their own. */
const SEEN_OFTEN = 8;
/** Tables by id have keys of their own each time; no more shapes than this are told apart. */
const SHAPES_MAX = 4_000;

const shapeOfKeys = (keys: readonly string[]): Shape => ({
  ...{ keys, next: new Map(), seen: 0, copier: null },
});
const root = shapeOfKeys([]);
let shapes = 0;

export function copyOf(value: unknown): unknown {
  if (typeof value !== "object") {
    if (typeof value !== "function" && typeof value !== "symbol") return value;
    throw new TypeError("a function cannot be sent to another object");
  }
  if (value === null) return null;
  if (Array.isArray(value)) return copyOfList(value);
  if (Object.getPrototypeOf(value) === Object.prototype) return copyOfPlain(value as Plain);
  return value instanceof Uint8Array ? value.slice() : structuredClone(value);
}

function copyOfList(list: readonly unknown[]): unknown[] {
  const copies: unknown[] = [];
  for (const one of list) copies.push(copyOf(one));
  return copies;
}

function copyOfPlain(value: Plain): unknown {
  const shape = shapeOf(value);
  if (shape?.copier) return shape.copier(value);
  if (shape && (shape.seen += 1) >= SEEN_OFTEN) shape.copier = copierOf(shape.keys);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key]);
  return copy;
}

function shapeOf(value: Plain): Shape | null {
  let shape = root;
  for (const key in value) {
    let next = shape.next.get(key);
    if (next === undefined) {
      if (shapes >= SHAPES_MAX) return null;
      shapes += 1;
      next = shapeOfKeys([...shape.keys, key]);
      shape.next.set(key, next);
    }
    shape = next;
  }
  return shape;
}

function copierOf(keys: readonly string[]): Copier {
  const names = keys.map((key) => JSON.stringify(key));
  const reads = names.map(
    (name, at) =>
      `let c${at} = value[${name}]; if (c${at} !== null && (typeof c${at} === "object" || typeof c${at} === "function" || typeof c${at} === "symbol")) c${at} = copyOf(c${at});`,
  );
  const fields = names.map((name, at) => `${name}: c${at}`);
  // oxlint-disable-next-line typescript/no-implied-eval -- the names are those of the product's own messages
  const made = new Function(
    "copyOf",
    `return (value) => { ${reads.join(" ")} return { ${fields.join(", ")} }; };`,
  ) as (copy: typeof copyOf) => Copier;
  return made(copyOf);
}
