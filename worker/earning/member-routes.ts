/** What a member does to earn, and what the pages show of it. */
import { z } from "@hono/zod-openapi";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { dayOf } from "../kernel/calendar.ts";
import { json, type Api } from "../platform/http/api.ts";
import { earn, isRefusal, refusalProblem } from "./earn-call.ts";
import { birthdaySchema } from "./birthday.ts";
import { checkInView, taskView, tierCard } from "./views.ts";
import {
  checkedInViewSchema,
  birthdayViewSchema,
  checkInViewSchema,
  paidSchema,
  remindersViewSchema,
  tasksViewSchema,
  tierViewSchema,
} from "./wire.ts";

export const requestId = z
  .string()
  .regex(ORDER_ID_PATTERN)
  .describe("Made by the client; the same id is the same request.");
const requestBody = z.object({ requestId }).openapi("EarnRequest");
const PROBLEMS = ["not_found", "conflict"] as const;

/** A day as people write it, read as days since 1970; null: there is no such day. */
function dayOfText(text: string): number | null {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const atDay = dayOf({ year, month, day });
  const isReal = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isReal && dayOf({ year, month: month + 1, day: 1 }) > atDay ? atDay : null;
}

export function earningMemberRoutes(api: Api): void {
  checkInRoutes(api);
  taskRoutes(api);
  birthdayRoute(api);
  tierRoute(api);
  reminderRoutes(api);
}

function checkInRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/check-in",
      access: "member",
      tag: "Points",
      summary: "The running check-in cycle; 404 where the programme has no check-in",
      responses: { 200: { description: "Today and its cycle", schema: checkInViewSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "check_in_view", {}, nowMs);
      return isRefusal(reply) ? refusalProblem(problem, reply) : json(checkInView(reply));
    },
  );

  api.route(
    {
      method: "post",
      path: "/api/v1/me/check-in",
      access: "member",
      tag: "Points",
      summary: "Checks in; once a programme day, whoever asks how often",
      body: requestBody,
      responses: {
        201: { description: "Checked in", schema: checkedInViewSchema },
        200: { description: "Checked in before today", schema: checkedInViewSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "check_in", {}, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { earned, isNew } = reply;
      return json({ ...checkInView(reply), earned }, isNew ? 201 : 200);
    },
  );

  api.route(
    {
      method: "post",
      path: "/api/v1/me/check-in/make-up",
      access: "member",
      tag: "Points",
      summary: "Spends a make-up card on a missed day of the check-in",
      body: z
        .object({
          requestId,
          day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "YYYY-MM-DD"),
        })
        .openapi("MakeUpRequest"),
      responses: {
        201: { description: "Made up", schema: checkedInViewSchema },
        200: { description: "The day was checked before", schema: checkedInViewSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, body, nowMs, problem }) => {
      const day = dayOfText(body.day);
      if (day === null) {
        return problem("invalid", { errors: [{ path: "day", message: "there is no such day" }] });
      }
      const reply = await earn(env, session.memberKey, "make_up", { day }, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { earned, isNew } = reply;
      return json({ ...checkInView(reply), earned }, isNew ? 201 : 200);
    },
  );
}

function taskRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/tasks",
      access: "member",
      tag: "Points",
      summary: "Tasks that are open to the member, with progress, and those to be claimed",
      responses: { 200: { description: "Tasks", schema: tasksViewSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "tasks", {}, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      return json({ tasks: reply.tasks.map(taskView), birthday: reply.birthday });
    },
  );

  api.route(
    {
      method: "post",
      path: "/api/v1/me/tasks/{taskId}/claim",
      access: "member",
      tag: "Points",
      summary: "Takes the reward of a completed task; once a period",
      params: z.object({ taskId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/) }),
      body: requestBody,
      responses: {
        201: { description: "Paid", schema: paidSchema },
        200: { description: "Paid before", schema: paidSchema },
      },
      problems: PROBLEMS,
    },
    async ({ env, session, params, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "claim", params, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { points, balance, isReplay } = reply;
      return json({ points, balance: balance.active }, isReplay ? 200 : 201);
    },
  );
}

function birthdayRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/me/birthday",
      access: "member",
      tag: "Points",
      summary: "Sets the member's birthday, without its year; afterwards only staff change it",
      body: birthdaySchema.openapi("TellBirthday"),
      responses: { 200: { description: "What is known now", schema: birthdayViewSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, body, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "birthday", { birthday: body }, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, ...view } = reply;
      return json(view);
    },
  );
}

function tierRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/tier",
      access: "member",
      tag: "Points",
      summary: "The member's tier, what it gives, where the growth leads; 404 without tiers",
      responses: { 200: { description: "The tier card", schema: tierViewSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, locale, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "tier", {}, nowMs);
      return isRefusal(reply) ? refusalProblem(problem, reply) : json(tierCard(reply, locale));
    },
  );
}

function reminderRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/reminders",
      access: "member",
      tag: "Points",
      summary:
        "Reminders of lapsing points that were shown in the app, newest first: one a deadline, while points of it are left",
      responses: { 200: { description: "Reminders", schema: remindersViewSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "reminders", {}, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, ...view } = reply;
      return json(view);
    },
  );

  api.route(
    {
      method: "put",
      path: "/api/v1/me/reminders/settings",
      access: "member",
      tag: "Points",
      summary: "Turns reminders off or on, in every channel",
      body: z.object({ optedOut: z.boolean() }).openapi("ReminderSettings"),
      responses: { 200: { description: "Settings and reminders", schema: remindersViewSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, body, nowMs, problem }) => {
      const reply = await earn(env, session.memberKey, "remind_settings", body, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, ...view } = reply;
      return json(view);
    },
  );
}
