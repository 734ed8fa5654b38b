/** What to do with one's points now. Each suggestion follows from a figure that the member can see; nothing is guessed. */
import type { PointsReply } from "../accounts/index.ts";
import type { Env } from "../platform/env.ts";
import { memberList, type ListWish, type Viewer } from "./member-goods.ts";
import type { GoodsCardView, SuggestionsView } from "./wire.ts";

const DAY_MS = 86_400_000;
/** Points that lapse within so many days are worth a word. */
const EXPIRING_DAYS = 30;
const SHOWN = 6;
const SOON_SHOWN = 3;
const LOOKED_AT = 30;

interface Asking {
  readonly env: Env;
  readonly ctx: Pick<ExecutionContext, "waitUntil">;
  readonly nowMs: number;
}

export async function suggestions(
  asking: Asking,
  viewer: Viewer,
  { balance, calendar }: Pick<PointsReply, "balance" | "calendar">,
): Promise<SuggestionsView> {
  const { active } = balance;
  const near = calendar.deadlines.filter(
    ({ expiresAtMs }) => expiresAtMs <= asking.nowMs + EXPIRING_DAYS * DAY_MS,
  );
  const lapsing = Math.min(
    active,
    near.reduce((sum, { points }) => sum + points, 0),
  );
  const within = (pointsMax: number): Promise<GoodsCardView[]> =>
    available(asking, viewer, { pointsMin: 1, pointsMax, sort: "points_down" });
  const [affordable, above, byLapsing] = await Promise.all([
    within(active),
    available(asking, viewer, { pointsMin: active + 1, pointsMax: null, sort: "points_up" }),
    lapsing > 0 ? within(lapsing) : [],
  ]);
  const [first] = near;
  return {
    active,
    affordable: affordable.slice(0, SHOWN),
    soon: above.slice(0, SOON_SHOWN).map((card) => ({ card, gap: card.pricePoints - active })),
    expiring:
      first && byLapsing.length > 0
        ? { points: lapsing, expiresAtMs: first.expiresAtMs, goods: byLapsing.slice(0, SHOWN) }
        : null,
  };
}

async function available(
  asking: Asking,
  viewer: Viewer,
  wish: Pick<ListWish, "pointsMin" | "pointsMax" | "sort">,
): Promise<GoodsCardView[]> {
  const { goods } = await memberList(asking, viewer, {
    ...{ categoryId: null, tag: null, kind: null, search: "", cursor: null, limit: LOOKED_AT },
    ...wish,
  });
  return goods.filter(({ remaining }) => remaining > 0);
}
