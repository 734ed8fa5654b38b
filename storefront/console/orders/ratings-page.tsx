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
  TabsFilter,
  useConsole,
  useQuery,
  useRead,
  useToast,
  useUndo,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { WORDS, type OrderWords } from "./words.ts";

interface Rating {
  readonly memberId: string;
  readonly orderId: string;
  readonly title: string;
  readonly picture: string;
  readonly stars: number;
  readonly comment: string;
  readonly atMs: number;
}

const STATES = ["waiting", "shown", "hidden"] as const;
type State = (typeof STATES)[number];

const keyOf = ({ memberId, orderId }: Rating): string => `${memberId} ${orderId}`;

/** Words that members wrote: those that nobody has read yet first, what was decided beside them. */
export function RatingsPage(): JSX.Element {
  const words = useWords(WORDS);
  const [query] = useQuery();
  const state = STATES.find((one) => one === query.get("state")) ?? "waiting";
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const read = useRead<{ items: Rating[] }>(`/api/v1/staff/ratings?state=${state}`);
  const items = read.value?.items;
  const put = ({ memberId, orderId }: Rating, to: State): Promise<Answer<unknown>> => {
    const at = `${encodeURIComponent(memberId)}/${encodeURIComponent(orderId)}`;
    return call("POST", `/api/v1/staff/ratings/${at}`, { state: to });
  };
  const decide = async (rating: Rating, to: State): Promise<void> => {
    const answer = await put(rating, to);
    if (!answer.ok) return toast.refuse(answer.problem);
    read.put({ items: (items ?? []).filter((one) => one !== rating) });
    sayUndo({ text: words.ratingNow[to], back: () => put(rating, state), again: read.again });
  };
  return (
    <>
      <PageHead
        title={words.ratingsTitle}
        note={words.ratingsHelp}
        back={{ href: "/console/orders", title: words.back }}
      />
      <TabsFilter
        name="state"
        label={words.state}
        tabs={STATES.map((one) => ({
          value: one === "waiting" ? "" : one,
          title: words.ratingStates[one],
        }))}
      />
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!items && !read.problem && <Loading />}
      {items?.length === 0 && (
        <Empty
          icon="check"
          title={state === "waiting" ? words.ratingsEmpty : words.ratingsNone}
          {...(state === "waiting" ? { body: words.ratingsEmptyHelp } : {})}
        />
      )}
      <div class="stack">
        {items?.map((one) => (
          <RatingCard
            key={keyOf(one)}
            {...{ rating: one, state, words }}
            onDecide={(to) => void decide(one, to)}
          />
        ))}
      </div>
    </>
  );
}

function RatingCard(props: {
  rating: Rating;
  state: State;
  words: OrderWords;
  onDecide: (to: State) => void;
}): JSX.Element {
  const { rating, state, words, onDecide } = props;
  const { may } = useConsole();
  const { title, picture, stars, memberId, orderId, atMs, comment } = rating;
  return (
    <Card>
      <div class="ord-goods">
        {picture !== "" && <img src={picture} alt="" width={36} height={36} />}
        <span class="stack-1">
          <span class="row">
            <b>{title}</b>
            <Badge tone={stars >= 4 ? "ok" : stars <= 2 ? "danger" : "plain"}>
              {words.stars(stars)}
            </Badge>
          </span>
          <span class="note mute">
            {memberId} ·{" "}
            <a class="num" href={`/console/orders?q=${encodeURIComponent(orderId)}`}>
              {orderId.slice(0, 18)}
            </a>{" "}
            · <span class="num">{dateIso(atMs)}</span>
          </span>
        </span>
      </div>
      <p class="ord-comment">{comment}</p>
      {may("orders.ship") && (
        <div class="row">
          {state !== "hidden" && (
            <Button size="sm" onClick={() => onDecide("hidden")}>
              {words.hideRating}
            </Button>
          )}
          {state !== "shown" && (
            <Button size="sm" kind="primary" onClick={() => onDecide("shown")}>
              {words.showRating}
            </Button>
          )}
        </div>
      )}
    </Card>
  );
}
