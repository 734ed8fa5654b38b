/** Which fields of the schemas take a text that people write as they like, and which of them a body fills. */
import { follow, type OpenApi, type Schema } from "./http-openapi.ts";

interface Told extends Schema {
  readonly format?: string;
  readonly const?: unknown;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** No pattern, no choice, no form: whatever comes is kept as it is. */
function isFreeText({ type, pattern, format, enum: choice, const: only }: Told): boolean {
  const isText = type === "string" || (Array.isArray(type) && type.includes("string"));
  return isText && !pattern && !format && !choice && only === undefined;
}

/**
 * Every free text of a schema, by the name of the schema that it stands in: what two routes share is one field. `at` names what
 * has no name. With a value, those that `isMeant` in it; without, all.
 */
export function textFields(
  document: OpenApi,
  schema: Schema,
  at: string,
  within?: { readonly value: unknown; readonly isMeant: (text: string) => boolean },
): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const named = { ...document.components.schemas, ...(schema as Told).$defs };
  const whole = { ...document, components: { ...document.components, schemas: named } };
  const walk = (told: Schema, path: string, values: readonly unknown[] | null): void => {
    if (values?.length === 0) return;
    const name = told.$ref?.split("/").at(-1);
    // A schema may hold itself; a value ends.
    if (name !== undefined && values === null && seen.has(name)) return;
    if (name !== undefined) seen.add(name);
    const here =
      name === undefined ? path : name in document.components.schemas ? name : `${at} ${name}`;
    const one = follow(whole, told) as Told;
    const texts = values?.filter((value) => typeof value === "string");
    if (isFreeText(one) && (!texts || texts.some((text) => within?.isMeant(text)))) found.add(here);
    for (const choice of one.anyOf ?? one.oneOf ?? []) walk(choice, here, values);
    const objects = values?.filter((value) => typeof value === "object" && value !== null);
    for (const [key, field] of Object.entries(one.properties ?? {})) {
      const inner = objects?.flatMap((value) => {
        const own = (value as Readonly<Record<string, unknown>>)[key];
        return own === undefined ? [] : [own];
      });
      walk(field, `${here}.${key}`, inner ?? null);
    }
    if (one.items) {
      const lists = values?.filter((value) => Array.isArray(value)) as unknown[][] | undefined;
      walk(one.items, `${here}[]`, lists?.flat() ?? null);
    }
  };
  walk(schema, at, within ? [within.value] : null);
  return found;
}
