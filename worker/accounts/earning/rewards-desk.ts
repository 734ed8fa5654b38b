/** Tasks, tiers and what staff say of a member. Runs inside a commit. */
import { rulesAt, taskOf, tasksAt, type StoredTask } from "../../earning/programme/index.ts";
import {
  claimTask,
  isTaskOpen,
  taskKey,
  taskPeriod,
  type TaskProgress,
} from "../../earning/tasks/index.ts";
import { evaluate } from "../../earning/rules/index.ts";
import { civilOf, periodEndMs } from "../../kernel/calendar.ts";
import { programmeDay } from "../../kernel/clock.ts";
import { invariant } from "../../kernel/invariant.ts";
import { buyMembership, newTierState, tierView, withAttributeEnd } from "../../tiers/index.ts";
import type { Earner, EarnerPorts } from "./earner.ts";
import { refused } from "./events-desk.ts";
import type {
  Birthday,
  BirthdayStanding,
  ClaimedReply,
  EarnCalls,
  ProfileReply,
  Refused,
  TaskRow,
  TierReply,
} from "./messages.ts";
import { asksBirthdays, nextBirthdayMs, withFacts, withMark } from "./profile.ts";

export class RewardsDesk {
  readonly #ports: EarnerPorts;

  constructor(ports: EarnerPorts) {
    this.#ports = ports;
  }

  // ---- tasks

  tasks(earner: Earner): EarnCalls["tasks"]["reply"] {
    return { kind: "tasks", tasks: this.#rows(earner), birthday: this.birthday(earner) };
  }

  #rows(earner: Earner): readonly TaskRow[] {
    const { terms, nowMs, profile } = earner;
    const joinedAtMs = profile.joinedAtMs ?? nowMs;
    const open = tasksAt(terms, nowMs).filter((task) => isTaskOpen(task, joinedAtMs, nowMs));
    const ids = new Set(open.map((task) => task.taskId));
    // What was completed before its task ended can still be claimed.
    const ended = [...new Set(terms.tasks.map(({ task }) => task.taskId))]
      .filter((taskId) => !ids.has(taskId))
      .flatMap((taskId) => taskOf(terms, taskId) ?? [])
      .filter((task) => this.#ports.earning.claimable(earner.memberKey, task.taskId));
    return [...open, ...ended].map((task) => this.#row(earner, task));
  }

  #row(earner: Earner, task: StoredTask): TaskRow {
    const { terms, nowMs, memberKey } = earner;
    const { zoneOffsetMs } = terms.earn;
    const period = taskPeriod(task, nowMs, zoneOffsetMs);
    const { earning } = this.#ports;
    const waiting = earning.claimable(memberKey, task.taskId);
    const progress = waiting ?? earning.task(memberKey, task.taskId, period);
    const ends = [periodEndMs(task.period, period, zoneOffsetMs), task.endsAtMs].filter(
      (endMs): endMs is number => endMs !== null,
    );
    return {
      task,
      done: progress?.counted.length ?? 0,
      state: stateOf(progress),
      endsAtMs: ends.length === 0 ? null : Math.min(...ends),
    };
  }

  claim(earner: Earner, taskId: string): ClaimedReply | Refused {
    const { terms, nowMs, memberKey } = earner;
    const task = taskOf(terms, taskId);
    if (!task) return refused("not_found", {});
    const { earning, account } = this.#ports;
    const period = taskPeriod(task, nowMs, terms.earn.zoneOffsetMs);
    const progress =
      earning.claimable(memberKey, taskId) ?? earning.task(memberKey, taskId, period);
    const outcome = claimTask(progress, task, nowMs);
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind === "unmoved") {
      const key = progress ? taskKey(progress) : `task:${taskId}:${period}`;
      const entry = account.entries.lookup(memberKey).find(key);
      return {
        kind: "claimed",
        isReplay: true,
        points: entry?.points ?? 0,
        balance: earner.balance,
      };
    }
    earning.saveTask(memberKey, outcome.progress);
    const { award } = outcome;
    if (!award) return refused("conflict", { reason: "not_completed" });
    const note = { kind: "task", ruleId: taskId, version: task.version } as const;
    const points = earner.pay(award, { ...note, actor: "member" });
    earner.grow(award.growth);
    earner.save();
    return { kind: "claimed", isReplay: false, points, balance: earner.balance };
  }

  // ---- tiers

  tier(earner: Earner): TierReply | Refused {
    const { tiers } = earner.terms;
    if (!tiers) return refused("not_found", {});
    const state =
      earner.profile.tier ?? newTierState(tiers, earner.profile.joinedAtMs ?? earner.nowMs);
    return { kind: "tier", view: tierView(state, tiers, earner.nowMs), terms: tiers };
  }

  /** A bought membership, once a request. What it costs in points is taken in the same commit, or nothing happens. */
  membership(
    earner: Earner,
    { requestId, tierId, months, paid, by }: EarnCalls["membership"]["input"],
  ): TierReply | Refused {
    const { tiers } = earner.terms;
    if (!tiers) return refused("not_found", {});
    const bought = tiers.tiers.find((tier) => tier.tierId === tierId);
    if (!bought)
      return refused("invalid", { field: "tierId", reason: "no tier of this programme" });
    const body = JSON.stringify(["membership", tierId, months, ...(paid ? [paid] : [])]);
    const once = this.#asked(earner, requestId, body);
    if (once === "mismatch")
      return refused("idempotency_mismatch", { fields: "tierId,months,paid" });
    if (once === "new") {
      const obstacle =
        paid?.kind === "points" &&
        this.#takePoints(earner, { points: paid.points, reason: bought.title, requestId, by });
      if (obstacle) return obstacle;
      this.#ports.earning.saveRequest(earner.memberKey, requestId, body, null);
      earner.join(earner.nowMs);
      const { tier } = earner.profile;
      if (tier) earner.keepTier(buyMembership(tier, tiers, tierId, months, earner.nowMs));
      earner.save();
      const runs = earner.profile.tier?.memberships?.find((one) => one.tierId === tierId);
      const untilMs = runs?.untilMs ?? null;
      this.#ports.purchases.add(earner.memberKey, {
        ...{ requestId, tierId, months, boughtAtMs: earner.nowMs, untilMs, by, paid },
      });
      // Points are fewer now: what lapses next may be less.
      if (paid?.kind === "points") earner.planReminders();
    }
    return this.tier(earner);
  }

  /** Null: they are taken. */
  #takePoints(
    { memberKey, nowMs }: Earner,
    wish: {
      readonly points: number;
      readonly reason: string;
      readonly requestId: string;
      readonly by: string;
    },
  ): Refused | null {
    const reply = this.#ports.points.deduct(
      {
        ...{ memberKey, points: wish.points, reason: wish.reason, internalNote: "membership" },
        ...{ storeId: null, actor: wish.by, mayGoNegative: false },
        idempotencyKey: `membership:${wish.requestId}`,
      },
      nowMs,
    );
    invariant(reply.kind !== "mismatch", "a new request took no points before", { reply });
    return reply.kind === "refused" ? reply : null;
  }

  // ---- the birthday

  /** What the day gives by the rules in force, caps aside. */
  birthday(earner: Earner): BirthdayStanding | null {
    const { terms, nowMs, profile } = earner;
    if (!asksBirthdays(terms)) return null;
    const { zoneOffsetMs } = terms.earn;
    const told = profile.birthday;
    const atMs = told ? nextBirthdayMs(told, nowMs, zoneOffsetMs) : nowMs;
    const event = { ...earner.event("birthday", "birthday"), atMs };
    // Whoever has not told it is looked at as if it were today.
    const facts = {
      ...earner.facts(nowMs),
      birthday: told ?? civilOf(programmeDay(nowMs, zoneOffsetMs)),
    };
    const { points } = evaluate(rulesAt(terms, nowMs), event, facts, terms.earn, new Map());
    return { told, points };
  }

  /** Told once: a birthday that moves would be one each time. Staff correct a slip. */
  tellBirthday(earner: Earner, birthday: Birthday): EarnCalls["birthday"]["reply"] | Refused {
    if (!asksBirthdays(earner.terms)) return refused("not_found", {});
    const told = earner.profile.birthday;
    if (told && (told.month !== birthday.month || told.day !== birthday.day)) {
      return refused("conflict", { reason: "birthday_told" });
    }
    if (!told) {
      earner.join(earner.nowMs);
      earner.profile = { ...withFacts(earner.profile, { birthday }), birthdayAtMs: null };
      earner.save();
    }
    const standing = this.birthday(earner);
    invariant(standing !== null, "what asks for a birthday has something to say of it");
    return { kind: "birthday", ...standing };
  }

  // ---- what staff say

  profile(earner: Earner, input: EarnCalls["profile"]["input"]): ProfileReply {
    const { tiers } = earner.terms;
    const { birthday, isOptedOut: _, ...before } = earner.profile;
    earner.join(earner.nowMs);
    earner.profile = withMark(withFacts(earner.profile, input.facts), input.mark);
    const isNewBirthday = JSON.stringify(birthday) !== JSON.stringify(earner.profile.birthday);
    if (isNewBirthday) earner.profile = { ...earner.profile, birthdayAtMs: null };
    const { tier } = earner.profile;
    if (input.tierEndsAtMs !== undefined && tier && tiers) {
      const ended = withAttributeEnd(tier, tiers, input.tierEndsAtMs, earner.nowMs);
      earner.profile = { ...earner.profile, tier: ended };
    }
    const { isBlocked = earner.profile.isBlocked } = input;
    if (isBlocked !== earner.profile.isBlocked) earner.profile = { ...earner.profile, isBlocked };
    if (JSON.stringify(before) !== JSON.stringify(earner.profile)) earner.save();
    return this.profileOf(earner);
  }

  profileOf(earner: Earner): ProfileReply {
    const { joinedAtMs, segments, labels, birthday, checkIn, isBlocked } = earner.profile;
    const { tierId } = earner.facts(earner.nowMs);
    return {
      kind: "profile",
      joinedAtMs,
      segments,
      labels,
      birthday,
      makeUpCards: checkIn.cards,
      isBlocked,
      tierId,
    };
  }

  /** Whether a request without a natural key is new; a known id with other words is none of ours. */
  #asked(earner: Earner, requestId: string, body: string): "new" | "known" | "mismatch" {
    const known = this.#ports.earning.request(earner.memberKey, requestId);
    if (!known) return "new";
    return known.body === body ? "known" : "mismatch";
  }

  cards(
    earner: Earner,
    { requestId, cards }: EarnCalls["cards"]["input"],
    add: (cards: number) => void,
  ): ProfileReply | Refused {
    const body = JSON.stringify(["cards", cards]);
    const once = this.#asked(earner, requestId, body);
    if (once === "mismatch") return refused("idempotency_mismatch", { fields: "cards" });
    if (once === "new") {
      this.#ports.earning.saveRequest(earner.memberKey, requestId, body, null);
      add(cards);
    }
    return this.profileOf(earner);
  }
}

function stateOf(progress: TaskProgress | null): TaskRow["state"] {
  if (!progress || progress.completedAtMs === null) return "open";
  return progress.claimedAtMs === null ? "claimable" : "claimed";
}
