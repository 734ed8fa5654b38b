/** Segments by rules, labels by hand. */
import { z } from "@hono/zod-openapi";
import { freshen } from "../figures/index.ts";
import { MEMBER_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api, type ProblemMaker } from "../platform/http/api.ts";
import { seenVersionSchema } from "../platform/http/based-on.ts";
import { count } from "./counter.ts";
import { PRESETS, type SegmentRule } from "./model.ts";
import { segmentRuleSchema } from "./schema.ts";
import { END, SegmentStore, type SegmentRow } from "./store.ts";
import { tellMembers } from "./tell.ts";
import { labelSchema, segmentSchema, type SegmentView } from "./wire.ts";

const word = z.string().regex(/^[0-9A-Za-z_.-]{1,64}$/);
const name = z.string().trim().min(1).max(LIMITS.textMax);
const segmentParams = z.object({ segmentId: word });
const labelParams = z.object({ labelId: word });
const PROBLEMS = ["not_found", "conflict"] as const;
const PATH = "/api/v1/staff/segments";
/** Steps of a round that a save, or a look at one under way, takes at once: a small programme is counted when its answer comes. */
const STEPS_AT_ONCE = 12;
const LABELLED_AT_ONCE = 200;

export function segmentRoutes(api: Api): void {
  listRoute(api);
  saveRoute(api);
  countRoute(api);
  removeRoute(api);
  labelRoutes(api);
  labelMembersRoute(api);
}

/** Counts by the figures of now, as far as a request may go; the sweep does the rest. */
async function begin(
  env: Env,
  programmeId: string,
  segmentId: string,
  nowMs: number,
): Promise<void> {
  await freshen(env, nowMs);
  await count(env, programmeId, segmentId, nowMs, STEPS_AT_ONCE);
}

const staleOr404 = (current: SegmentRow | null, problem: ProblemMaker): Response =>
  current
    ? problem("conflict", { reason: "changed_meanwhile", current: viewOf(current) })
    : problem("not_found");

function listRoute(api: Api): void {
  const preset = z.object({
    presetId: z.string(),
    name: z.object({ "zh-CN": z.string(), en: z.string() }),
    rule: segmentRuleSchema,
  });
  api.route(
    {
      method: "get",
      path: PATH,
      access: "staff",
      permission: "members.read",
      tag: "Segments",
      summary: "Segments with their sizes, and presets to begin with",
      responses: {
        200: {
          description: "All of the programme",
          schema: z.object({ items: z.array(segmentSchema), presets: z.array(preset) }),
        },
      },
      problems: PROBLEMS,
    },
    async ({ env, ctx, session, nowMs }) => {
      const { programmeId } = session;
      const rows = await new SegmentStore(env.DB, programmeId).list();
      // Whoever waits for a round takes it on: over a million members the sweep alone would show nothing new for a minute.
      const waiting = rows.find(({ nextRound }) => nextRound !== null);
      if (waiting) ctx.waitUntil(count(env, programmeId, waiting.segmentId, nowMs, STEPS_AT_ONCE));
      return json({ items: rows.map(viewOf), presets: PRESETS });
    },
  );
}

function saveRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: `${PATH}/{segmentId}`,
      access: "staff",
      permission: "members.write",
      tag: "Segments",
      summary: "Makes or changes a segment, and begins to count it",
      params: segmentParams,
      body: z
        .object({
          version: z.int().min(0).describe("0: it is new."),
          name,
          rule: segmentRuleSchema,
        })
        .openapi("SaveSegment"),
      responses: { 200: { description: "After it", schema: segmentSchema } },
      problems: PROBLEMS,
    },
    async ({ env, ctx, session, params: { segmentId }, body, nowMs, problem, audit }) => {
      const { programmeId } = session;
      const store = new SegmentStore(env.DB, programmeId);
      const before = await store.find(segmentId);
      const rule = body.rule as SegmentRule;
      const by = `staff:${session.memberId}`;
      const isSaved = await store.save({ ...body, rule, segmentId }, by, nowMs);
      if (!isSaved) {
        return staleOr404(await store.find(segmentId), problem);
      }
      audit({
        subject: `segment:${segmentId}`,
        before: before && { name: before.name, rule: before.rule },
        after: { name: body.name, rule },
      });
      ctx.waitUntil(begin(env, programmeId, segmentId, nowMs));
      const saved = await store.find(segmentId);
      return saved ? json(viewOf(saved)) : problem("not_found");
    },
  );
}

function countRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/{segmentId}/count`,
      access: "staff",
      permission: "members.write",
      tag: "Segments",
      summary: "Counts a segment anew",
      params: segmentParams,
      responses: { 200: { description: "The round has begun", schema: segmentSchema } },
      problems: PROBLEMS,
    },
    async ({ env, ctx, session, params: { segmentId }, nowMs, problem }) => {
      const store = new SegmentStore(env.DB, session.programmeId);
      await store.restart(segmentId);
      const row = await store.find(segmentId);
      if (!row) return problem("not_found");
      ctx.waitUntil(begin(env, session.programmeId, segmentId, nowMs));
      return json(viewOf(row));
    },
  );
}

function removeRoute(api: Api): void {
  api.route(
    {
      method: "delete",
      path: `${PATH}/{segmentId}`,
      access: "staff",
      permission: "members.write",
      tag: "Segments",
      summary: "Takes a segment away; rules that ask for it find nobody new",
      params: segmentParams,
      query: z.object({ version: seenVersionSchema }),
      responses: { 204: { description: "Gone" } },
      problems: PROBLEMS,
    },
    async ({ env, session, params: { segmentId }, query, problem }) => {
      const store = new SegmentStore(env.DB, session.programmeId);
      if (await store.remove(segmentId, query.version)) return new Response(null, { status: 204 });
      return staleOr404(await store.find(segmentId), problem);
    },
  );
}

function labelRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/labels",
      access: "staff",
      permission: "members.read",
      tag: "Segments",
      summary: "Labels of the programme",
      responses: { 200: { description: "All", schema: z.object({ items: z.array(labelSchema) }) } },
      problems: PROBLEMS,
    },
    async ({ env, session }) =>
      json({ items: await new SegmentStore(env.DB, session.programmeId).labels() }),
  );
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/labels/{labelId}",
      access: "staff",
      permission: "members.write",
      tag: "Segments",
      summary: "Makes a label, or names it anew",
      params: labelParams,
      body: z.object({ name }).openapi("SaveLabel"),
      responses: { 200: { description: "After it", schema: labelSchema } },
      problems: PROBLEMS,
    },
    // No version: a label is a name and nothing else, so whoever names it later has seen all that there was to lose.
    async ({ env, session, params: { labelId }, body, nowMs }) => {
      const store = new SegmentStore(env.DB, session.programmeId);
      await store.saveLabel(labelId, body.name, `staff:${session.memberId}`, nowMs);
      return json({ labelId, name: body.name });
    },
  );
  api.route(
    {
      method: "delete",
      path: "/api/v1/staff/labels/{labelId}",
      access: "staff",
      permission: "members.write",
      tag: "Segments",
      summary: "Takes a label away; refused while more members carry it than one call can tell",
      params: labelParams,
      responses: { 204: { description: "Gone" } },
      problems: PROBLEMS,
    },
    // No version either: it is taken off everybody who carries it now, whatever it was called and whoever put it on.
    async ({ env, session: { programmeId }, params: { labelId }, nowMs, problem }) => {
      const store = new SegmentStore(env.DB, programmeId);
      const members = await store.labelled(labelId, LABELLED_AT_ONCE + 1);
      if (members.length > LABELLED_AT_ONCE) return problem("conflict", { reason: "in_use" });
      const mark = { list: "labels", word: labelId, isOn: false } as const;
      await tellMembers(env, programmeId, members, mark, nowMs);
      await store.put(labelId, members, false);
      await store.removeLabel(labelId);
      return new Response(null, { status: 204 });
    },
  );
}

function labelMembersRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/labels/{labelId}/members",
      operationId: "labelStaffMembers",
      access: "staff",
      permission: "members.write",
      tag: "Segments",
      summary: "Puts a label on members, or takes it off; repeating it changes nothing",
      params: labelParams,
      body: z
        .object({
          memberIds: z.array(z.string().regex(MEMBER_ID_PATTERN)).min(1).max(LABELLED_AT_ONCE),
          isOn: z.boolean(),
        })
        .openapi("LabelMembers"),
      responses: {
        200: {
          description: "Done",
          schema: z.object({
            changed: z.array(z.string()).describe("Those who had it not, or had it, before."),
          }),
        },
      },
      problems: PROBLEMS,
    },
    async ({ env, session: { programmeId }, params: { labelId }, body, nowMs, problem, audit }) => {
      const { memberIds, isOn } = body;
      const store = new SegmentStore(env.DB, programmeId);
      if (!(await store.labels()).some((label) => label.labelId === labelId)) {
        return problem("not_found");
      }
      await tellMembers(
        env,
        programmeId,
        memberIds,
        { list: "labels", word: labelId, isOn },
        nowMs,
      );
      const changed = await store.put(labelId, memberIds, isOn);
      audit({ subject: `label:${labelId}`, after: { isOn, members: memberIds.length } });
      return json({ changed });
    },
  );
}

function viewOf(row: SegmentRow): SegmentView {
  const { segmentId, name: title, rule, version, savedBy, savedAtMs, size, countedAtMs } = row;
  return {
    ...{ segmentId, name: title, version, savedBy, savedAtMs, size, countedAtMs },
    rule: JSON.parse(rule) as SegmentView["rule"],
    counting:
      row.nextRound === null ? null : { found: row.nextSize, isTelling: row.reached === END },
  };
}
