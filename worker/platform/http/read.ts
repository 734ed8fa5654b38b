/** Reads what a request carries: bounded, whole, and checked by its schema. */
import type { z } from "@hono/zod-openapi";
import { LIMITS } from "../../kernel/limits.ts";

interface FieldError {
  readonly path: string;
  readonly message: string;
}
export type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly errors: readonly FieldError[] };

export const NOTHING: Checked = { ok: true, value: undefined };
export const valueOf = (part: Checked): unknown => (part.ok ? part.value : undefined);

const bad = (status: number, message: string): Checked => ({
  ok: false,
  status,
  errors: [{ path: "", message }],
});

export function check(schema: z.ZodType, value: unknown, where: string): Checked {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = new Map<string, FieldError>();
  for (const { path: parts, message } of parsed.error.issues.slice(0, 20)) {
    const path = [where, ...parts].filter((part) => part !== "body").join(".");
    errors.set(`${path} ${message}`, { path, message });
  }
  return { ok: false, status: 422, errors: [...errors.values()] };
}

/** JSON only, of bounded size, whole. */
export async function readBody(
  request: Request,
  schema: z.ZodType,
  bytesMax: number = LIMITS.bodyBytesMax,
): Promise<Checked> {
  const type = request.headers.get("content-type") ?? "";
  if (type !== "application/json" && !/^application\/json(?:\s*;|$)/i.test(type))
    return bad(415, "content-type must be application/json");
  const text = await readText(request, bytesMax);
  if (text === null) return bad(413, `a body has ${bytesMax} bytes at most`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Asked only now: a header read costs the hot path as much as a rule.
    const isEncoded = !/^(?:identity)?$/i.test(request.headers.get("content-encoding") ?? "");
    return isEncoded
      ? bad(415, "a body is sent without content-encoding")
      : bad(400, "the body is not JSON");
  }
  // Only an escape brings them in: what is no UTF-8 was replaced, and JSON takes no control character as it stands.
  if (text.includes("\\u") && hasNoText(value)) return bad(422, "has characters that no text has");
  return check(schema, value, "body");
}

/** Control characters beside tab and line ends. */
const CONTROL = /[^\P{Cc}\t\n\r]/u;

/** Whether some text in it, however deep, is none that a database keeps as it is: with half a character, or a control character. */
function hasNoText(value: unknown): boolean {
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (typeof one === "string" && (!one.isWellFormed() || CONTROL.test(one))) return true;
    if (typeof one !== "object" || one === null) continue;
    for (const [name, inner] of Object.entries(one)) waiting.push(name, inner);
  }
  return false;
}

/** Text of the type, of bounded size, whole. */
async function readPlain(request: Request, wanted: string): Promise<Checked> {
  if (typeOf(request) !== wanted) return bad(415, `content-type must be ${wanted}`);
  const bytesMax = LIMITS.importBytesMax;
  const text = await readText(request, bytesMax);
  return text === null
    ? bad(413, `a body has ${bytesMax} bytes at most`)
    : { ok: true, value: text };
}

const NO_BYTES = new Uint8Array(0);

const typeOf = (request: Request): string =>
  (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/** Bytes of one of the types, of bounded size, whole. What they really are is the route's to find out. */
async function readBytes(
  request: Request,
  { types, bytesMax }: { readonly types: readonly string[]; readonly bytesMax: number },
): Promise<Checked> {
  if (!types.includes(typeOf(request))) {
    return bad(415, `content-type must be one of ${types.join(", ")}`);
  }
  const value = await readStream(request, bytesMax);
  return value === null ? bad(413, `a body has ${bytesMax} bytes at most`) : { ok: true, value };
}

interface Unparsed {
  readonly text?: { readonly type: string };
  readonly bytes?: { readonly types: readonly string[]; readonly bytesMax: number };
}

/** A body that no schema reads: text or bytes, as the route takes it. */
export async function readUnparsed(request: Request, { text, bytes }: Unparsed): Promise<Checked> {
  if (bytes) return readBytes(request, bytes);
  return text ? readPlain(request, text.type) : NOTHING;
}

interface UnparsedBody {
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bytesType: string;
}

/** Of routes that take none: most, and a header read costs them as much as a rule. */
export const NO_UNPARSED: UnparsedBody = { text: "", bytes: NO_BYTES, bytesType: "" };

export function unparsedOf(request: Request, part: Checked): UnparsedBody {
  const value = valueOf(part);
  return {
    text: typeof value === "string" ? value : "",
    bytes: value instanceof Uint8Array ? new Uint8Array(value) : NO_BYTES,
    bytesType: typeOf(request),
  };
}

/** The body as text, or null when it is larger than allowed; a declared length is believed, for the runtime enforces it. */
export async function readText(request: Request, bytesMax: number): Promise<string | null> {
  const length = request.headers.get("content-length");
  if (length === null) {
    const bytes = await readStream(request, bytesMax);
    return bytes && new TextDecoder().decode(bytes);
  }
  return Number(length) <= bytesMax ? request.text() : Promise.resolve(null);
}

/**
 * Reads on what a refusal left unread, up to a bound: the runtime resets a connection that it closes upon an unread body, and
 * the answer is lost with it.
 */
export async function readAway(request: Request): Promise<void> {
  const reader = request.bodyUsed ? undefined : request.body?.getReader();
  if (reader) await drain(reader);
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let bytes = 0; bytes < LIMITS.drainedBytesMax;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The sender went away in the middle, and nobody waits for the answer.
  }
}

/** A body of undeclared length, read until it is whole or proves larger than allowed: null. */
export async function readStream(
  { body }: Pick<Body, "body">,
  bytesMax: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = body?.getReader();
  if (!reader) return NO_BYTES;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > bytesMax) {
      await drain(reader);
      return null;
    }
    chunks.push(value);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
