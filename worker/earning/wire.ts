import { z } from "@hono/zod-openapi";
import { PERIODS } from "../kernel/calendar.ts";
import { LIMITS } from "../kernel/limits.ts";
import { CHANNELS } from "../reminders/index.ts";
import { MONEY_METHODS } from "../tiers/index.ts";
import { TRAITS } from "./invites/index.ts";
import { orNull } from "../platform/http/or-null.ts";

const shareSchema = z
  .object({
    ruleId: z.string(),
    version: z.int(),
    points: z.int(),
    name: z.string().describe("As staff named it."),
  })
  .openapi("RuleShare");

export const checkInViewSchema = z
  .object({
    day: z.string().describe("Today in programme time, `YYYY-MM-DD`."),
    isCheckedIn: z.boolean(),
    streak: z.int(),
    points: z.int().describe("What today's check-in gives, or gave, before multipliers."),
    cycle: z.object({
      kind: z.enum(["weekly", "monthly", "endless"]),
      days: z.array(
        z.object({
          day: z.string(),
          points: z.int(),
          state: z.enum(["done", "missed", "made_up", "today", "ahead"]),
        }),
      ),
    }),
    makeUpCards: z.int(),
    nextBonus: z.object({ inDays: z.int(), points: z.int() }).nullable(),
  })
  .openapi("CheckIn");
export const checkedInViewSchema = checkInViewSchema
  .extend({ earned: z.int().describe("Points this request earned.") })
  .openapi("CheckedIn");

export const taskViewSchema = z
  .object({
    taskId: z.string(),
    title: z.string(),
    detail: z.string(),
    kind: z.enum(["newcomer", "daily", "custom"]),
    points: z.int(),
    goal: z.int(),
    done: z.int(),
    state: z.enum(["open", "claimable", "claimed"]),
    endsAtMs: z.int().nullable(),
    link: z.string().nullable(),
  })
  .openapi("Task");

export const birthdayViewSchema = z
  .object({
    told: z
      .object({ month: z.int(), day: z.int() })
      .nullable()
      .describe("Null: the member has not told it."),
    points: z
      .int()
      .describe("What the rules in force give on the day; 0: nothing on the day itself."),
  })
  .openapi("MemberBirthday");

export const tasksViewSchema = z
  .object({
    tasks: z.array(taskViewSchema),
    birthday: orNull(birthdayViewSchema).describe("Null: nothing in force asks for it."),
  })
  .openapi("Tasks");

export const paidSchema = z
  .object({ points: z.int(), balance: z.int().describe("Active points after it.") })
  .openapi("PaidPoints");

export const invitesViewSchema = z
  .object({
    code: z.string(),
    link: z.string().describe("A path on this origin."),
    rules: z.object({
      inviterPoints: z.int(),
      inviteePoints: z.int(),
      act: z.string(),
      amountFenMin: z.int().describe("What the act is worth at least; 0: anything."),
      days: z.int().describe("The act follows within these days."),
      cap: z
        .object({ period: z.enum(PERIODS), timesMax: z.int() })
        .describe("Friends that are rewarded at most."),
      guarded: z.array(z.enum(TRAITS)).describe("What both sides must not have in common."),
    }),
    invited: z.int(),
    rewarded: z.int(),
    waiting: z.int(),
    recent: z.array(z.object({ atMs: z.int(), state: z.enum(["waiting", "rewarded", "refused"]) })),
  })
  .openapi("Invites");

export const invitesInReviewSchema = z
  .object({
    items: z
      .array(
        z.object({
          memberId: z.string().describe("Who was invited."),
          inviterId: z.string(),
          boundAtMs: z.int(),
          doneAtMs: z.int().describe("When the act was done."),
          shared: z.array(z.enum(TRAITS)),
        }),
      )
      .describe("Those that wait longest first."),
    isWhole: z.boolean().describe("False: more wait than one list shows."),
  })
  .openapi("InvitesInReview");
export type InvitesInReviewView = z.infer<typeof invitesInReviewSchema>;

export const tierViewSchema = z
  .object({
    tier: z.object({ tierId: z.string(), name: z.string(), level: z.int() }),
    source: z.enum(["growth", "paid"]),
    paid: z
      .object({ tierId: z.string(), name: z.string(), level: z.int(), untilMs: z.int() })
      .nullable()
      .describe("The bought membership that runs, also where growth gives a higher tier."),
    growth: z.int(),
    windowEndsAtMs: z.int().nullable(),
    next: z.object({ tierId: z.string(), name: z.string(), missingGrowth: z.int() }).nullable(),
    projected: z.object({ tierId: z.string(), name: z.string(), onMs: z.int() }).nullable(),
    missingToStay: z.int(),
    progress: z.number().describe("From this tier to the next, 0 to 1."),
    benefits: z.array(
      z.object({
        kind: z.string(),
        text: z.string(),
        value: z.union([z.number(), z.string()]).nullable(),
      }),
    ),
    ladder: z.array(
      z.object({
        ...{ tierId: z.string(), name: z.string(), level: z.int(), fromGrowth: z.int() },
        benefits: z.array(z.string()).describe("What the tier gives, as sentences."),
      }),
    ),
  })
  .openapi("TierCard");

export const remindersViewSchema = z
  .object({
    optedOut: z.boolean(),
    reminders: z.array(
      z.object({
        reminderId: z.string(),
        atMs: z.int().describe("When the newest reminder of this deadline was shown."),
        points: z.int().describe("What is left of them now."),
        expiresAtMs: z.int(),
        daysLeft: z.int().describe("From today on."),
      }),
    ),
  })
  .openapi("Reminders");

export const reminderLogSchema = z
  .object({
    optedOut: z.boolean().describe("The member turned reminders off, in every channel."),
    notices: z.array(
      z.object({
        atMs: z.int(),
        channel: z.enum(CHANNELS),
        state: z.enum(["waiting", "sent", "failed"]),
        tries: z.int().describe("How often its carrier was tried; 0 in the app."),
        points: z.int(),
        expiresAtMs: z.int(),
        daysLeft: z.int(),
      }),
    ),
  })
  .openapi("ReminderLog");
export type ReminderLogView = z.infer<typeof reminderLogSchema>;

export const earnedViewSchema = z
  .object({
    eventId: z.string(),
    points: z.int(),
    growth: z.int(),
    breakdown: z.array(shareSchema),
    withheld: z.array(z.object({ ruleId: z.string(), period: z.string(), points: z.int() })),
    balance: z.int(),
  })
  .openapi("EarnedEvent");

export const returnedViewSchema = z
  .object({
    eventId: z.string(),
    returnId: z.string(),
    asked: z.int().describe("Points in proportion to the money returned."),
    taken: z.int().describe("What the programme's policy let it take."),
    balance: z.int(),
  })
  .openapi("ReturnedEvent");

export const profileViewSchema = z
  .object({
    memberId: z.string(),
    joinedAtMs: z.int().nullable(),
    segments: z.array(z.string()),
    labels: z.array(z.string()),
    birthday: z.object({ month: z.int(), day: z.int() }).nullable(),
    makeUpCards: z.int(),
    isBlocked: z.boolean().describe("Neither earns nor redeems."),
    tierId: z.string().nullable(),
  })
  .openapi("MemberEarning");

/** What a bought membership cost, and how that was paid. */
export const membershipPriceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("money"),
    amountFen: z.int().min(1).max(LIMITS.amountFenMax),
    method: z.enum(MONEY_METHODS),
  }),
  z.object({
    kind: z.literal("points"),
    points: z.int().min(1).max(LIMITS.pointsMax).describe("Taken from the balance with it."),
  }),
  z.object({ kind: z.literal("gift") }),
]);

export const membershipPurchaseSchema = z
  .object({
    requestId: z.string(),
    tierId: z.string(),
    tierName: z.string(),
    months: z.int(),
    boughtAtMs: z.int().nullable().describe("Null: before this was kept."),
    untilMs: z.int().nullable(),
    by: z.string().nullable().describe("`staff:<id>`"),
    paid: membershipPriceSchema.nullable().describe("Null: nobody said."),
  })
  .openapi("MembershipPurchase");
export type MembershipPurchaseView = z.infer<typeof membershipPurchaseSchema>;

export const standingViewSchema = z
  .object({
    memberId: z.string(),
    checkIn: z
      .object({ streak: z.int(), makeUpCards: z.int() })
      .nullable()
      .describe("Null: the programme has no check-in."),
    tier: orNull(tierViewSchema).describe("Null: the programme has no tiers."),
    purchases: z.array(membershipPurchaseSchema).describe("Bought memberships, newest first."),
  })
  .openapi("MemberStanding");
export type StandingView = z.infer<typeof standingViewSchema>;

/** What the rules gave somebody for becoming a member. */
export interface Welcome {
  readonly points: number;
  /** Held back by the programme's terms at first. */
  readonly isPending: boolean;
}

export interface InviteOffer {
  /** Masked: enough to know a friend by; empty: the register has no name. */
  readonly inviterName: string;
  readonly inviterPoints: number;
  readonly inviteePoints: number;
  /** Which act of the invited pays, by its name in the terms. */
  readonly act: string;
  readonly amountFenMin: number;
  readonly days: number;
}
