/** A route as OpenAPI says it. */
import { z, type OpenAPIHono } from "@hono/zod-openapi";
import type { Code } from "../../kernel/refusal.ts";
import type { Access, RouteSpec } from "./api.ts";
import { operationIdOf } from "./operation-id.ts";
import { problemBody, STATUS_OF } from "./problem.ts";

type Schema = z.ZodType;
type Registry = OpenAPIHono["openAPIRegistry"];

/** By what a caller proves who they are; nothing at all is enough where anybody may call, and who is known is told more. */
const SECURITY: Readonly<Record<Access, Record<string, string[]>[]>> = {
  public: [{}, { session: [] }, { bearer: [] }],
  member: [{ session: [] }, { bearer: [] }],
  staff: [{ staff: [] }, { session: [] }, { bearer: [] }],
};

const RETRY_AFTER = z.object({
  "retry-after": z
    .int()
    .optional()
    .describe("Seconds; with `overloaded`, `rate_limited`, `unavailable`."),
});

/** What every route may answer. */
const ANYWHERE = ["invalid", "rate_limited", "overloaded", "unavailable", "fault"] as const;

/** What whoever may not call is answered before the route is asked. */
const BEFORE = {
  public: [],
  member: ["unauthenticated"],
  staff: ["unauthenticated", "forbidden"],
} as const satisfies Record<Access, readonly Code[]>;

/** What a route has to say itself: neither what all answer nor what follows from who may call it. */
export type OwnCode<A extends Access> = {
  readonly [K in A]: Exclude<Code, (typeof ANYWHERE)[number] | (typeof BEFORE)[K][number]>;
}[A];

/** A write from another site is refused, whoever may call. */
function codesBefore({ access, method }: { access: Access; method: string }): readonly Code[] {
  return method === "get" ? BEFORE[access] : [...BEFORE[access], "forbidden"];
}

const CODES = Object.keys(STATUS_OF) as [Code, ...Code[]];

const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(CODES).describe("Stable; docs/contract.md says which are final for an order id."),
    detail: z.string().describe("A sentence for people, in the language that was asked for."),
    instance: z.string().describe("The path that was called."),
  })
  .openapi("Problem", { description: "RFC 9457, with the figures of its code beside." });

/** What a problem carries beside the members that all have. */
const FIGURES: Readonly<Record<Code, Readonly<Record<string, unknown>>>> = {
  sold_out: { remaining: 0 },
  closed: { closedAtMs: 1_795_000_000_000 },
  stale: { epoch: 3 },
  forgone: {},
  limit_reached: { limit: 1, used: 1 },
  points_insufficient: { needed: 900, active: 250 },
  not_eligible: { rule: "tier" },
  not_open: { opensInMs: 12_000 },
  ahead: { epoch: 3 },
  epoch_unknown: { epoch: 3 },
  price_changed: { points: 950 },
  overloaded: {},
  rate_limited: {},
  idempotency_mismatch: { fields: ["quantity"] },
  invalid: { errors: [{ path: "quantity", message: "Invalid input: expected int" }] },
  unauthenticated: {},
  forbidden: {},
  not_found: {},
  conflict: { reason: "status", saleStatus: "closed" },
  method_not_allowed: {},
  upgrade_required: {},
  unavailable: {},
  fault: { reference: "0b9b5c5e-6f0c-4a43-9a39-1f3d5cf6ad3a" },
};

/** Every problem there is, as an example that the routes refer to. */
export function registerProblems(registry: Registry): void {
  for (const code of CODES) {
    const instance = "/api/v1/sales/demo.tea-mug~1/redemptions";
    const value = problemBody({ code, locale: "en", instance, figures: FIGURES[code] });
    registry.registerComponent("examples", code, { summary: value.title, value });
  }
}

interface ResponseDocument {
  readonly description: string;
  readonly headers?: z.ZodObject;
  readonly content?: Record<
    string,
    { readonly schema: Schema; readonly examples?: Record<string, { readonly $ref: string }> }
  >;
}

function problemDocument(ofRoute: readonly Code[]): ResponseDocument {
  const codes = [...new Set<Code>([...ofRoute, ...ANYWHERE])];
  const examples = codes.map((code) => [code, { $ref: `#/components/examples/${code}` }] as const);
  return {
    description: `Problem. Codes: ${codes.join(", ")}`,
    headers: RETRY_AFTER,
    content: {
      "application/problem+json": {
        schema: problemSchema,
        examples: Object.fromEntries(examples),
      },
    },
  };
}

/** A text is a string as it stands; bytes are one of format `binary`. */
function filesOf(types: readonly string[]): Record<string, { schema: Schema }> {
  const schemaOf = (type: string): Schema =>
    type.startsWith("text/") ? z.string() : z.string().openapi({ format: "binary" });
  return Object.fromEntries(types.map((type) => [type, { schema: schemaOf(type) }]));
}

export function documentOf(
  spec: RouteSpec<z.ZodObject | undefined, z.ZodObject | undefined, Schema | undefined, Access>,
): Parameters<Registry["registerPath"]>[0] {
  const responses: Record<string, ResponseDocument> = {};
  const codes = [...codesBefore(spec), ...(spec.problems ?? [])];
  for (const [status, { description, schema, types }] of Object.entries(spec.responses)) {
    const content = schema ? { "application/json": { schema } } : types && filesOf(types);
    // A refusal with a body of its own, as a report of lines, stands beside the problem of the same status.
    const beside = Number(status) >= 400 ? problemDocument(codes).content : {};
    responses[status] = { description, ...(content ? { content: { ...content, ...beside } } : {}) };
  }
  responses["default"] = problemDocument(codes);
  return {
    method: spec.method,
    path: spec.path,
    operationId: spec.operationId ?? operationIdOf(spec.method, spec.path),
    tags: [spec.tag],
    summary: spec.summary,
    security: SECURITY[spec.access],
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
              content: filesOf([spec.text.type]),
            },
          }
        : {}),
      ...(spec.bytes
        ? {
            body: {
              required: true,
              description: spec.bytes.description,
              content: filesOf(spec.bytes.types),
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
