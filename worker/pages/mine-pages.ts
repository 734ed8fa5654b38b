/** The member's own corner, and what everybody may read beside it. */
import type { VoucherView } from "../fulfilment/wire.ts";
import { parseRichText } from "../page-builder/index.ts";
import type { PageData } from "./page-data.ts";
import { loginAt, notFound, type PageRequest, type Redirect } from "./request.ts";
import type { IdentitiesView, InvitesView, RemindersView, TierCardView } from "./wire.ts";

type MyVouchers = Extract<PageData, { page: "me" }>["vouchers"];

/** Guests find their settings and the way in here too. */
export async function mePage({ api, base, session, nowMs }: PageRequest): Promise<PageData> {
  if (!session) {
    const none = { vouchers: [], tier: null, invites: null };
    return { ...base, page: "me", ...none, remindersOff: false, identities: null };
  }
  const [held, tier, invites, reminders, identities] = await Promise.all([
    api.part<{ vouchers: readonly VoucherView[] }>("/api/v1/me/vouchers"),
    api.part<TierCardView>("/api/v1/me/tier"),
    api.part<InvitesView>("/api/v1/me/invites"),
    api.part<RemindersView>("/api/v1/me/reminders"),
    api.part<IdentitiesView>("/api/v1/me/identities"),
  ]);
  const remindersOff = reminders?.optedOut ?? false;
  const vouchers = usable(held?.vouchers ?? [], nowMs);
  const own = { vouchers, tier, invites: invites && { points: invites.rules.inviterPoints } };
  return { ...base, page: "me", ...own, remindersOff, identities };
}

const VOUCHERS_SHOWN = 20;

function usable(vouchers: readonly VoucherView[], nowMs: number): MyVouchers {
  return vouchers
    .filter(({ state, validFromMs }) => state === "live" && validFromMs <= nowMs)
    .toSorted((a, b) => a.expiresAtMs - b.expiresAtMs)
    .slice(0, VOUCHERS_SHOWN)
    .map(({ voucherId, title, usesLeft, expiresAtMs, bookedAtMs, bookedUntilMs }) => ({
      ...{ voucherId, title, usesLeft, expiresAtMs, bookedAtMs, bookedUntilMs },
    }));
}

export async function noticesPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, api, base, session } = request;
  if (!session) return loginAt(c);
  const reminders = await api.get<RemindersView>("/api/v1/me/reminders");
  return reminders === null ? notFound(base) : { ...base, page: "notices", reminders };
}

export async function helpPage({ base, look }: PageRequest): Promise<PageData> {
  const rules = parseRichText(look.rules);
  const privacy = parseRichText(look.privacy);
  return { ...base, page: "help", rules, privacy, contact: look.contact };
}
