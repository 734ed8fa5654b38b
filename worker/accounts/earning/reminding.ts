/** Plans and keeps reminders of lapsing points. Runs inside a commit. */
import type { ProgrammeTerms } from "../../earning/programme/index.ts";
import {
  planReminders,
  stillLapsing,
  type Channel,
  type ReminderPlan,
} from "../../reminders/index.ts";
import { expiryCalendar } from "../points/index.ts";
import type { AccountStore } from "../store.ts";
import type { Profile } from "./profile.ts";
import type { ReminderRow, SocialStore } from "./social-store.ts";

export interface RemindingPorts {
  readonly account: AccountStore;
  readonly social: SocialStore;
  /** Channels that some notifier carries, beside the app itself. */
  readonly channels: () => readonly Channel[];
}

const SHOWN_MOST = 20;
const NOTHING: ReminderPlan = { due: [], nextAtMs: null };

export function planFor(
  ports: RemindingPorts,
  memberKey: string,
  profile: Profile,
  terms: ProgrammeTerms,
  nowMs: number,
): ReminderPlan {
  if (!terms.reminders) return NOTHING;
  const { deadlines } = expiryCalendar(ports.account.members.wallet(memberKey), nowMs);
  if (deadlines.length === 0) return NOTHING;
  const channels: readonly Channel[] = profile.isOptedOut ? [] : ["in_app", ...ports.channels()];
  const sent = ports.social.sentReminders(memberKey, nowMs);
  return planReminders({ deadlines, channels, sent }, terms.reminders, nowMs);
}

/** Writes what is due: shown in the app at once, waiting for its carrier elsewhere. Answers when to look again. */
export function remind(
  ports: RemindingPorts,
  memberKey: string,
  profile: Profile,
  terms: ProgrammeTerms,
  nowMs: number,
): number | null {
  const plan = planFor(ports, memberKey, profile, terms, nowMs);
  for (const reminder of plan.due) {
    const state = reminder.channel === "in_app" ? "sent" : "waiting";
    ports.social.addReminder(memberKey, reminder, state, nowMs);
  }
  return plan.nextAtMs;
}

/** What the app shows of them, as it is now. */
export function remindersOf(
  ports: RemindingPorts,
  memberKey: string,
  terms: ProgrammeTerms,
  nowMs: number,
): ReminderRow[] {
  const rows = ports.social.inAppReminders(memberKey, nowMs, SHOWN_MOST);
  if (rows.length === 0) return rows;
  const { deadlines } = expiryCalendar(ports.account.members.wallet(memberKey), nowMs);
  return stillLapsing(rows, deadlines, terms.earn.zoneOffsetMs, nowMs);
}
