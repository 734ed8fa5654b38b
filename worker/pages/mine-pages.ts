/** The member's own corner, and what everybody may read beside it. */
import { parseRichText } from "../page-builder/index.ts";
import type { PageData } from "./page-data.ts";
import { loginAt, notFound, type PageRequest, type Redirect } from "./request.ts";
import type { IdentitiesView, InvitesView, RemindersView, TierCardView } from "./wire.ts";

/** Guests find their settings and the way in here too. */
export async function mePage({ api, base, session }: PageRequest): Promise<PageData> {
  if (!session) {
    const none = { tier: null, invites: false, remindersOff: false, identities: null };
    return { ...base, page: "me", ...none };
  }
  const [tier, invites, reminders, identities] = await Promise.all([
    api.part<TierCardView>("/api/v1/me/tier"),
    api.part<InvitesView>("/api/v1/me/invites"),
    api.part<RemindersView>("/api/v1/me/reminders"),
    api.part<IdentitiesView>("/api/v1/me/identities"),
  ]);
  const remindersOff = reminders?.optedOut ?? false;
  return { ...base, page: "me", tier, invites: invites !== null, remindersOff, identities };
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
