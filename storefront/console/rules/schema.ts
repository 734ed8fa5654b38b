/** Reads the JSON Schemas that the server gives for terms and rules. Pure. */

export interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
}

export interface EditorSchemas {
  readonly terms: Readonly<Record<string, SchemaNode>>;
  readonly rule: SchemaNode;
  readonly task: SchemaNode;
}

export type Values = Readonly<Record<string, unknown>>;

/** The node itself, behind any references. */
export function resolved(root: SchemaNode, node: SchemaNode): SchemaNode {
  let found = node;
  while (found.$ref !== undefined) {
    const name = found.$ref.slice("#/$defs/".length);
    const next = root.$defs?.[name];
    if (!next) throw new Error(`no schema ${found.$ref}`);
    found = next;
  }
  return found;
}

/** What stands where null may stand too; null: the node is no such choice. */
export function orNull(root: SchemaNode, node: SchemaNode): SchemaNode | null {
  const [first, second, ...more] = node.anyOf ?? [];
  if (!first || second?.type !== "null" || more.length > 0) return null;
  return resolved(root, first);
}

export interface Variant {
  readonly kind: string;
  readonly node: SchemaNode;
}

/** The forms a value may have, told apart by its `kind`; null: it has one form. */
export function variantsOf(root: SchemaNode, node: SchemaNode): readonly Variant[] | null {
  if (!node.oneOf) return null;
  return node.oneOf.flatMap((one) => {
    const form = resolved(root, one);
    const kind = form.properties?.["kind"];
    const kinds = kind?.const === undefined ? (kind?.enum ?? []) : [kind.const];
    return kinds.map((word) => ({ kind: word, node: form }));
  });
}

/** A value to begin with. */
export function initialOf(root: SchemaNode, given: SchemaNode): unknown {
  const node = resolved(root, given);
  if (node.default !== undefined) return node.default;
  if (orNull(root, node)) return null;
  const variants = variantsOf(root, node);
  if (variants) return variants[0] ? initialVariant(root, variants[0]) : null;
  if (node.enum) return node.enum[0] ?? "";
  if (node.type === "object") return initialObject(root, node);
  if (node.type === "array") return [];
  if (node.type === "boolean") return false;
  if (node.type === "integer" || node.type === "number") return Math.max(0, node.minimum ?? 0);
  return "";
}

function initialObject(root: SchemaNode, node: SchemaNode): Values {
  const entries = Object.entries(node.properties ?? {});
  return Object.fromEntries(entries.map(([name, one]) => [name, initialOf(root, one)]));
}

export function initialVariant(root: SchemaNode, { kind, node }: Variant): Values {
  return { ...initialObject(root, node), kind };
}

/** A copy with another value at a path. */
export function withValue(
  value: unknown,
  path: readonly (string | number)[],
  next: unknown,
): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return next;
  if (typeof head === "number") {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [];
    list[head] = withValue(list[head], rest, next);
    return list;
  }
  const object = typeof value === "object" && value !== null ? (value as Values) : {};
  return { ...object, [head]: withValue(object[head], rest, next) };
}

/** Only what the schema knows, so that what the server fills in is not sent back. */
export function pruned(root: SchemaNode, given: SchemaNode, value: unknown): unknown {
  const node = resolved(root, given);
  const inner = orNull(root, node);
  if (inner) return value === null ? null : pruned(root, inner, value);
  if (typeof value !== "object" || value === null) return value;
  const variants = variantsOf(root, node);
  if (variants) {
    const chosen = variants.find(({ kind }) => kind === (value as Values)["kind"]);
    return chosen ? pruned(root, chosen.node, value) : value;
  }
  const { items, properties } = node;
  if (Array.isArray(value)) return items ? value.map((one) => pruned(root, items, one)) : value;
  if (!properties) return value;
  const kept = Object.entries(properties).map(([name, one]): [string, unknown] => [
    name,
    pruned(root, one, (value as Values)[name] ?? initialOf(root, one)),
  ]);
  return Object.fromEntries(kept);
}
