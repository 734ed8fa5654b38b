/** Words that half of all goods have: looking each goods up by them is cheaper than listing them all. */
import { endOfPrefix, termsOf } from "./grams.ts";

export const NO_GRAMS: ReadonlySet<string> = new Set();
const COMMON_FROM = 2_000;

/** Which pairs of characters of a search are in so many goods; counting stops there. */
export async function commonGrams(
  db: D1Database,
  programmeId: string,
  search: string,
): Promise<ReadonlySet<string>> {
  const pairs = termsOf(search).flatMap(({ text, isPrefix }) => (isPrefix ? [] : [text]));
  if (pairs.length === 0) return NO_GRAMS;
  const { results } = await db
    .prepare(
      `SELECT asked.value AS gram, (SELECT COUNT(*) FROM (SELECT 1 FROM goods_grams
         WHERE programme_id = ?1 AND gram = asked.value LIMIT ${COMMON_FROM})) AS goods FROM json_each(?2) AS asked`,
    )
    .bind(programmeId, JSON.stringify(pairs))
    .all<{ gram: string; goods: number }>();
  return new Set(results.filter(({ goods }) => goods >= COMMON_FROM).map(({ gram }) => gram));
}

export interface WordedGoods {
  /** Goods `bg` as a condition, each term by the index of grams; `value` is the place of what is given, `?1` of the programme. */
  readonly goods: (value: string) => string;
  readonly given: string;
}

/** Goods that meet every term of a query; null: nothing in it is a word. */
export async function goodsWithWords(
  db: D1Database,
  programmeId: string,
  query: string,
): Promise<WordedGoods | null> {
  const terms = termsOf(query);
  if (terms.length === 0) return null;
  const common = await commonGrams(db, programmeId, query);
  const goods = (value: string): string => {
    const at = (term: number, end: 0 | 1): string => `${value} ->> '$[${term}][${end}]'`;
    const grams = "SELECT gg.goods_id FROM goods_grams gg WHERE gg.programme_id = ?1 AND gg.gram";
    const meeting = terms.map(({ text }, term) =>
      common.has(text)
        ? `EXISTS (${grams} = ${at(term, 0)} AND gg.goods_id = bg.goods_id)`
        : `bg.goods_id IN (${grams} >= ${at(term, 0)} AND gg.gram < ${at(term, 1)})`,
    );
    return meeting.join(" AND ");
  };
  // A pair of characters is the longest gram that begins with it.
  return { goods, given: JSON.stringify(terms.map(({ text }) => [text, endOfPrefix(text)])) };
}
