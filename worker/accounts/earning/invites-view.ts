/** Whom a member invited, as their page shows it. */
import { DAY_MS } from "../../kernel/clock.ts";
import type { Earner } from "./earner.ts";
import type { InvitesReply } from "./messages.ts";
import type { SocialStore } from "./social-store.ts";

const RECENT_INVITED = 20;

export function invitesView(social: SocialStore, earner: Earner): InvitesReply {
  const counts = social.invitedCounts(earner.memberKey);
  const days = earner.terms.invites?.days ?? 0;
  const recent = social.recentInvited(earner.memberKey, RECENT_INVITED);
  const shown = recent.map(({ atMs, state }) => {
    const isOver = state === "bound" && earner.nowMs >= atMs + days * DAY_MS;
    return { atMs, state: isOver ? "expired" : state };
  });
  let invited = 0;
  for (const count of counts.values()) invited += count;
  return {
    kind: "invites",
    invited,
    rewarded: counts.get("rewarded") ?? 0,
    waiting: (counts.get("bound") ?? 0) + (counts.get("in_review") ?? 0),
    recent: shown,
  };
}
