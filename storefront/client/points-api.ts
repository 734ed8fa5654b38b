import type {
  BirthdayView,
  CheckedInView,
  CheckInView,
  ClaimedView,
  EntriesView,
  EvidenceView,
  RemindersView,
  TasksView,
  WalletView,
} from "../../worker/pages/wire.ts";
import type { LedgerFilter } from "../../worker/pages/page-data.ts";
import { callerOf, type Answer, type ApiOptions } from "./api.ts";
import { DAY_MS } from "./durations.ts";

const ROWS = 20;

export interface PointsApi {
  wallet(): Promise<Answer<WalletView>>;
  entries(filter: LedgerFilter, nowMs: number, cursor: string | null): Promise<Answer<EntriesView>>;
  checkIn(requestId: string): Promise<Answer<CheckedInView>>;
  makeUp(requestId: string, day: string): Promise<Answer<CheckInView>>;
  tasks(): Promise<Answer<TasksView>>;
  /** Once: another one after it is refused. */
  birthday(month: number, day: number): Promise<Answer<BirthdayView>>;
  claim(requestId: string, taskId: string): Promise<Answer<ClaimedView>>;
  /** The member looks at their own code on this device. */
  showsInvite(device: string): Promise<Answer<{ ok: true }>>;
  accept(requestId: string, code: string, device: string): Promise<Answer<{ state: string }>>;
  tillCode(requestId: string, code: string): Promise<Answer<ClaimedView>>;
  remind(optedOut: boolean): Promise<Answer<RemindersView>>;
  /** The public record of one programme day. */
  evidence(programmeId: string, day: string): Promise<Answer<EvidenceView>>;
}

function entriesQuery(filter: LedgerFilter, nowMs: number, cursor: string | null): string {
  const query = new URLSearchParams({ limit: String(ROWS) });
  if (filter.direction !== null) query.set("direction", filter.direction);
  if (filter.type !== null) query.set("type", filter.type);
  if (filter.days !== null) query.set("fromMs", String(nowMs - filter.days * DAY_MS));
  if (cursor !== null) query.set("cursor", cursor);
  return query.toString();
}

/** What the points centre asks and does. Apart from the sale page's calls, whose script stays small. */
export function createPointsApi(options: ApiOptions): PointsApi {
  const call = callerOf(options);
  const me = "/api/v1/me";
  return {
    wallet: () => call("GET", `${me}/points?limit=1`),
    entries: (filter, nowMs, cursor) =>
      call("GET", `${me}/points/entries?${entriesQuery(filter, nowMs, cursor)}`),
    checkIn: (requestId) => call("POST", `${me}/check-in`, { requestId }),
    makeUp: (requestId, day) => call("POST", `${me}/check-in/make-up`, { requestId, day }),
    tasks: () => call("GET", `${me}/tasks`),
    birthday: (month, day) => call("PUT", `${me}/birthday`, { month, day }),
    claim: (requestId, taskId) =>
      call("POST", `${me}/tasks/${encodeURIComponent(taskId)}/claim`, { requestId }),
    showsInvite: (device) => call("POST", `${me}/invites/device`, { device }),
    accept: (requestId, code, device) =>
      call("POST", `${me}/invites/accept`, { requestId, code, device }),
    tillCode: (requestId, code) => call("POST", `${me}/till-codes`, { requestId, code }),
    remind: (optedOut) => call("PUT", `${me}/reminders/settings`, { optedOut }),
    evidence: (programmeId, day) =>
      call("GET", `/api/v1/evidence/${encodeURIComponent(programmeId)}/roots?day=${day}`),
  };
}
