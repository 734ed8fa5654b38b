/** What nobody should send: values that do not fit a schema, and texts that have broken other people's servers. */
import type { Schema } from "./http-openapi.ts";

/** A JSON text in place of a value, for what JSON.stringify cannot write. */
export type JsonText = string;

const WRONG_FOR_ANY: readonly JsonText[] = ["[]", "[1]", "{}", '{"a":{"b":[null]}}', "true"];

const NO_WHOLE_NUMBER: readonly JsonText[] = [
  '"1"',
  '"NaN"',
  '"Infinity"',
  '""',
  '"１"',
  "1.5",
  "-1.5",
  "0.1e-300",
  "1e999",
  "-1e999",
  "1e21",
  "9007199254740993",
  "-9007199254740993",
  '"0x10"',
];

const NO_TEXT: readonly JsonText[] = ["0", "-1", "1e999"];

/** Texts that fit no pattern of ours. */
const STRANGE_TEXTS: readonly string[] = [
  "",
  " ",
  "a".repeat(5_000),
  "抢兑抢兑抢兑抢兑抢兑抢兑抢兑抢兑抢兑",
  "🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵🍵",
  "../../../../etc/passwd",
  "0123456789abcdef\n",
  "0123456789abcdef\u0000",
  "\u202e0123456789abcdef",
  "'; DROP TABLE orders; --",
  "<script>alert(1)</script>",
  "%2e%2e%2f%2e%2e%2fetc",
];

/** Lone surrogates, as JSON can write them. */
const BROKEN_TEXTS: readonly JsonText[] = ['"\\ud800\\ud800\\ud800"', '"0123456789abcdef\\udc00"'];

const typesOf = (schema: Schema): readonly string[] =>
  typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);

/** JSON texts that do not fit this schema, every one of which must be refused. */
export function misfits(schema: Schema): JsonText[] {
  const types = typesOf(schema);
  const fits = new Set<JsonText>();
  if (types.includes("array") && (schema.minItems ?? 0) === 0) fits.add("[]");
  if (schema.items && typesOf(schema.items).includes("integer")) fits.add("[1]");
  if (types.includes("boolean")) fits.add("true");
  const isNullable = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some((one) =>
    typesOf(one).includes("null"),
  );
  const misfit = WRONG_FOR_ANY.filter((wrong) => !fits.has(wrong));
  if (!isNullable) misfit.push("null");
  if (types.includes("integer")) {
    misfit.push(...NO_WHOLE_NUMBER);
    if (schema.minimum !== undefined) misfit.push(String(schema.minimum - 1));
    if (schema.maximum !== undefined) misfit.push(String(schema.maximum + 1));
    return misfit;
  }
  if (types.includes("boolean")) {
    const others = misfit.filter((text) => text !== "true" && text !== "false");
    return [...others, "0", "1", '"true"', '""'];
  }
  misfit.push(...NO_TEXT);
  const isBound = schema.pattern !== undefined || schema.enum !== undefined;
  if (schema.pattern?.includes("\\d{4}-")) misfit.push(...NO_DAYS);
  if (isBound) misfit.push(...STRANGE_TEXTS.map((text) => JSON.stringify(text)), ...BROKEN_TEXTS);
  else {
    misfit.push(JSON.stringify("长".repeat((schema.maxLength ?? 5_000) + 1)));
    if ((schema.minLength ?? 0) > 0) misfit.push('""', '"   "', '"\\n\\t"');
  }
  return misfit;
}

/** Written as days are, and in no calendar. */
const NO_DAYS: readonly JsonText[] = ['"2026-13-01"', '"2026-02-30"', '"2026-00-00"'];

/** Bodies that are no object, whatever the route. */
export const NO_OBJECTS: readonly JsonText[] = [
  "null",
  "0",
  "1e999",
  "true",
  '"text"',
  "[]",
  "[[]]",
  `${"[".repeat(6_000)}${"]".repeat(6_000)}`,
];

/** Texts that no database keeps as they are, as JSON can write them. */
export const NO_TEXTS: readonly JsonText[] = [
  '"a\\u0000b"',
  '"a\\ud800b"',
  '"a\\udc00b"',
  '"a\\u001bb"',
  '"a\\u0085b"',
  '[[{"a\\ud800b":1}]]',
];

/** Bodies that are no JSON. */
export const UNREADABLE: readonly (string | Uint8Array)[] = [
  "",
  " ",
  "{",
  "{]",
  "{'a':1}",
  '{"a":1,}',
  '{"a":NaN}',
  "undefined",
  "\u0000",
  "<xml/>",
  "orderId=1&quantity=1",
  new Uint8Array([0xff, 0xfe, 0x7b, 0x7d]),
  new Uint8Array([0x1f, 0x8b, 0x08, 0x00]),
  "[".repeat(8_000),
];

export const WRONG_TYPES: readonly (string | null)[] = [
  null,
  "",
  "text/plain",
  "text/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/xml",
  "application/jsonp",
  "application/json-patch+json",
  "application/octet-stream",
];

/** Path parts as they stand in the request line. */
export const STRANGE_PARTS: readonly string[] = [
  "..%2f..%2fetc%2fpasswd",
  "%2e%2e",
  "%00",
  "%0d%0aset-cookie:a=b",
  "%e6%8a%a2%e5%85%91",
  "%f0%9f%8d%b5",
  "%ff%fe",
  "%",
  "%zz",
  "demo.sku~1e3",
  "demo.sku~-1",
  "demo.sku~01",
  "demo.sku~1.5",
  "demo.sku~999999999",
  "demo.sku~9999999999999999999",
  "demo.nothing~0",
  "DEMO.SKU~1",
  "demo.~1",
  ".sku~1",
  "~1",
  "__proto__",
  "constructor",
  "null",
  "undefined",
  "NaN",
  "%20",
  "'%20OR%20'1'='1",
  "a".repeat(129),
  "a".repeat(4_000),
  "%61".repeat(2_000),
];

const CLUTTER =
  '"__proto__":{"role":"staff","points":1},"constructor":{"prototype":{"role":"staff"}}';

/** The members of a fitting body where an object's prototype would look for them, and none of its own. */
export function byPrototype(fitting: string): JsonText[] {
  return [
    `{"__proto__":${fitting}}`,
    `{"constructor":{"prototype":${fitting}}}`,
    `{"prototype":${fitting},"toString":1,"hasOwnProperty":null}`,
    `{${CLUTTER}}`,
  ];
}

/** A body that lacks this field and has a great many others. */
export function cluttered(without: Readonly<Record<string, unknown>>): JsonText {
  const extra = Array.from({ length: 200 }, (_, at) => `"extra${at}":${at}`).join(",");
  const own = Object.entries(without).map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  return `{${[CLUTTER, extra, ...own].join(",")}}`;
}
