import { z } from "@hono/zod-openapi";
import { json, type Api } from "../platform/http/api.ts";
import { editorSchemas, examplesOf } from "./editor/index.ts";
import { parseTerms, TERMS_KINDS } from "./programme/index.ts";
import { changing, freeBody, invalid, STAFF_PROBLEMS } from "./staff-http.ts";
import { savedTerms } from "./store.ts";

const schemaSchema = z.record(z.string(), z.unknown()).describe("JSON Schema");

/** What the console's editors need beside the terms themselves. */
export function editorRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/earning/schemas",
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: "The schemas of terms, rules and tasks: a form drawn from them fits what is saved",
      responses: {
        200: {
          description: "By kind",
          schema: z.object({
            terms: z.record(z.string(), schemaSchema),
            rule: schemaSchema,
            task: schemaSchema,
          }),
        },
      },
    },
    () => json(editorSchemas()),
  );

  api.route(
    {
      method: "post",
      path: "/api/v1/staff/earning/terms/{kind}/preview",
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: "What terms would mean, in sentences, before they are saved; changes nothing",
      params: z.object({ kind: z.enum(TERMS_KINDS) }),
      body: freeBody("EarningTermsPreview", "The terms of the kind, as docs/points.md has them."),
      responses: {
        200: { description: "Sentences", schema: z.object({ examples: z.array(z.string()) }) },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (store) => {
        const { session, params, body, nowMs, locale, problem, audit } = call;
        audit({ isLook: true });
        const { terms } = await store.programme(session.programmeId);
        const version = (terms.find(({ kind }) => kind === params.kind)?.version ?? 0) + 1;
        const parsed = parseTerms(params.kind, body, version, savedTerms(terms));
        if (parsed.kind === "invalid") return invalid(problem, parsed.problems);
        const whole = await store.snapshot(session.programmeId, nowMs);
        return json({ examples: examplesOf(params.kind, parsed.value, whole, nowMs, locale) });
      }),
  );
}
