/** Whether an answer is as the OpenAPI document says: its status, its type, its code, and its body by the schema. */
import type { OpenApi, OperationSpec } from "./http-openapi.ts";

/** The words of JSON Schema that the document uses; an unknown one stops the tests. */
interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

const ASSERTIONS = new Set([
  ...["$ref", "type", "enum", "const", "properties", "required", "additionalProperties"],
  ...["propertyNames", "items", "prefixItems", "minItems", "maxItems", "anyOf", "oneOf", "allOf"],
  ...["pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum"],
]);
const ANNOTATIONS = new Set(["description", "example", "examples", "default", "format", "title"]);

type Kinds = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Kinds =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

/** One document and what it says of the answers to its routes. */
export class Conformity {
  readonly #document: OpenApi;
  readonly #routes: readonly { readonly path: string; readonly pattern: RegExp }[];

  constructor(document: OpenApi) {
    this.#document = document;
    // A path without a gap is itself and no other's gap filled.
    this.#routes = Object.keys(document.paths)
      .toSorted((a, b) => gapsIn(a) - gapsIn(b))
      .map((path) => ({ path, pattern: patternOf(path) }));
  }

  /** What is not as documented, one line each. Routes that the document does not have are nobody's promise. */
  breaches(
    request: { readonly method: string; readonly path: string },
    reply: {
      readonly status: number;
      readonly text: string;
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string>>;
    },
  ): string[] {
    const pathname = request.path.replace(/[?#].*$/, "");
    const route = this.#routes.find(({ pattern }) => pattern.test(pathname))?.path ?? "";
    const spec = this.#document.paths[route]?.[request.method.toLowerCase()];
    if (!spec) return [];
    const name = `${request.method} ${route} ${reply.status}`;
    return this.#breachesOf(spec, reply).map((breach) => `${name}: ${breach}`);
  }

  #breachesOf(
    spec: OperationSpec,
    { status, text, body, headers }: Parameters<Conformity["breaches"]>[1],
  ): string[] {
    const said = spec.responses[String(status)] ?? (status >= 400 && spec.responses["default"]);
    if (!said) return ["not documented"];
    if (text === "" && !said.content) return [];
    const type = (headers["content-type"] ?? "").split(";")[0] ?? "";
    const content = said.content?.[type] as
      | { readonly schema?: JsonSchema; readonly examples?: Kinds }
      | undefined;
    if (!content) return [`its type ${type} is not documented`];
    const code = status >= 400 && isRecord(body) ? String(body["code"]) : null;
    const isNamed = code === null || code in (content.examples ?? {});
    const wrong = isNamed ? [] : [`the code ${code} is not documented`];
    return type.endsWith("json") ? [...wrong, ...this.#wrong(content.schema, body, "")] : wrong;
  }

  /** Where a value does not fit, by path. */
  #wrong(given: JsonSchema | undefined, value: unknown, at: string): string[] {
    const schema = given && this.#followed(given);
    if (!schema) return [];
    const kind = kindOf(value);
    const types = schema.type === undefined ? [kind] : [schema.type].flat();
    const fitsType = types.includes(kind) || (kind === "integer" && types.includes("number"));
    if (!fitsType) return [`${at} is ${kind}, documented is ${types.join(" or ")}`];
    const text = JSON.stringify(value);
    return [
      ...(schema.enum && !schema.enum.includes(value)
        ? [`${at} ${text} is none of its words`]
        : []),
      ...("const" in schema && schema.const !== value ? [`${at} ${text} is another constant`] : []),
      ...(typeof value === "string" ? wrongText(schema, value, at) : []),
      ...(typeof value === "number" ? wrongNumber(schema, value, at) : []),
      ...(Array.isArray(value) ? this.#wrongItems(schema, value, at) : []),
      ...(isRecord(value) ? this.#wrongProperties(schema, value, at) : []),
      ...(schema.allOf ?? []).flatMap((part) => this.#wrong(part, value, at)),
      ...this.#wrongChoice(schema.anyOf ?? schema.oneOf, value, at),
    ];
  }

  #wrongChoice(choices: readonly JsonSchema[] | undefined, value: unknown, at: string): string[] {
    if (!choices) return [];
    const wrongs = choices.map((choice) => this.#wrong(choice, value, at));
    if (wrongs.some((wrong) => wrong.length === 0)) return [];
    return [`${at} fits no choice: ${wrongs.map(([first]) => first).join(" | ")}`];
  }

  #wrongItems(schema: JsonSchema, values: readonly unknown[], at: string): string[] {
    const { minItems = 0, maxItems = Infinity, prefixItems = [], items } = schema;
    const isMany = values.length >= minItems && values.length <= maxItems;
    return [
      ...(isMany ? [] : [`${at} has ${values.length} items`]),
      ...values.flatMap((value, place) =>
        this.#wrong(prefixItems[place] ?? items, value, `${at}/${place}`),
      ),
    ];
  }

  #wrongProperties(schema: JsonSchema, value: Kinds, at: string): string[] {
    const { properties = {}, required = [], additionalProperties: others } = schema;
    const lacking = required.filter((name) => !(name in value));
    return [
      ...lacking.map((name) => `${at} lacks ${name}`),
      ...Object.entries(value).flatMap(([name, one]) => {
        if (name in properties) return this.#wrong(properties[name], one, `${at}/${name}`);
        if (others === false) return [`${at} has ${name}`];
        return typeof others === "object" ? this.#wrong(others, one, `${at}/${name}`) : [];
      }),
    ];
  }

  #followed(schema: JsonSchema): JsonSchema {
    for (const word of Object.keys(schema)) {
      if (!ASSERTIONS.has(word) && !ANNOTATIONS.has(word)) throw new Error(`unread: ${word}`);
    }
    const name = schema.$ref?.split("/").at(-1);
    if (name === undefined) return schema;
    return this.#followed(this.#document.components.schemas[name] as JsonSchema);
  }
}

const gapsIn = (path: string): number => path.split("{").length;

function patternOf(path: string): RegExp {
  const gap = "\u0000";
  const filled = path.replace(/\{\w+\}/g, gap).replace(/[.*+?^$()|[\]\\]/g, "\\$&");
  return new RegExp(`^${filled.replaceAll(gap, "[^/]+")}$`);
}

function wrongText(schema: JsonSchema, value: string, at: string): string[] {
  const { pattern, minLength = 0, maxLength = Infinity } = schema;
  const { length } = [...value];
  return [
    ...(pattern !== undefined && !new RegExp(pattern).test(value)
      ? [`${at} is not ${pattern}`]
      : []),
    ...(length < minLength || length > maxLength ? [`${at} has ${length} characters`] : []),
  ];
}

function wrongNumber(schema: JsonSchema, value: number, at: string): string[] {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum = -Infinity } = schema;
  const isWithin = value >= minimum && value <= maximum && value > exclusiveMinimum;
  return isWithin ? [] : [`${at} is ${value}`];
}
