import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { goodsText } from "../../locales/goods.ts";
import { dateName } from "../../ui/format.ts";

interface Ratings {
  readonly count: number;
  readonly stars: number;
  readonly comments: readonly { stars: number; comment: string; atMs: number }[];
}

const SHOWN = 3;

/** What those who have the goods say, as far as staff have read it. Nobody waits for it: it comes after the page. */
export function Rated(props: { skuId: string; locale: Locale; nowMs: number }): JSX.Element | null {
  const { skuId, locale, nowMs } = props;
  const [ratings, setRatings] = useState<Ratings | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    fetch(`/api/v1/goods/${encodeURIComponent(skuId)}/ratings`, { signal: abort.signal })
      .then(async (response) => setRatings(response.ok ? await response.json() : null))
      .catch(() => undefined);
    return () => abort.abort();
  }, [skuId]);
  if (ratings === null || ratings.count === 0) return null;
  const words = goodsText(locale).rated;
  return (
    <section class="card gd-card">
      <h2>{words.title}</h2>
      <p class="small">
        {words.average((ratings.stars / ratings.count).toFixed(1), ratings.count)}
      </p>
      {ratings.comments.slice(0, SHOWN).map(({ stars, comment, atMs }) => (
        <p key={`${atMs} ${comment}`} class="small">
          {comment}{" "}
          <span class="note mute">
            {words.stars(stars)} · {dateName(locale, atMs, nowMs)}
          </span>
        </p>
      ))}
    </section>
  );
}
