/**
 * What a record earned by, beside its points: taken out of one record, joined with what another has. Everything that limits a
 * member is joined so that two records of a person never allow more than one: caps add up, a task done here is done there.
 */
import type { CheckInState } from "../../earning/check-in/index.ts";
import type { Invite } from "../../earning/invites/index.ts";
import type { TaskProgress } from "../../earning/tasks/index.ts";
import { splitMemberKey } from "../../kernel/ids.ts";
import { summed } from "../../tiers/index.ts";
import type { Earner } from "../earning/earner.ts";
import type { EarningStore, EventRecord, InvitedRow } from "../earning/earning-store.ts";
import { NEW_PROFILE, type Profile } from "../earning/profile.ts";
import { PurchasesStore, type MembershipPurchase } from "../earning/purchases-store.ts";
import type { SocialStore } from "../earning/social-store.ts";

type SqlRow = Record<string, SqlStorageValue>;

export interface EarningRows {
  /** Null: nothing is known of the member, or it went before. */
  readonly profile: Profile | null;
  readonly events: readonly { readonly atMs: number; readonly record: EventRecord }[];
  readonly caps: readonly {
    readonly key: string;
    readonly points: number;
    readonly times: number;
  }[];
  readonly tasks: readonly TaskProgress[];
  readonly invite: Invite | null;
  readonly invited: readonly {
    readonly inviteId: string;
    readonly row: InvitedRow;
    readonly countsIn: number | null;
  }[];
  readonly prints: readonly { readonly trait: string; readonly value: string }[];
  /** Ids by which a request counts once. Absent: the parcel was packed before they went along. */
  readonly requests?: readonly {
    readonly requestId: string;
    readonly body: string;
    readonly reply: string | null;
  }[];
  /** Absent in parcels from before they were kept. */
  readonly purchases?: readonly MembershipPurchase[];
}

/** Rows of one table that go in one parcel. */
const ROWS_MAX = 200;

/** What goes at once; the rest goes with its parcel. */
const WHOLE = [
  "DELETE FROM earners WHERE member_key = ?",
  "DELETE FROM invites WHERE invitee_key = ?",
  "DELETE FROM fingerprints WHERE member_key = ?",
  "DELETE FROM reminders WHERE member_key = ?",
];

/** Takes rows out of a record, so many that a parcel stays small. True with it: there may be more. */
export function takeEarningRows(
  sql: SqlStorage,
  memberKey: string,
): { readonly rows: EarningRows; readonly hasMore: boolean } {
  const taken: number[] = [];
  const take = (table: string, keyColumn: string): SqlRow[] => {
    const rows = sql
      .exec<SqlRow>(`SELECT * FROM ${table} WHERE ${keyColumn} = ? LIMIT ${ROWS_MAX}`, memberKey)
      .toArray();
    taken.push(rows.length);
    return rows;
  };
  const earner = take("earners", "member_key")[0];
  const events = take("earn_events", "member_key");
  const caps = take("cap_usage", "member_key");
  const tasks = take("task_progress", "member_key");
  const invite = take("invites", "invitee_key")[0];
  const invited = take("invited", "inviter_key");
  const prints = take("fingerprints", "member_key");
  const requests = take("earn_requests", "member_key");
  const purchases = new PurchasesStore(sql).take(memberKey);
  taken.push(purchases.length);
  for (const query of WHOLE) sql.exec(query, memberKey);
  dropTaken(sql, memberKey, { events, caps, tasks, invited, requests });
  return {
    hasMore: taken.includes(ROWS_MAX),
    rows: {
      profile: earner
        ? { ...NEW_PROFILE, ...(JSON.parse(String(earner["profile"])) as Partial<Profile>) }
        : null,
      events: events.map((row) => ({
        ...{ atMs: Number(row["at_ms"]), record: JSON.parse(String(row["detail"])) as EventRecord },
      })),
      caps: caps.map((row) => ({
        key: String(row["cap_key"]),
        ...{ points: Number(row["points"]), times: Number(row["times"]) },
      })),
      tasks: tasks.map((row) => JSON.parse(String(row["progress"])) as TaskProgress),
      invite: invite ? (JSON.parse(String(invite["invite"])) as Invite) : null,
      invited: invited.map((row) => ({
        inviteId: String(row["invite_id"]),
        countsIn: row["counts_in"] === null ? null : Number(row["counts_in"]),
        row: {
          ...{ state: String(row["state"]), atMs: Number(row["at_ms"]) },
          decision:
            row["decision"] === null
              ? null
              : (JSON.parse(String(row["decision"])) as InvitedRow["decision"]),
        },
      })),
      purchases,
      prints: prints.map((row) => ({
        ...{ trait: String(row["trait"]), value: String(row["value"]) },
      })),
      requests: requests.map((row) => ({
        ...{ requestId: String(row["request_id"]), body: String(row["body"]) },
        reply: row["reply"] === null ? null : String(row["reply"]),
      })),
    },
  };
}

function dropTaken(
  sql: SqlStorage,
  memberKey: string,
  {
    events,
    caps,
    tasks,
    invited,
    requests,
  }: Readonly<Record<"events" | "caps" | "tasks" | "invited" | "requests", readonly SqlRow[]>>,
): void {
  const drop = (query: string, ...bindings: SqlStorageValue[]): void => {
    sql.exec(query, memberKey, ...bindings);
  };
  for (const row of events) {
    drop("DELETE FROM earn_events WHERE member_key = ? AND event_id = ?", String(row["event_id"]));
  }
  for (const row of caps) {
    drop("DELETE FROM cap_usage WHERE member_key = ? AND cap_key = ?", String(row["cap_key"]));
  }
  for (const row of tasks) {
    const key = [String(row["task_id"]), Number(row["period"])] as const;
    drop("DELETE FROM task_progress WHERE member_key = ? AND task_id = ? AND period = ?", ...key);
  }
  for (const row of invited) {
    drop("DELETE FROM invited WHERE inviter_key = ? AND invite_id = ?", String(row["invite_id"]));
  }
  for (const row of requests) {
    const requestId = String(row["request_id"]);
    drop("DELETE FROM earn_requests WHERE member_key = ? AND request_id = ?", requestId);
  }
}

export function isNothing(rows: EarningRows): boolean {
  const { profile, events, caps, tasks, invite, invited, prints } = rows;
  const { requests = [], purchases = [] } = rows;
  const lists = [events, caps, tasks, invited, prints, requests, purchases];
  return profile === null && invite === null && lists.every((list) => list.length === 0);
}

export interface JoinPorts {
  readonly earning: EarningStore;
  readonly social: SocialStore;
  readonly purchases: PurchasesStore;
  /** Null: this Account was never told what the programme says, so a tier waits for the next growth. */
  readonly earner: Earner | null;
  readonly nowMs: number;
}

/** Part of the commit that takes a parcel in. */
export function joinEarningRows(
  { earning, social, purchases, earner, nowMs }: JoinPorts,
  rows: EarningRows,
  { fromKey, intoKey }: { readonly fromKey: string; readonly intoKey: string },
): void {
  for (const { record } of rows.events) {
    // The same event was reported of both: it counted for each, and one of them is looked at by a return.
    if (earning.event(intoKey, record.event.eventId)) continue;
    earning.saveEvent({ ...record, event: { ...record.event, memberKey: intoKey } });
  }
  earning.useCaps(intoKey, rows.caps);
  for (const progress of rows.tasks) {
    const own = earning.task(intoKey, progress.taskId, progress.period);
    if (!own || isFurther(progress, own)) earning.saveTask(intoKey, progress);
  }
  joinInvites(social, rows, fromKey, intoKey);
  for (const { trait, value } of rows.prints) {
    social.addPrints(intoKey, { [trait]: [value] }, nowMs);
  }
  for (const { requestId, body, reply } of rows.requests ?? []) {
    if (!earning.request(intoKey, requestId)) {
      earning.saveRequest(intoKey, requestId, body, reply);
    }
  }
  const own = new Set(purchases.of(intoKey).map(({ requestId }) => requestId));
  for (const purchase of rows.purchases ?? []) {
    // One act on many members has one id, and may have reached both records.
    const requestId = own.has(purchase.requestId)
      ? `${purchase.requestId}~${splitMemberKey(fromKey).memberId}`
      : purchase.requestId;
    purchases.add(intoKey, { ...purchase, requestId });
  }
  if (rows.profile) joinProfile(earning, earner, rows.profile, intoKey, nowMs);
}

function isFurther(one: TaskProgress, other: TaskProgress): boolean {
  const stage = (progress: TaskProgress): number =>
    progress.claimedAtMs !== null ? 2 : progress.completedAtMs !== null ? 1 : 0;
  if (stage(one) !== stage(other)) return stage(one) > stage(other);
  return one.counted.length > other.counted.length;
}

function joinInvites(
  social: SocialStore,
  { invite, invited }: EarningRows,
  fromKey: string,
  intoKey: string,
): void {
  const own = social.invite(intoKey);
  const isSelf = (one: Invite): boolean => [fromKey, intoKey].includes(one.inviterKey);
  // Somebody who invited themselves: nothing is left to reward.
  if (own && isSelf(own) && own.state === "bound") {
    social.saveInvite({ ...own, state: "refused" });
  }
  if (invite && !own && !isSelf(invite)) social.saveInvite({ ...invite, inviteeKey: intoKey });
  for (const { inviteId, row, countsIn } of invited) {
    if (social.invited(intoKey, inviteId)) continue;
    const decision = row.decision && {
      ...row.decision,
      invite: { ...row.decision.invite, inviterKey: intoKey },
    };
    social.saveInvited(intoKey, inviteId, { ...row, decision }, countsIn);
  }
}

function joinProfile(
  earning: EarningStore,
  earner: Earner | null,
  from: Profile,
  intoKey: string,
  nowMs: number,
): void {
  const own = earning.profile(intoKey);
  const first = [own.joinedAtMs, from.joinedAtMs].filter((moment) => moment !== null);
  const joined: Profile = {
    ...own,
    joinedAtMs: first.length === 0 ? null : Math.min(...first),
    orders: own.orders + from.orders,
    redemptions: own.redemptions + from.redemptions,
    labels: [...new Set([...own.labels, ...from.labels])],
    birthday: own.birthday ?? from.birthday,
    birthdayAtMs: own.birthdayAtMs ?? from.birthdayAtMs,
    checkIn: joinCheckIn(own.checkIn, from.checkIn),
    madeUp: [...new Set([...own.madeUp, ...from.madeUp])].sort((a, b) => a - b),
    tier: own.tier ?? from.tier,
    isOptedOut: own.isOptedOut || from.isOptedOut,
    isBlocked: own.isBlocked || from.isBlocked,
  };
  const both = own.tier && from.tier;
  if (!earner) {
    earning.saveProfile(intoKey, both ? { ...joined, tier: summed(both, from.tier) } : joined);
    return;
  }
  earner.profile = joined;
  if (both && from.tier) earner.joinTier(from.tier);
  earner.join(nowMs);
  earner.save();
}

/**
 * The record that checked in last goes on, so a day that either had is not paid again; of two with the same last day, the longer
 * one. Days of both together would make a run that nobody had.
 */
function joinCheckIn(own: CheckInState, from: CheckInState): CheckInState {
  const last = (state: CheckInState): number => state.days.at(-1) ?? 0;
  const isLater = last(from) > last(own) || (last(from) === last(own) && from.total > own.total);
  return { ...(isLater ? from : own), cards: own.cards + from.cards };
}
