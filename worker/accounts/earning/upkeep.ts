/** What time alone does to a member: tiers that end, birthdays, reminders. So many members a commit. */
import type { CommitQueue } from "../../platform/commit-queue.ts";
import { civilOf } from "../../kernel/calendar.ts";
import { programmeDay } from "../../kernel/clock.ts";
import { splitMemberKey } from "../../kernel/ids.ts";
import { LIMITS } from "../../kernel/limits.ts";
import { PROGRAMME_LIMITS } from "../../earning/programme/index.ts";
import { describeError, log } from "../../platform/log.ts";
import { commitOrApart, STUCK_RETRY_MS } from "../../platform/upkeep.ts";
import type { Notifier } from "../../reminders/index.ts";
import { Earner, type EarnerPorts } from "./earner.ts";
import type { EventsDesk } from "./events-desk.ts";
import { remind } from "./reminding.ts";
import type { ReminderRow } from "./social-store.ts";

/** Members of one commit, beside the redemptions that share it. */
const MEMBERS_PER_STEP = 32;
const NOTICES_PER_RUN = 100;
const NOTICE_TRIES_MAX = 3;
const NOTICE_RETRY_MS = 60_000;

export interface UpkeepPorts extends EarnerPorts {
  readonly commits: CommitQueue;
  readonly now: () => number;
  readonly notifiers: () => readonly Notifier[];
}

export class Upkeep {
  readonly #ports: UpkeepPorts;
  readonly #events: EventsDesk;
  #noticesAtMs = 0;
  #isCarrying = false;

  constructor(ports: UpkeepPorts, events: EventsDesk) {
    this.#ports = ports;
    this.#events = events;
  }

  nextAtMs(): number {
    const notices = this.#ports.social.hasWaiting ? this.#noticesAtMs : Number.POSITIVE_INFINITY;
    return Math.min(this.#ports.earning.nextDueAtMs(), notices);
  }

  async run(): Promise<void> {
    let left: number = LIMITS.alarmWorkMax;
    while (left > 0 && this.#ports.earning.nextDueAtMs() <= this.#ports.now()) {
      const done = await this.#step(this.#ports.now());
      if (done < MEMBERS_PER_STEP) break;
      left -= done;
    }
    await this.#carry();
  }

  async #step(nowMs: number): Promise<number> {
    const { earning, commits } = this.#ports;
    const due = earning.due(nowMs, MEMBERS_PER_STEP);
    const all = (): void => due.forEach((memberKey) => this.#member(memberKey, nowMs));
    await commitOrApart(commits, all, {
      ...{ kind: "account: members", items: () => due },
      work: (memberKey: string) => this.#member(memberKey, nowMs),
      putOff: (memberKey: string) => earning.postpone(memberKey, nowMs + STUCK_RETRY_MS),
    });
    earning.swept();
    return due.length;
  }

  #member(memberKey: string, nowMs: number): void {
    const terms = this.#ports.earning.terms(splitMemberKey(memberKey).programmeId);
    // A record that came in by a merge may be here before the terms; they come with whoever asks about the member.
    if (!terms) return this.#ports.earning.postpone(memberKey, nowMs + STUCK_RETRY_MS);
    const earner = new Earner(this.#ports, memberKey, terms, nowMs);
    // Joining again does what is due of the tier.
    earner.join(nowMs);
    this.#birthday(earner);
    const { remindAtMs } = earner.profile;
    if (remindAtMs !== null && remindAtMs <= nowMs) {
      const nextAtMs = remind(this.#ports, memberKey, earner.profile, terms, nowMs);
      earner.profile = { ...earner.profile, remindAtMs: nextAtMs };
    }
    earner.save();
  }

  /** The day itself is an event, once a year, for the rules that give something for it. */
  #birthday(earner: Earner): void {
    const { birthdayAtMs } = earner.profile;
    const { nowMs, terms } = earner;
    if (birthdayAtMs === null || birthdayAtMs > nowMs) return;
    earner.profile = { ...earner.profile, birthdayAtMs: null };
    if (birthdayAtMs < nowMs - PROGRAMME_LIMITS.lateMsMax) return;
    const { year } = civilOf(programmeDay(birthdayAtMs, terms.earn.zoneOffsetMs));
    const eventId = `birthday-${year}`;
    if (this.#ports.earning.event(earner.memberKey, eventId)) return;
    const event = { ...earner.event("birthday", eventId), atMs: birthdayAtMs };
    this.#events.earn(earner, event, "system");
  }

  /** Hands waiting notices to their carriers, one sweep at a time, so that no notice is carried twice. */
  async #carry(): Promise<void> {
    const { social, commits, now } = this.#ports;
    if (this.#isCarrying || !social.hasWaiting || now() < this.#noticesAtMs) return;
    this.#isCarrying = true;
    try {
      let hasFailed = false;
      for (const row of social.waitingReminders(NOTICES_PER_RUN)) {
        const state = await this.#send(row);
        await commits.run(() => social.markReminder(row, state));
        hasFailed ||= state === "waiting";
      }
      this.#noticesAtMs = hasFailed ? now() + NOTICE_RETRY_MS : 0;
    } finally {
      this.#isCarrying = false;
    }
  }

  /** What fails is tried again a few times, then logged as failed. */
  async #send(row: ReminderRow): Promise<"sent" | "failed" | "waiting"> {
    const { notifiers, now } = this.#ports;
    const notifier = notifiers().find(({ channel }) => channel === row.channel);
    const { naturalKey, memberKey, points, expiresAtMs, daysLeft } = row;
    if (!notifier || expiresAtMs <= now()) return "failed";
    try {
      const notice = { naturalKey, memberKey, points, expiresAtMs, daysLeft };
      return (await notifier.send(notice)) === "sent" ? "sent" : "failed";
    } catch (error) {
      log("notice_failed", { channel: row.channel, error: describeError(error) });
      return row.tries + 1 < NOTICE_TRIES_MAX ? "waiting" : "failed";
    }
  }
}
