import { OpenAPIHono, type z } from "@hono/zod-openapi";
import { Hono, type Context, type NotFoundHandler } from "hono";
import type { Clock } from "../../kernel/clock.ts";
import { InvariantBreach } from "../../kernel/invariant.ts";
import type { Permission, StaffRight } from "../../kernel/permission.ts";
import type { Code, Figures } from "../../kernel/refusal.ts";
import type { Locale } from "../../pages/page-data.ts";
import { isQueueFull } from "../commit-queue.ts";
import type { Env } from "../env.ts";
import { describeError, log } from "../log.ts";
import { Audit, type AuditedCall, type AuditNote } from "./audited.ts";
import { documentOf, registerProblems, type OwnCode } from "./document.ts";
import { isForeignWrite } from "./origin.ts";
import { answerOfOwn } from "./own-records.ts";
import { localeOf, problemResponse } from "./problem.ts";
import {
  check,
  NO_UNPARSED,
  NOTHING,
  readAway,
  readBody,
  readUnparsed,
  unparsedOf,
  valueOf,
} from "./read.ts";
import { dataHeaders, dataResponse, dressed } from "./security.ts";
import type { Tag } from "./tags.ts";

/** Who may call a route. There is no default: a route without a declared access cannot be written. */
export type Access = "public" | "member" | "staff";

/** What is known of somebody who works here, beside the session's programme and id. */
export interface StaffIdentity {
  /** Also the session's `memberId`. */
  readonly staffId: string;
  readonly name: string;
  readonly email: string;
  /** Null: the development login, which is no person and has nothing to revoke. */
  readonly sessionId: string | null;
  readonly roleIds: readonly string[];
  readonly permissions: ReadonlySet<Permission>;
  /** The stores this person is bound to; null for all. A handler that acts for a store asks `mayServe`. */
  readonly storeIds: readonly string[] | null;
  /** Signed in, but the programme asks for a second step that is not set up: nothing but `self` routes. */
  readonly needsSecondStep: boolean;
}

/** The identity a session proves. */
export interface Session {
  readonly programmeId: string;
  readonly memberId: string;
  readonly memberKey: string;
  readonly role: "member" | "staff";
  /** On every staff route; absent elsewhere. */
  readonly staff?: StaffIdentity;
}

/** Whether these staff may act for a store. */
export function mayServe({ staff }: Session, storeId: string): boolean {
  return staff !== undefined && (staff.storeIds === null || staff.storeIds.includes(storeId));
}

/** Whether these staff act for the whole programme; who is bound to stores is shown nothing that is not a store's. */
export const isOfAllStores = ({ staff }: Session): boolean => staff?.storeIds === null;

export interface Ports {
  readonly session: (
    request: Request,
    env: Env,
    ctx: ExecutionContext,
    nowMs: number,
  ) => Session | null | Promise<Session | null>;
  /** Records of the same person that went into the session's. */
  readonly olderRecords: (session: Session, env: Env, nowMs: number) => Promise<readonly string[]>;
  /** False: this member has sent too much. */
  readonly mayWrite: (memberKey: string, env: Env, nowMs: number) => boolean;
  /** Who stands before a staff route; it may ask D1, so it is asked on no other. */
  readonly staffSession: (request: Request, env: Env, nowMs: number) => Promise<Session | null>;
  /** Writes down what staff did. It does not throw: an entry that cannot be written now is kept and tried again. */
  readonly record: (call: AuditedCall, env: Env, ctx: ExecutionContext) => Promise<void>;
  readonly clock: Clock;
}

type Schema = z.ZodType;
type Parsed<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined;

/** A staff route says which permission it needs; one without cannot be written. */
type Permitted<A extends Access> = A extends "staff"
  ? { readonly permission: StaffRight }
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
  /** What a generated client calls it; absent: `operationIdOf` its method and path. */
  readonly operationId?: string;
  readonly access: A;
  readonly tag: Tag;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Largest JSON body of this route, bytes; absent: `bodyBytesMax`. */
  readonly bodyBytesMax?: number;
  /** A body of bytes in one of these types; it comes as `bytes`. */
  readonly bytes?: {
    readonly types: readonly string[];
    readonly bytesMax: number;
    readonly description: string;
  };
  /** A body that is no JSON but text of this type, up to `importBytesMax`; it comes as `text`. */
  readonly text?: { readonly type: "text/csv"; readonly description: string };
  /** JSON by its schema, or a file of one of the types; neither: an answer without a body. */
  readonly responses: Readonly<
    Record<number, { description: string; schema?: Schema; types?: readonly string[] }>
  >;
  /** Codes of the problems this route answers, beside those that all answer and those that follow from its access. */
  readonly problems?: readonly OwnCode<A>[];
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
  /** Where the route takes bytes, with the type that the caller gave them. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly bytesType: string;
  readonly session: S;
  readonly locale: Locale;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
  /**
   * Adds what this handler knows to the audit entry of the call: the subject, before and after, the reason given. Every
   * write on a staff route gets an entry without it, with the redacted body as `after`; a read gets one only by it,
   * and a look that has to be a POST gets none where it says so.
   */
  readonly audit: (note: AuditNote) => void;
}

export type ProblemMaker = (
  code: Code,
  figures?: Figures | Readonly<Record<string, unknown>>,
  retryAfterSeconds?: number,
) => Response;

const STAFF_PATH = "/api/v1/staff/";

/** Routes, their documentation, their permission and their validation, declared in one place. */
export class Api {
  readonly app = new OpenAPIHono<{ Bindings: Env }>();
  /**
   * Staff routes are looked up apart. Their paths are of every shape, and a single one that hono's compiled router cannot
   * take (`/orders/export` beside `/orders/{memberId}/{orderId}`) would send all of its app to the slow one, the
   * redemption with them.
   */
  readonly #staffApp = new Hono<{ Bindings: Env }>();
  readonly routes: { method: "get" | "post" | "put" | "delete"; path: string; access: Access }[] =
    [];
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
    const registry = this.app.openAPIRegistry;
    registry.registerComponent("securitySchemes", "session", {
      ...{ type: "apiKey", in: "cookie", name: "qd_session" },
      description: "Signed HttpOnly cookie of a member's sign-in.",
    });
    registry.registerComponent("securitySchemes", "staff", {
      ...{ type: "apiKey", in: "cookie", name: "qd_staff" },
      description: "Cookie of a sign-in to the console; a write with it must come from this site.",
    });
    registry.registerComponent("securitySchemes", "bearer", {
      ...{ type: "http", scheme: "bearer" },
      description: "The token of `session`, for callers without cookies.",
    });
    registerProblems(registry);
    this.app.onError((error, c) => unroutedFault(error, c));
    this.app.all(`${STAFF_PATH}*`, (c) =>
      this.#staffApp.fetch(c.req.raw, c.env, c.executionCtx as ExecutionContext),
    );
  }

  /** What answers where no route does. */
  onMissing(handler: NotFoundHandler<{ Bindings: Env }>): void {
    this.app.notFound(handler);
    this.#staffApp.notFound(handler);
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
    const app = path.startsWith(STAFF_PATH) ? this.#staffApp : this.app;
    app.on(method.toUpperCase(), honoPath, async (c) => {
      const response = await this.#handle(c, spec, handler as never);
      if (response.status >= 400 && method !== "get") await readAway(c.req.raw);
      return response;
    });
  }

  /** Every handler there is, as `METHOD /path`, for the proof that each was declared. */
  get handlers(): readonly string[] {
    const all = [...this.app.routes, ...this.#staffApp.routes];
    return all.map(({ method, path }) => `${method} ${path}`);
  }

  /** Methods that some route has at this path, and HEAD with GET; empty when none matches. */
  methodsOf(path: string): string[] {
    const parts = path.split("/");
    const methods = this.routes
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
    return methods.includes("GET") ? [...methods, "HEAD"] : methods;
  }

  async #handle(
    c: Context<{ Bindings: Env }>,
    spec: RouteSpec<z.ZodObject | undefined, z.ZodObject | undefined, Schema | undefined, Access>,
    handler: (
      call: Call<unknown, unknown, unknown, Session | null>,
    ) => Promise<Response> | Response,
  ): Promise<Response> {
    const request = c.req.raw;
    const ctx = c.executionCtx as ExecutionContext;
    const nowMs = this.#ports.clock();
    const locale = localeOf(request);
    const problem = problemMaker(locale, c.req.path);
    const isStaffRoute = spec.access === "staff";
    const audit = isStaffRoute ? new Audit(spec, request, nowMs) : null;
    let session: Session | null = null;
    const done = async (response: Response): Promise<Response> => {
      const entry = session && audit?.close(session, response.status);
      if (entry) await this.#ports.record(entry, c.env, ctx);
      return response;
    };
    try {
      session = isStaffRoute
        ? await this.#ports.staffSession(request, c.env, nowMs)
        : await this.#ports.session(request, c.env, ctx, nowMs);
      if (spec.access !== "public" && !session) return problem("unauthenticated");
      if (isStaffRoute && !permits(session, spec.permission)) {
        return session?.staff ? await done(problem("forbidden")) : problem("forbidden");
      }
      const isWrite = spec.method !== "get";
      if (isWrite && isForeignWrite(request, isStaffRoute)) return problem("forbidden");
      if (isWrite && session && !this.#ports.mayWrite(session.memberKey, c.env, nowMs)) {
        return problem("rate_limited", {}, 1);
      }
      const params = spec.params ? check(spec.params, c.req.param(), "path") : NOTHING;
      const query = spec.query ? check(spec.query, c.req.query(), "query") : NOTHING;
      const body = spec.body ? await readBody(request, spec.body, spec.bodyBytesMax) : NOTHING;
      const plain = spec.text || spec.bytes ? await readUnparsed(request, spec) : NOTHING;
      for (const part of [params, query, body, plain]) {
        if (!part.ok) {
          const { status, errors } = part;
          const figures = { errors };
          const instance = c.req.path;
          return problemResponse({ code: "invalid", locale, instance, status, figures });
        }
      }
      audit?.asked(valueOf(params), valueOf(body));
      const olderRecords = (own: Session) => this.#ports.olderRecords(own, c.env, nowMs);
      const answer = (as: Session | null): Promise<Response> | Response =>
        handler({
          request,
          env: c.env,
          ctx,
          params: valueOf(params),
          query: valueOf(query),
          body: valueOf(body),
          ...(plain === NOTHING ? NO_UNPARSED : unparsedOf(request, plain)),
          session: as,
          locale,
          nowMs,
          problem,
          audit: (note) => audit?.note(note),
        });
      const isOfOneThing = spec.params !== undefined;
      const response = dressed(await answerOfOwn(session, isOfOneThing, olderRecords, answer));
      return audit ? await done(response) : response;
    } catch (error) {
      // What failed half way may have changed something: it is told too.
      return done(faultResponse(error, problem));
    }
  }
}

function problemMaker(locale: Locale, instance: string): ProblemMaker {
  return (code, figures, retryAfterSeconds) =>
    problemResponse({
      ...{ code, locale, instance },
      ...(figures ? { figures } : {}),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
}

/** Default deny: what is not held is refused, and so is everything but one's own while a second step is missing. */
function permits(session: Session | null, right: StaffRight | undefined): boolean {
  const staff = session?.staff;
  if (!staff || right === undefined) return false;
  if (right === "self") return true;
  return !staff.needsSecondStep && staff.permissions.has(right);
}

/** Outages are said to be such; anything else is a bug of ours, logged with a reference and without its inputs. */
function faultResponse(error: unknown, problem: ProblemMaker): Response {
  const fault = error as { overloaded?: boolean; retryable?: boolean; message?: string };
  const reference = crypto.randomUUID();
  log("request_failed", {
    reference,
    breach: error instanceof InvariantBreach,
    error: describeError(error),
  });
  if (isOfD1(error)) return problem("unavailable", { reference }, 5);
  if (fault.overloaded || fault.retryable || isQueueFull(error))
    return problem("overloaded", { reference }, 1);
  return problem("fault", { reference });
}

/** What no route caught: a page or a file of ours failed. A host that makes no address is the caller's mistake. */
function unroutedFault(error: unknown, c: Context): Response {
  const { path: instance, raw } = c.req;
  const locale = localeOf(raw);
  if (URL.canParse(raw.url)) return faultResponse(error, problemMaker(locale, instance));
  const figures = { errors: [{ path: "host", message: "no address has this host" }] };
  return problemResponse({ code: "invalid", status: 400, locale, instance, figures });
}

/** D1 did not do what it was asked, also where an object asked it. A broken constraint is an answer of D1's, and our bug. */
function isOfD1(error: unknown): boolean {
  const { message = "", cause } = error as { message?: string; cause?: unknown };
  if (/\bD1_[A-Z_]*ERROR\b/.test(message)) return !message.includes("SQLITE_CONSTRAINT");
  // The query builder wraps it.
  return cause instanceof Error && isOfD1(cause);
}

const JSON_HEADERS = dataHeaders({ "content-type": "application/json; charset=utf-8" });

export function json(
  body: unknown,
  status = 200,
  headers?: Readonly<Record<string, string>>,
): Response {
  const response = dataResponse(body, status, JSON_HEADERS);
  for (const name in headers) response.headers.set(name, headers[name] ?? "");
  return response;
}
