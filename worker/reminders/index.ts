/** The reminders' door. */
export {
  afterQuiet,
  CHANNELS,
  planReminders,
  stillLapsing,
  type Channel,
  type Deadline,
  type Reminder,
  type ReminderMember,
  type ReminderPlan,
  type ReminderTerms,
} from "./model.ts";
export type { Notice, NoticeOutcome, Notifier } from "./notifier.ts";
export { parseReminderTerms, reminderSchema } from "./schema.ts";
