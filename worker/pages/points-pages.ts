/** The points centre: what a member has, where it came from, and what gives more. */
import type { OpenStoreView } from "../catalog/index.ts";
import type { SuggestionsView } from "../catalog/wire.ts";
import { inviteOffer } from "../earning/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import type { StoredValueView } from "../spending/wire.ts";
import type { LedgerFilter, PageData } from "./page-data.ts";
import {
  addressCode,
  loginAt,
  notFound,
  type PageLoader,
  type PageRequest,
  type Redirect,
} from "./request.ts";
import type {
  CheckInView,
  EntriesView,
  EvidenceView,
  InviteOffer,
  InvitesView,
  ReceiptView,
  RemindersView,
  TasksView,
  TierCardView,
  WalletView,
} from "./wire.ts";

const ROWS = 20;
const POINTS = "/api/v1/me/points";
const ENTRIES = `${POINTS}/entries`;
const STORED = "/api/v1/me/stored-value";

/** Reads the ledger's filter from an address; what it does not understand it leaves out. */
export function ledgerFilter(query: Readonly<Record<string, string>>): LedgerFilter {
  const { direction, type, days } = query;
  return {
    direction: direction === "in" || direction === "out" ? direction : null,
    type: type !== undefined && /^[a-z_]{1,40}$/.test(type) ? type : null,
    days: days !== undefined && /^[1-9]\d{0,3}$/.test(days) ? Number(days) : null,
  };
}

function entriesPath({ direction, type, days }: LedgerFilter, nowMs: number): string {
  const query = new URLSearchParams({ limit: String(ROWS) });
  if (direction !== null) query.set("direction", direction);
  if (type !== null) query.set("type", type);
  if (days !== null) query.set("fromMs", String(nowMs - days * DAY_MS));
  return `${ENTRIES}?${query.toString()}`;
}

export async function pointsPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session, nowMs } = request;
  if (!session) return loginAt(c);
  const filter = ledgerFilter(c.req.query());
  const [points, entries, checkIn, tasks, invites, tier, reminders, suggestions, stored] =
    await Promise.all([
      api.get<WalletView>(`${POINTS}?limit=${ROWS}`),
      api.get<EntriesView>(entriesPath(filter, nowMs)),
      api.part<CheckInView>("/api/v1/me/check-in"),
      api.part<TasksView>("/api/v1/me/tasks"),
      api.part<InvitesView>("/api/v1/me/invites"),
      api.part<TierCardView>("/api/v1/me/tier"),
      api.part<RemindersView>("/api/v1/me/reminders"),
      api.part<SuggestionsView>("/api/v1/me/suggestions"),
      api.part<StoredValueView>(`${STORED}?limit=1`),
    ]);
  if (!points || !entries) return loginAt(c);
  const storedFen = stored && hasStored(stored) ? stored.balanceFen : null;
  const more = { checkIn, tasks, invites, tier, reminders, suggestions, storedFen };
  return { ...base, page: "points", points, ledger: { filter, entries }, ...more };
}

/** Where the merchant takes none, it is there for those alone who still have some. */
const hasStored = ({ terms, entries }: StoredValueView): boolean =>
  terms.isOn || entries.length > 0;

export async function storedValuePage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const stored = await api.get<StoredValueView>(`${STORED}?limit=${ROWS}`);
  if (!stored || !hasStored(stored)) return notFound(base);
  const paying = c.req.query("paying") ?? "";
  const topUpId = /^[0-9A-Za-z_-]{16,40}$/.test(paying) ? paying : null;
  return { ...base, page: "storedValue", stored, topUpId };
}

export async function entryPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const seq = Number(c.req.param("seq"));
  if (!Number.isSafeInteger(seq) || seq < 1) return notFound(base);
  const [page, receipt] = await Promise.all([
    api.get<WalletView>(`${POINTS}?limit=1&beforeSeq=${seq + 1}`),
    api.part<ReceiptView>(`${ENTRIES}/${seq}/receipt`),
  ]);
  const entry = page?.entries[0];
  if (entry?.seq !== seq) return notFound(base);
  const { storeId } = entry;
  const found =
    storeId === null ? null : await api.part<{ stores: OpenStoreView[] }>("/api/v1/stores");
  const store = found?.stores.find((one) => one.storeId === storeId) ?? null;
  return { ...base, page: "entry", entry, receipt, store };
}

/** Open to everybody: whoever holds a receipt may check it. */
export async function verifyPage({ api, base }: PageRequest): Promise<PageData> {
  const { programmeId } = base.programme;
  const evidence = await api.get<EvidenceView>(`/api/v1/evidence/${programmeId}/roots`);
  return evidence === null ? notFound(base) : { ...base, page: "verify", evidence };
}

export async function invitesPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const invites = await api.get<InvitesView>("/api/v1/me/invites");
  if (invites === null) return notFound(base);
  // Whole, so that what the page shows is what a friend can open.
  const link = new URL(invites.link, c.req.url).href;
  const code = addressCode(c.req.query("code"));
  const friend =
    code === null || code === invites.code ? null : await friendOf(request, code, invites);
  return { ...base, page: "invites", invites: { ...invites, link }, friend };
}

/** Whose code it is; of one that nobody has, the rules alone: accepting it says why not. */
async function friendOf(
  { c, base, nowMs }: PageRequest,
  code: string,
  { rules }: InvitesView,
): Promise<{ code: string; offer: InviteOffer }> {
  const found = await inviteOffer(c.env, base.programme.programmeId, code, nowMs);
  const { inviterPoints, inviteePoints, act, amountFenMin, days } = rules;
  const offer = { inviterName: "", inviterPoints, inviteePoints, act, amountFenMin, days };
  return { code, offer: found ?? offer };
}

export async function codePage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, base, session } = request;
  if (!session) return loginAt(c);
  return { ...base, page: "code", code: addressCode(c.req.query("code")) ?? "" };
}

/** A page that shows one view of the API to the member it belongs to, under the page's own name. */
function pageOf(page: "checkIn" | "tasks" | "tier", path: string): PageLoader {
  return async ({ c, api, base, session }) => {
    if (!session) return loginAt(c);
    const view = await api.get<unknown>(path);
    return view === null ? notFound(base) : ({ ...base, page, [page]: view } as PageData);
  };
}

export const checkInPage = pageOf("checkIn", "/api/v1/me/check-in");
export const tasksPage = pageOf("tasks", "/api/v1/me/tasks");
export const tierPage = pageOf("tier", "/api/v1/me/tier");
