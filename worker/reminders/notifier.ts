/** The port through which reminders leave for channels outside the app. What is shown in the app needs none. */
import type { Channel } from "./model.ts";

export interface Notice {
  /** The same notice never goes out under two keys; carriers may use it to drop a repetition. */
  readonly naturalKey: string;
  readonly memberKey: string;
  readonly points: number;
  readonly expiresAtMs: number;
  readonly daysLeft: number;
}

/** `refused`: this member cannot be reached there, and it is of no use to try again. Anything else that fails throws. */
export type NoticeOutcome = "sent" | "refused";

export interface Notifier {
  readonly channel: Exclude<Channel, "in_app">;
  send(notice: Notice): Promise<NoticeOutcome>;
}
