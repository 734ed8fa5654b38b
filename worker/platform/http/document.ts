/** A route as OpenAPI says it. */
import { z, type OpenAPIHono } from "@hono/zod-openapi";
import type { Access, RouteSpec } from "./api.ts";

type Schema = z.ZodType;

/** What every route may answer. */
const ANYWHERE = ["invalid", "rate_limited", "overloaded", "unavailable", "fault"] as const;

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

export function documentOf(
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
  const codes = new Set([...(spec.problems ?? []), ...ANYWHERE]);
  responses["default"] = {
    description: `Problem. Codes: ${[...codes].join(", ")}`,
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
      ...(spec.bytes
        ? {
            body: {
              required: true,
              description: spec.bytes.description,
              content: Object.fromEntries(
                spec.bytes.types.map((type) => [
                  type,
                  { schema: z.string().openapi({ format: "binary" }) },
                ]),
              ),
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
