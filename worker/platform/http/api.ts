import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Clock } from "../../kernel/clock.ts";
import { InvariantBreach } from "../../kernel/invariant.ts";
import { LIMITS } from "../../kernel/limits.ts";
import type { Permission } from "../../kernel/permission.ts";
import type { Code, Figures } from "../../kernel/refusal.ts";
import type { Locale } from "../../pages/page-data.ts";
import type { Env } from "../env.ts";
import { log } from "../log.ts";
import { localeOf, problemResponse } from "./problem.ts";
import { SECURITY_HEADERS } from "./security.ts";

/** Who may call a route. There is no default: a route without a declared access cannot be written. */
export type Access = "public" | "member" | "staff";

/** The identity a session proves. */
export interface Session {
  readonly programmeId: string;
  readonly memberId: string;
  readonly memberKey: string;
  readonly role: "member" | "staff";
}

export interface Ports {
  readonly session: (request: Request, env: Env, nowMs: number) => Session | null;
  /** False: this member has sent too much. */
  readonly mayWrite: (memberKey: string, env: Env, nowMs: number) => boolean;
  /** Whether these staff hold the permission that a route names. */
  readonly permits: (session: Session, permission: Permission, env: Env) => boolean;
  readonly clock: Clock;
}

type Schema = z.ZodType;
type Parsed<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined;

/** A staff route says which permission it needs; one without cannot be written. */
type Permitted<A extends Access> = A extends "staff"
  ? { readonly permission: Permission }
  : { readonly permission?: undefined };

export type RouteSpec<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends Schema | undefined,
  A extends Access,
> = RouteParts<P, Q, B, A> & Permitted<A>;

interface RouteParts<
  P extends z.ZodObject | undefined,
  Q extends z.ZodObject | undefined,
  B extends Schema | undefined,
  A extends Access,
> {
  readonly method: "get" | "post" | "put" | "delete";
  /** As OpenAPI writes it: `/api/v1/sales/{saleId}`. */
  readonly path: string;
  readonly access: A;
  readonly tag: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** A body that is no JSON but text of this type, up to `importBytesMax`; it comes as `text`. */
  readonly text?: { readonly type: "text/csv"; readonly description: string };
  readonly responses: Readonly<Record<number, { description: string; schema?: Schema }>>;
  /** Codes of the problems this route answers, beside those that every route may answer. */
  readonly problems?: readonly Code[];
}

export interface Call<P, Q, B, S> {
  readonly request: Request;
  readonly env: Env;
  readonly ctx: ExecutionContext;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Where the route takes text. */
  readonly text: string;
  readonly session: S;
  readonly locale: Locale;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
}

export type ProblemMaker = (
  code: Code,
  figures?: Figures | Readonly<Record<string, unknown>>,
  retryAfterSeconds?: number,
) => Response;

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    instance: z.string(),
  })
  .openapi("Problem");

/** Routes, their documentation, their permission and their validation, declared in one place. */
export class Api {
  readonly app = new OpenAPIHono<{ Bindings: Env }>();
  readonly routes: { method: "get" | "post" | "put" | "delete"; path: string; access: Access }[] =
    [];
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
    const schemes = this.app.openAPIRegistry;
    schemes.registerComponent("securitySchemes", "session", {
      ...{ type: "apiKey", in: "cookie", name: "qd_session" },
      description: "Signed HttpOnly cookie of a sign-in.",
    });
    schemes.registerComponent("securitySchemes", "bearer", {
      ...{ type: "http", scheme: "bearer" },
      description: "The same token, for callers without cookies.",
    });
  }

  route<
    A extends Access,
    P extends z.ZodObject | undefined = undefined,
    Q extends z.ZodObject | undefined = undefined,
    B extends Schema | undefined = undefined,
  >(
    spec: RouteSpec<P, Q, B, A>,
    handler: (
      call: Call<Parsed<P>, Parsed<Q>, Parsed<B>, A extends "public" ? Session | null : Session>,
    ) => Promise<Response> | Response,
  ): void {
    const { method, path, access } = spec;
    this.routes.push({ method, path, access });
    this.app.openAPIRegistry.registerPath(documentOf(spec));
    const honoPath = path.replace(/\{(\w+)\}/g, ":$1");
    this.app.on(method.toUpperCase(), honoPath, (c) => this.#handle(c, spec, handler as never));
  }

  /** Methods that some route has at this path; empty when none matches. */
  methodsOf(path: string): string[] {
    const parts = path.split("/");
    return this.routes
      .filter((route) => {
        const wanted = route.path.split("/");
        return (
          wanted.length === parts.length &&
          wanted.every(
            (part, at) => (part.startsWith("{") && parts[at] !== "") || part === parts[at],
          )
        );
      })
      .map((route) => route.method.toUpperCase());
  }

  async #handle(
    c: Context<{ Bindings: Env }>,
    spec: RouteSpec<z.ZodObject | undefined, z.ZodObject | undefined, Schema | undefined, Access>,
    handler: (
      call: Call<unknown, unknown, unknown, Session | null>,
    ) => Promise<Response> | Response,
  ): Promise<Response> {
    const request = c.req.raw;
    const nowMs = this.#ports.clock();
    const locale = localeOf(request);
    const problem: ProblemMaker = (code, figures, retryAfterSeconds) =>
      problemResponse({
        code,
        locale,
        instance: c.req.path,
        ...(figures ? { figures } : {}),
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      });
    try {
      const session = this.#ports.session(request, c.env, nowMs);
      if (spec.access !== "public" && !session) return problem("unauthenticated");
      if (spec.access === "staff" && !this.#permits(session, spec.permission, c.env))
        return problem("forbidden");
      const isWrite = spec.method !== "get";
      if (isWrite && request.headers.get("sec-fetch-site") === "cross-site")
        return problem("forbidden");
      if (isWrite && session && !this.#ports.mayWrite(session.memberKey, c.env, nowMs)) {
        return problem("rate_limited", {}, 1);
      }
      const params = spec.params ? check(spec.params, c.req.param(), "path") : NOTHING;
      const query = spec.query ? check(spec.query, c.req.query(), "query") : NOTHING;
      const body = spec.body ? await readBody(request, spec.body) : NOTHING;
      const text = spec.text ? await readPlain(request, spec.text.type) : NOTHING;
      for (const part of [params, query, body, text]) {
        if (!part.ok) {
          const { status, errors } = part;
          return problemResponse({
            code: "invalid",
            locale,
            instance: c.req.path,
            status,
            figures: { errors },
          });
        }
      }
      return await handler({
        request,
        env: c.env,
        ctx: c.executionCtx as ExecutionContext,
        params: params.ok ? params.value : undefined,
        query: query.ok ? query.value : undefined,
        body: body.ok ? body.value : undefined,
        text: text.ok && typeof text.value === "string" ? text.value : "",
        session,
        locale,
        nowMs,
        problem,
      });
    } catch (error) {
      return faultResponse(error, problem);
    }
  }

  #permits(session: Session | null, permission: Permission | undefined, env: Env): boolean {
    if (session?.role !== "staff" || !permission) return false;
    return this.#ports.permits(session, permission, env);
  }
}

/** Outages are said to be such; anything else is a bug of ours, logged with a reference and without its inputs. */
function faultResponse(error: unknown, problem: ProblemMaker): Response {
  const fault = error as { overloaded?: boolean; retryable?: boolean; message?: string };
  const reference = crypto.randomUUID();
  log("request_failed", {
    reference,
    breach: error instanceof InvariantBreach,
    error: String(fault.message ?? error),
  });
  if (fault.overloaded || fault.retryable) return problem("overloaded", { reference }, 1);
  return problem("fault", { reference });
}

interface FieldError {
  readonly path: string;
  readonly message: string;
}
type Checked =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly errors: readonly FieldError[] };

const NOTHING: Checked = { ok: true, value: undefined };

const bad = (status: number, message: string): Checked => ({
  ok: false,
  status,
  errors: [{ path: "", message }],
});

function check(schema: Schema, value: unknown, where: string): Checked {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const errors = parsed.error.issues.slice(0, 20).map((issue) => ({
    path: [where, ...issue.path].filter((part) => part !== "body").join("."),
    message: issue.message,
  }));
  return { ok: false, status: 422, errors };
}

/** JSON only, of bounded size, whole. */
async function readBody(request: Request, schema: Schema): Promise<Checked> {
  const type = request.headers.get("content-type") ?? "";
  if (type !== "application/json" && !/^application\/json(?:\s*;|$)/i.test(type))
    return bad(415, "content-type must be application/json");
  const text = await readText(request, LIMITS.bodyBytesMax);
  if (text === null) return bad(413, `a body has ${LIMITS.bodyBytesMax} bytes at most`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad(400, "the body is not JSON");
  }
  return check(schema, value, "body");
}

/** Text of the type, of bounded size, whole. */
async function readPlain(request: Request, wanted: string): Promise<Checked> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== wanted) return bad(415, `content-type must be ${wanted}`);
  const bytesMax = LIMITS.importBytesMax;
  const text = await readText(request, bytesMax);
  return text === null
    ? bad(413, `a body has ${bytesMax} bytes at most`)
    : { ok: true, value: text };
}

/** The body as text, or null when it is larger than allowed; a declared length is believed, for the runtime enforces it. */
function readText(request: Request, bytesMax: number): Promise<string | null> {
  const length = request.headers.get("content-length");
  if (length === null) return readStream(request, bytesMax);
  return Number(length) <= bytesMax ? request.text() : Promise.resolve(null);
}

/** A body of undeclared length, read until it is whole or proves larger than allowed. */
async function readStream(request: Request, bytesMax: number): Promise<string | null> {
  const reader = request.body?.getReader();
  if (!reader) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.byteLength;
    if (bytes > bytesMax) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function documentOf(
  spec: RouteSpec<z.ZodObject | undefined, z.ZodObject | undefined, Schema | undefined, Access>,
): Parameters<OpenAPIHono["openAPIRegistry"]["registerPath"]>[0] {
  const problemContent = { "application/problem+json": { schema: problemSchema } };
  const responses: Record<
    string,
    { description: string; content?: Record<string, { schema: Schema }> }
  > = {};
  for (const [status, { description, schema }] of Object.entries(spec.responses)) {
    responses[status] = schema
      ? { description, content: { "application/json": { schema } } }
      : { description };
  }
  responses["default"] = {
    description: `Problem. Codes: ${[...(spec.problems ?? []), "invalid", "rate_limited", "overloaded", "fault"].join(", ")}`,
    content: problemContent,
  };
  return {
    method: spec.method,
    path: spec.path,
    tags: [spec.tag],
    summary: spec.summary,
    ...(spec.access === "public" ? {} : { security: [{ session: [] }, { bearer: [] }] }),
    "x-access": spec.access,
    ...(spec.permission ? { "x-permission": spec.permission } : {}),
    request: {
      ...(spec.params ? { params: spec.params } : {}),
      ...(spec.query ? { query: spec.query } : {}),
      ...(spec.text
        ? {
            body: {
              required: true,
              description: spec.text.description,
              content: { [spec.text.type]: { schema: z.string() } },
            },
          }
        : {}),
      ...(spec.body
        ? { body: { required: true, content: { "application/json": { schema: spec.body } } } }
        : {}),
    },
    responses,
  };
}

/** Made once: a response copies them, which costs less than building them. */
const JSON_HEADERS = new Headers({
  ...SECURITY_HEADERS,
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
});

export function json(
  body: unknown,
  status = 200,
  headers?: Readonly<Record<string, string>>,
): Response {
  const response = new Response(JSON.stringify(body), { status, headers: JSON_HEADERS });
  for (const name in headers) response.headers.set(name, headers[name] ?? "");
  return response;
}
