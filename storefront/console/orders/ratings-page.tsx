import type { JSX } from "preact";
import { dateIso } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  Empty,
  Failed,
  Loading,
  PageHead,
  useConsole,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { WORDS } from "./words.ts";

interface Rating {
  readonly memberId: string;
  readonly orderId: string;
  readonly skuId: string;
  readonly stars: number;
  readonly comment: string;
  readonly atMs: number;
}

/** Words that members wrote and nobody has read yet. */
export function RatingsPage(): JSX.Element {
  const words = useWords(WORDS);
  const { call, may } = useConsole();
  const toast = useToast();
  const read = useRead<{ items: Rating[] }>("/api/v1/staff/ratings");
  const items = read.value?.items;
  const decide = async (rating: Rating, state: "shown" | "hidden"): Promise<void> => {
    const { memberId, orderId } = rating;
    const path = `/api/v1/staff/ratings/${encodeURIComponent(memberId)}/${encodeURIComponent(orderId)}`;
    const answer = await call("POST", path, { state });
    if (!answer.ok) return toast.refuse(answer.problem);
    read.put({ items: (items ?? []).filter((one) => one !== rating) });
  };
  return (
    <>
      <PageHead
        title={words.ratingsTitle}
        note={words.ratingsHelp}
        back={{ href: "/console/orders", title: words.back }}
      />
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!items && !read.problem && <Loading />}
      {items?.length === 0 && (
        <Empty icon="check" title={words.ratingsEmpty} body={words.ratingsEmptyHelp} />
      )}
      <div class="stack">
        {items?.map((one) => (
          <Card key={`${one.memberId} ${one.orderId}`}>
            <p class="row">
              <Badge tone={one.stars >= 4 ? "ok" : one.stars <= 2 ? "danger" : "plain"}>
                {words.stars(one.stars)}
              </Badge>
              <span class="mute">
                {one.skuId} · {one.memberId} · <span class="num">{dateIso(one.atMs)}</span>
              </span>
            </p>
            <p class="ord-comment">{one.comment}</p>
            {may("orders.ship") && (
              <div class="row">
                <Button size="sm" onClick={() => void decide(one, "hidden")}>
                  {words.hideRating}
                </Button>
                <Button size="sm" kind="primary" onClick={() => void decide(one, "shown")}>
                  {words.showRating}
                </Button>
              </div>
            )}
          </Card>
        ))}
      </div>
    </>
  );
}
