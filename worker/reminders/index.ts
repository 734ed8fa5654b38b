/** The reminders' door. */
export {
  CHANNELS,
  planReminders,
  stillLapsing,
  type Channel,
  type Reminder,
  type ReminderPlan,
  type ReminderTerms,
} from "./model.ts";
export type { Notice, Notifier } from "./notifier.ts";
export { parseReminderTerms, reminderSchema } from "./schema.ts";
