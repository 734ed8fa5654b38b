import type { JSX } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { yuan } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";

type PointsData = Extract<PageData, { page: "points" }>;

interface Way {
  href: string;
  icon: string;
  name: string;
  sub: string;
}

/** What gives more points, with where the member stands in each; only what this programme has. */
export function waysOf(
  { tasks, invites, tier, storedFen }: Pick<PointsData, "tasks" | "invites" | "tier" | "storedFen">,
  words: PointsText,
): Way[] {
  const { more } = words;
  const ways: Way[] = [];
  if (tasks !== null) {
    const claimable = tasks.tasks.filter(({ state }) => state === "claimable").length;
    // A birthday that nobody told yet waits there as well.
    const asks = tasks.birthday?.told === null ? 1 : 0;
    const open = asks + tasks.tasks.filter(({ state }) => state === "open").length;
    const sub =
      claimable > 0
        ? more.tasksClaimable(claimable)
        : open > 0
          ? more.tasksOpen(open)
          : more.tasksNone;
    ways.push({ href: "/points/tasks", icon: "list", name: more.tasks, sub });
  }
  if (invites !== null) {
    const { inviterPoints } = invites.rules;
    const sub = inviterPoints > 0 ? more.invitesSub(inviterPoints) : more.invitesPlain;
    ways.push({ href: "/points/invite", icon: "users", name: more.invites, sub });
  }
  if (tier !== null) {
    const { next } = tier;
    const sub = next === null ? more.tierTop : more.tierNext(next.name, next.missingGrowth);
    ways.push({ href: "/points/tier", icon: "crown", name: tier.tier.name, sub });
  }
  if (storedFen !== null) {
    const sub = more.storedSub(yuan(storedFen, "full"));
    ways.push({ href: "/points/stored-value", icon: "wallet", name: words.storedValue.title, sub });
  }
  ways.push({ href: "/points/code", icon: "orders", name: words.code.title, sub: more.code });
  return ways;
}

export function MoreWays({ data, words }: { data: PointsData; words: PointsText }) {
  const ways = waysOf(data, words);
  return (
    <nav class={ways.length >= 4 ? "ways four" : "ways"} aria-label={words.more.label}>
      {ways.map(({ href, icon, name, sub }): JSX.Element => (
        <a key={href} class="card" href={href}>
          <Icon name={icon} size={24} />
          <b>{name}</b>
          <span class="note mute">{sub}</span>
        </a>
      ))}
    </nav>
  );
}
