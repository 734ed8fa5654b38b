/** Rules and tasks: draft → dry run → published → retired, every version kept. */
import { z } from "@hono/zod-openapi";
import { earnsByRedemption } from "../accounts/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { json, type Api } from "../platform/http/api.ts";
import { basedOnSchema, seenSchema } from "../platform/http/based-on.ts";
import {
  DEFAULT_TERMS,
  parseTask,
  rulesAt,
  sizeProblem,
  type ProgrammeTerms,
  type StoredTask,
} from "./programme/index.ts";
import { versionSchema, viewIn } from "./book-views.ts";
import { pastEvents, type PastEvents } from "./past-events.ts";
import {
  dryRun,
  isOpen,
  namesRedemptions,
  parseRule,
  publish,
  recordDryRun,
  retire,
  saveDraft,
  type BookOutcome,
  type DryRunReport,
  type EarnRule,
  type Parsed,
  type RuleBook,
  type RuleVersion,
  type Versioned,
} from "./rules/index.ts";
import {
  changing,
  freeBody,
  invalid,
  STAFF_PROBLEMS,
  staffOf,
  type StaffCall,
} from "./staff-http.ts";
import { bookWrites, savedTerms, type BookKind, type EarningStore } from "./store.ts";
import { taskDryRun } from "./tasks/index.ts";

type Body = Readonly<Record<string, unknown>>;

/** What rules and tasks differ in. */
interface Shelf<R extends Versioned> {
  readonly kind: BookKind;
  readonly path: "rules" | "tasks";
  readonly idName: "ruleId" | "taskId";
  readonly word: string;
  readonly parse: (body: Body, version: number, programme: ProgrammeTerms["earn"]) => Parsed<R>;
  readonly namesRedemptions: (draft: R) => boolean;
  readonly replay: (
    past: PastEvents,
    terms: ProgrammeTerms,
    draft: R,
    nowMs: number,
  ) => DryRunReport;
}

const RULES: Shelf<EarnRule> = {
  kind: "rule",
  path: "rules",
  idName: "ruleId",
  word: "rule",
  parse: (body, _version, programme) => parseRule(body, programme),
  namesRedemptions: ({ condition }) => namesRedemptions(condition),
  replay: ({ events }, terms, draft, nowMs) => {
    const now = rulesAt(terms, nowMs);
    const others = now.filter(({ rule }) => rule.ruleId !== draft.ruleId);
    const tried = [...others, { rule: draft, version: 0 }];
    return dryRun(events, now, tried, terms.earn, terms.rate.rate);
  },
};

const TASKS: Shelf<StoredTask> = {
  kind: "task",
  path: "tasks",
  idName: "taskId",
  word: "task",
  parse: (body, version) => parseTask(body, version),
  namesRedemptions: ({ condition }) => namesRedemptions(condition),
  replay: ({ events }, terms, draft, nowMs) => {
    const now = terms.tasks.find(
      ({ task, untilMs }) => task.taskId === draft.taskId && (untilMs === null || untilMs > nowMs),
    );
    return taskDryRun(events, now?.task ?? null, draft, terms.earn.zoneOffsetMs, terms.rate.rate);
  },
};

/** Names under which the ledger keeps what no rule gave. */
const RESERVED: ReadonlySet<string> = new Set([
  ...["tier", "tier-gift", "check-in", "invite", "till-code"],
]);
const ID = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/);

export function bookRoutes(api: Api): void {
  shelfRoutes(api, RULES);
  shelfRoutes(api, TASKS);
}

function shelfRoutes<R extends Versioned>(api: Api, shelf: Shelf<R>): void {
  readRoutes(api, shelf);
  draftRoutes(api, shelf);
  dryRunRoute(api, shelf);
  stepRoute(api, shelf, "publish", "Puts the tried version into force and retires the one before");
  stepRoute(api, shelf, "retire", "Takes the published version out of force");
}

const base = (shelf: { readonly path: string }): string => `/api/v1/staff/earning/${shelf.path}`;

function readRoutes<R extends Versioned>(api: Api, shelf: Shelf<R>): void {
  api.route(
    {
      method: "get",
      path: base(shelf),
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: `Every ${shelf.word}: its open and its published version, or the newest`,
      responses: {
        200: { description: "By id", schema: z.object({ items: z.array(versionSchema) }) },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (store) => {
        const books = await store.books<R>(call.session.programmeId, shelf.kind);
        return json({ items: books.flatMap((book) => book.versions.map(viewIn(book.ruleId))) });
      }),
  );

  api.route(
    {
      method: "get",
      path: `${base(shelf)}/{id}/versions`,
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: `All versions of a ${shelf.word}, oldest first`,
      params: z.object({ id: ID }),
      responses: {
        200: {
          description: "Oldest first",
          schema: z.object({ versions: z.array(versionSchema) }),
        },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (store) => {
        const { id } = call.params;
        const { book } = await store.book<R>(call.session.programmeId, shelf.kind, id);
        if (book.versions.length === 0) return call.problem("not_found");
        return json({ versions: book.versions.map(viewIn(id)) });
      }),
  );
}

function draftRoutes<R extends Versioned>(api: Api, shelf: Shelf<R>): void {
  const named = shelf.word === "rule" ? "EarnRuleBody" : "TaskBody";
  const body = freeBody(named, `The ${shelf.word}, as docs/points.md has it.`);
  api.route(
    {
      method: "post",
      path: base(shelf),
      access: "staff",
      permission: "rules.write",
      tag: "Earning rules",
      summary: `Drafts a new ${shelf.word}; the same draft again changes nothing`,
      body,
      responses: {
        201: { description: "The draft", schema: versionSchema },
        200: { description: "Drafted before", schema: versionSchema },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, (store) => {
        const id = ID.safeParse(call.body[shelf.idName]);
        if (!id.success) {
          const reason = id.error.issues[0]?.message ?? "is missing";
          return Promise.resolve(invalid(call.problem, [{ field: shelf.idName, reason }]));
        }
        return saveIn(call, store, shelf, id.data, "new");
      }),
  );

  api.route(
    {
      method: "put",
      path: `${base(shelf)}/{id}`,
      access: "staff",
      permission: "rules.write",
      tag: "Earning rules",
      summary: `Saves the draft of a known ${shelf.word}; it needs its dry run again`,
      params: z.object({ id: ID }),
      query: z.object({ basedOn: basedOnSchema }),
      body,
      responses: { 200: { description: "The draft", schema: versionSchema } },
      problems: STAFF_PROBLEMS,
    },
    (call) => changing(call, (store) => saveIn(call, store, shelf, call.params.id, call.query)),
  );
}

async function saveIn<R extends Versioned>(
  call: StaffCall & { readonly body: Body },
  store: EarningStore,
  shelf: Shelf<R>,
  id: string,
  change: "new" | { readonly basedOn?: number | undefined },
): Promise<Response | null> {
  const { session, nowMs, problem } = call;
  const isNew = change === "new";
  const { terms } = await store.programme(session.programmeId);
  const { book, revision } = await store.book<R>(session.programmeId, shelf.kind, id);
  const open = book.versions.find(isOpen);
  const version = open?.version ?? book.versions.length + 1;
  const programme = savedTerms(terms).earn ?? DEFAULT_TERMS.earn;
  const parsed = shelf.parse({ ...call.body, [shelf.idName]: id }, version, programme);
  if (parsed.kind === "invalid") return invalid(problem, parsed.problems);
  if (RESERVED.has(id)) {
    return invalid(problem, [
      { field: shelf.idName, reason: "means something else in the ledger" },
    ]);
  }
  if (open && JSON.stringify(open.rule) === JSON.stringify(parsed.value)) {
    return json(viewIn(id)(open));
  }
  if (isNew && book.versions.length > 0) return problem("conflict", { reason: "exists" });
  if (!isNew && book.versions.length === 0) return problem("not_found");
  const newest = book.versions.at(-1);
  if (!isNew && newest && change.basedOn !== undefined && change.basedOn !== newest.savedAtMs) {
    const current = viewIn(id)(newest);
    return problem("conflict", { reason: "changed_meanwhile", current });
  }
  const outcome = saveDraft(book, parsed.value, staffOf(call), nowMs);
  return finish(call, store, shelf, { book, revision, outcome, version }, isNew ? 201 : 200);
}

interface Step<R extends Versioned> {
  readonly book: RuleBook<R>;
  readonly revision: number;
  readonly outcome: BookOutcome<R>;
  /** Which version is answered. */
  readonly version: number;
}

async function finish<R extends Versioned>(
  { session, problem }: StaffCall,
  store: EarningStore,
  shelf: Shelf<R>,
  step: Step<R>,
  status = 200,
): Promise<Response | null> {
  const { book, outcome, revision } = step;
  if (outcome.kind === "refused") return problem("conflict", outcome.refusal.figures);
  const writes = bookWrites(shelf.kind, book, outcome.book);
  if (!(await store.save(session.programmeId, revision, writes))) return null;
  const shown = outcome.book.versions.find((one) => one.version === step.version);
  return shown ? json(viewIn(book.ruleId)(shown), status) : problem("not_found");
}

function dryRunRoute<R extends Versioned>(api: Api, shelf: Shelf<R>): void {
  api.route(
    {
      method: "post",
      path: `${base(shelf)}/{id}/dry-run`,
      access: "staff",
      permission: "rules.read",
      tag: "Earning rules",
      summary: `Replays past events through the draft of a ${shelf.word}: its cost, who wins, who loses`,
      params: z.object({ id: ID }),
      query: z.object({ days: z.coerce.number().int().min(1).max(92).default(31) }),
      responses: {
        200: {
          description: "What the draft would have done",
          schema: versionSchema.extend({
            isWhole: z.boolean().describe("False: there were more events than one run replays."),
          }),
        },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (store) => {
        const { env, session, params, query, nowMs, problem } = call;
        const { programmeId } = session;
        const { book, revision } = await store.book<R>(programmeId, shelf.kind, params.id);
        const open = book.versions.find(isOpen);
        if (book.versions.length === 0) return problem("not_found");
        if (!open) return problem("conflict", { reason: "not_a_draft" });
        const terms = await store.snapshot(programmeId, nowMs);
        const past = await pastEvents(env, {
          ...{ programmeId, fromMs: nowMs - query.days * DAY_MS, toMs: nowMs },
          withRedemptions: shelf.namesRedemptions(open.rule) || earnsByRedemption(terms),
        });
        const report = shelf.replay(past, terms, open.rule, nowMs);
        const outcome = recordDryRun(book, open.version, report);
        const step = { book, revision, outcome, version: open.version };
        const response = await finish(call, store, shelf, step);
        if (!response?.ok) return response;
        const shown = await response.json<Record<string, unknown>>();
        return json({ ...shown, isWhole: past.isWhole });
      }),
  );
}

function stepRoute<R extends Versioned>(
  api: Api,
  shelf: Shelf<R>,
  step: "publish" | "retire",
  summary: string,
): void {
  api.route(
    {
      method: "post",
      path: `${base(shelf)}/{id}/${step}`,
      access: "staff",
      permission: "rules.write",
      tag: "Earning rules",
      summary: `${summary} (${shelf.word})`,
      params: z.object({ id: ID }),
      query: z.object({ basedOn: seenSchema }),
      responses: { 200: { description: "The version after it", schema: versionSchema } },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async (store) => {
        const { session, params, query, nowMs, problem } = call;
        const { programmeId } = session;
        const { book, revision } = await store.book<R>(programmeId, shelf.kind, params.id);
        if (book.versions.length === 0) return problem("not_found");
        const isLive = ({ state }: RuleVersion<R>): boolean => state === "published";
        const meant = book.versions.find(step === "retire" ? isLive : isOpen);
        if (meant && query.basedOn !== undefined && query.basedOn !== meant.savedAtMs) {
          const current = viewIn(params.id)(meant);
          return problem("conflict", { reason: "changed_meanwhile", current });
        }
        const version = meant?.version ?? 0;
        const outcome =
          step === "retire" ? retire(book, nowMs) : publish(book, version, staffOf(call), nowMs);
        if (step === "publish" && outcome.kind === "ok") {
          const tooMuch = await overfull(store, programmeId, shelf, outcome.book, nowMs);
          if (tooMuch) return invalid(problem, [tooMuch]);
        }
        const done = await finish(call, store, shelf, { book, revision, outcome, version });
        if (done?.ok && meant) call.audit({ after: { version, title: meant.rule.title } });
        return done;
      }),
  );
}

/** What the programme would be with this version in force, if that is more than a command carries. */
async function overfull<R extends Versioned>(
  store: EarningStore,
  programmeId: string,
  shelf: Shelf<R>,
  book: RuleBook<R>,
  nowMs: number,
) {
  const terms = await store.snapshot(programmeId, nowMs);
  const published = book.versions.find((one) => one.state === "published");
  if (!published) return null;
  const { rule, version } = published;
  const window = { version, fromMs: nowMs, untilMs: null };
  const next: ProgrammeTerms =
    shelf.kind === "rule"
      ? { ...terms, rules: [...terms.rules, { ...window, rule: rule as unknown as EarnRule }] }
      : { ...terms, tasks: [...terms.tasks, { ...window, task: rule as unknown as StoredTask }] };
  return sizeProblem(next, nowMs);
}
