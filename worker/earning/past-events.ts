/**
 * What a dry run replays: events as the Accounts keep them. They keep one row an event anyway, so that it counts once; a copy
 * in D1 would be a second row an event, for something that staff ask for a few times a month.
 */
import type { PastEventsPage } from "../accounts/index.ts";
import { accountNames } from "../platform/account-names.ts";
import { stubOf, type Env } from "../platform/env.ts";
import type { PastTaskEvent } from "./tasks/index.ts";

/** Events that one dry run replays; beyond it the report says that it is of a part. */
const EVENTS_MAX = 50_000;
const PAGE_ROWS = 500;

export interface PastEvents {
  readonly events: readonly PastTaskEvent[];
  readonly isWhole: boolean;
}

export async function pastEvents(
  env: Env,
  programmeId: string,
  fromMs: number,
  toMs: number,
): Promise<PastEvents> {
  const events: PastTaskEvent[] = [];
  for (const name of await accountNames(env)) {
    const account = stubOf(env.ACCOUNT, name, env);
    let after: string | null = "";
    while (after !== null) {
      if (events.length >= EVENTS_MAX) return { events, isWhole: false };
      const page = (await account.pastEvents({
        ...{ programmeId, fromMs, toMs, after },
        count: PAGE_ROWS,
      })) as PastEventsPage;
      events.push(...page.events);
      after = page.next;
    }
  }
  return { events, isWhole: true };
}
