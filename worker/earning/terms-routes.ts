import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { approvalSchema } from "../staff/index.ts";
import { DEFAULT_TERMS, parseTerms, TERMS_KINDS, type TermsKind } from "./programme/index.ts";
import { parseRule, type EarnProgramme, type EarnRule, type Problem } from "./rules/index.ts";
import { changing, freeBody, invalid, STAFF_PROBLEMS, staffOf } from "./staff-http.ts";
import { registerLooserApproval, secondForLooser } from "./looser-approval.ts";
import { savedTerms, termsWrite, type EarningStore, type SavedVersion } from "./store.ts";

const basedOnSchema = z.coerce
  .number()
  .int()
  .min(0)
  .max(LIMITS.timeMsMax)
  .optional()
  .describe("The version that was edited: a newer one is answered as `current` of a 409.");
type Approval = typeof DEFAULT_TERMS.approval;
const kindParams = z.object({ kind: z.enum(TERMS_KINDS) });

const termsSchema = z
  .object({
    kind: z.enum(TERMS_KINDS),
    version: z.int().describe("0: nobody saved any, these are the defaults."),
    terms: z.record(z.string(), z.unknown()).nullable().describe("Null: there are none."),
    savedBy: z.string().nullable(),
    savedAtMs: z.int().nullable(),
  })
  .openapi("EarningTerms");

/** Terms that exist once a programme: the conversion rate, tiers, check-in tables, policies. Every version is kept. */
export function termsRoutes(api: Api): void {
  registerLooserApproval();
  readRoutes(api);
  saveRoute(api);
}

function readRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/earning/terms",
      operationId: "listStaffEarningTerms",
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: "The terms in force, by kind, with the defaults of those that nobody saved",
      responses: {
        200: { description: "By kind", schema: z.object({ terms: z.array(termsSchema) }) },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (store) => {
        const { terms } = await store.programme(call.session.programmeId);
        return json({
          terms: TERMS_KINDS.map((kind) =>
            termsView(
              kind,
              terms.find((one) => one.kind === kind),
            ),
          ),
        });
      }),
  );

  api.route(
    {
      method: "get",
      path: "/api/v1/staff/earning/terms/{kind}",
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: "One kind of terms with every version, newest first",
      params: kindParams,
      responses: {
        200: {
          description: "In force, and all versions",
          schema: termsSchema.extend({ versions: z.array(termsSchema) }),
        },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (store) => {
        const { kind } = call.params;
        const versions = await store.versions(call.session.programmeId, kind);
        const views = versions.map((version) => termsView(kind, version));
        return json({ ...termsView(kind, versions[0]), versions: views });
      }),
  );
}

function saveRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/earning/terms/{kind}",
      access: "staff",
      permission: "rules.write",
      tag: "Earning rules",
      summary:
        "Saves terms as a new version, in force from now on; the same terms again change nothing",
      params: kindParams,
      query: z.object({
        basedOn: basedOnSchema.describe(
          "`version` of what was edited, 0 where nothing was saved yet: what was saved since is answered as `current` of a 409. Left out: whatever stands there is replaced.",
        ),
      }),
      body: freeBody("EarningTermsBody", "The terms of the kind, as docs/points.md has them."),
      responses: {
        200: { description: "In force", schema: termsSchema },
        202: {
          description: "A higher threshold waits for a second person",
          schema: approvalSchema,
        },
      },
      problems: [...STAFF_PROBLEMS, "idempotency_mismatch"],
    },
    (call) =>
      changing(call, async (store) => {
        const { session, params, body, nowMs, problem } = call;
        const { kind } = params;
        const { revision, terms } = await store.programme(session.programmeId);
        const current = terms.find((one) => one.kind === kind);
        const saved = savedTerms(terms);
        const version = (current?.version ?? 0) + 1;
        const same = current && parseTerms(kind, body, current.version, saved);
        if (same?.kind === "ok" && JSON.stringify(same.value) === JSON.stringify(current?.body)) {
          return json(termsView(kind, current));
        }
        const { basedOn } = call.query;
        if (basedOn !== undefined && basedOn !== (current?.version ?? 0)) {
          const view = termsView(kind, current);
          return problem("conflict", { reason: "changed_meanwhile", current: view });
        }
        const parsed = parseTerms(kind, body, version, saved);
        if (parsed.kind === "invalid") return invalid(problem, parsed.problems);
        if (kind === "earn") {
          const clashes = await clashesOf(
            store,
            session.programmeId,
            parsed.value as EarnProgramme,
            nowMs,
          );
          if (clashes.length > 0) return invalid(problem, clashes);
        }
        if (kind === "approval") {
          const waits = await secondForLooser(call, current, parsed.value as Approval);
          if (waits) return waits;
        }
        const by = { savedBy: staffOf(call), savedAtMs: nowMs };
        const write = termsWrite(kind, version, parsed.value, by);
        const isSaved = await store.save(session.programmeId, revision, [write]);
        if (!isSaved) return null;
        return json(termsView(kind, { kind, version, body: parsed.value, ...by }));
      }),
  );
}

/** Published rules that would contradict a changed programme, such as a validity shorter than the waiting time. */
async function clashesOf(
  store: EarningStore,
  programmeId: string,
  programme: EarnProgramme,
  nowMs: number,
): Promise<Problem[]> {
  const { rules } = await store.snapshot(programmeId, nowMs);
  return rules
    .filter(({ untilMs }) => untilMs === null)
    .flatMap(({ rule }) => {
      const parsed = parseRule(rule satisfies EarnRule, programme);
      if (parsed.kind === "ok") return [];
      return parsed.problems.map(({ field, reason }) => ({
        field,
        reason: `with the published rule ${rule.ruleId}: ${reason}`,
      }));
    });
}

function termsView(kind: TermsKind, saved: SavedVersion | undefined) {
  const defaults: Readonly<Partial<Record<TermsKind, unknown>>> = DEFAULT_TERMS;
  return {
    kind,
    version: saved?.version ?? 0,
    terms: (saved?.body ?? defaults[kind] ?? null) as Record<string, unknown> | null,
    savedBy: saved?.savedBy ?? null,
    savedAtMs: saved?.savedAtMs ?? null,
  };
}
