import type { JSX } from "preact";
import { dateIso } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  conflictOf,
  CsvButton,
  Empty,
  Failed,
  Loading,
  momentOf,
  PageHead,
  Pager,
  TabsFilter,
  useConsole,
  useList,
  useQuery,
  useToast,
  useUndo,
  useWords,
  type Answer,
  type List,
} from "../kit/index.ts";
import { WORDS } from "./words.ts";

interface Rating {
  readonly memberId: string;
  readonly orderId: string;
  readonly title: string;
  readonly picture: string;
  readonly stars: number;
  readonly comment: string;
  readonly state: "waiting" | "shown" | "hidden";
  readonly atMs: number;
}

const LISTS = ["waiting", "shown", "hidden", "recent"] as const;
type State = Rating["state"];

const keyOf = ({ memberId, orderId }: Rating): string => `${memberId} ${orderId}`;

/** Words that members wrote: those that nobody has read yet first, what was decided beside them. */
export function RatingsPage(): JSX.Element {
  const words = useWords(WORDS);
  const [query] = useQuery();
  const of = LISTS.find((one) => one === query.get("state")) ?? "waiting";
  const list = useList<Rating>({ path: "/api/v1/staff/ratings", filters: ["state"] });
  const { rows } = list;
  const decide = useDecide(list, of);
  return (
    <>
      <PageHead
        title={words.ratingsTitle}
        note={words.ratingsHelp}
        back={{ href: "/console/orders", title: words.back }}
      >
        {rows && rows.length > 0 && <RatingsCsv list={list} />}
      </PageHead>
      <TabsFilter
        name="state"
        label={words.state}
        tabs={LISTS.map((one) => ({
          value: one === "waiting" ? "" : one,
          title: words.ratingStates[one],
        }))}
      />
      {list.problem && <Failed problem={list.problem} onRetry={list.again} />}
      {!rows && !list.problem && <Loading />}
      {rows?.length === 0 && (
        <Empty
          icon="check"
          title={of === "waiting" ? words.ratingsEmpty : words.ratingsNone}
          body={words.ratingsEmptyHelp}
        />
      )}
      <div class="stack">
        {rows?.map((one) => (
          <RatingCard key={keyOf(one)} rating={one} onDecide={(to) => void decide(one, to)} />
        ))}
        <Pager list={list} />
      </div>
    </>
  );
}

/** A decided one leaves the list of its state, and stays where all of them stand. */
function useDecide(
  list: List<Rating>,
  of: (typeof LISTS)[number],
): (rating: Rating, to: State) => Promise<void> {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const put = (
    { memberId, orderId }: Rating,
    to: State,
    basedOn: State,
  ): Promise<Answer<unknown>> => {
    const at = `${encodeURIComponent(memberId)}/${encodeURIComponent(orderId)}`;
    return call("POST", `/api/v1/staff/ratings/${at}`, { state: to, basedOn });
  };
  return async (rating, to) => {
    const answer = await put(rating, to, rating.state);
    if (!answer.ok) {
      if (conflictOf(answer.problem)) list.again();
      return toast.refuse(answer.problem);
    }
    list.change((all) =>
      all.flatMap((one) => {
        if (one !== rating) return [one];
        return of === "recent" ? [{ ...one, state: to }] : [];
      }),
    );
    sayUndo({
      text: words.ratingNow[to],
      back: () => put(rating, rating.state, to),
      again: list.again,
    });
  };
}

function RatingsCsv({ list }: { list: List<Rating> }): JSX.Element {
  const words = useWords(WORDS);
  return (
    <CsvButton
      name={words.ratingsTitle}
      rows={async (onRows) => {
        const read = await list.readAll(onRows);
        return "code" in read ? { problem: read } : read.rows;
      }}
      columns={[
        [words.goods, ({ title }) => title],
        [words.ratingStars, ({ stars }) => stars],
        [words.ratingWords, ({ comment }) => comment],
        [words.state, ({ state }) => words.ratingStates[state]],
        [words.member, ({ memberId }) => memberId],
        [words.order, ({ orderId }) => orderId],
        [words.ratingAt, ({ atMs }) => momentOf(atMs)],
      ]}
    />
  );
}

function RatingCard({
  rating,
  onDecide,
}: {
  rating: Rating;
  onDecide: (to: State) => void;
}): JSX.Element {
  const words = useWords(WORDS);
  const { may } = useConsole();
  const { title, picture, stars, memberId, orderId, atMs, comment, state } = rating;
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
      <p class={comment === "" ? "note mute" : "ord-comment"}>{comment || words.ratingMute}</p>
      {comment !== "" && may("orders.ship") && (
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
