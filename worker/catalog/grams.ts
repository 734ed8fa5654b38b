/** How goods are found by their words: pairs of neighbouring Chinese characters, and Latin words by their beginning. */

/** Runs of characters that are written without spaces between words. */
const RUNS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+|[\p{L}\p{N}]+/gu;
const IS_UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

const WORD_MAX = 24;
const GRAMS_MAX = 400;
const TERMS_MAX = 8;

function runsOf(text: string): string[] {
  return text.normalize("NFKC").toLowerCase().match(RUNS) ?? [];
}

/** What one goods is indexed under. The last character of a run stands alone too, so that one character finds it. */
export function gramsOf(texts: readonly string[]): string[] {
  const grams = new Set<string>();
  for (const run of texts.flatMap(runsOf)) {
    if (!IS_UNSPACED.test(run)) {
      grams.add(run.slice(0, WORD_MAX));
      continue;
    }
    const signs = [...run];
    signs.forEach((sign, at) => grams.add(sign + (signs[at + 1] ?? "")));
  }
  return [...grams].slice(0, GRAMS_MAX);
}

/** One demand of a query: a gram as it is, or every gram that begins so. */
export interface SearchTerm {
  readonly text: string;
  readonly isPrefix: boolean;
}

/** What a query asks for; every term must be met. */
export function termsOf(query: string): SearchTerm[] {
  const terms = new Map<string, SearchTerm>();
  for (const run of runsOf(query)) {
    const signs = [...run];
    if (!IS_UNSPACED.test(run)) terms.set(run, { text: run.slice(0, WORD_MAX), isPrefix: true });
    else if (signs.length === 1) terms.set(run, { text: run, isPrefix: true });
    else {
      signs.slice(0, -1).forEach((sign, at) => {
        const text = sign + (signs[at + 1] ?? "");
        terms.set(text, { text, isPrefix: false });
      });
    }
  }
  return [...terms.values()].slice(0, TERMS_MAX);
}

/** The smallest text that is greater than every text with this beginning. */
export function endOfPrefix(prefix: string): string {
  return `${prefix}\u{10ffff}`;
}

/** A term as a condition on `gram`. */
export function meets({ text, isPrefix }: SearchTerm, bind: (value: unknown) => string): string {
  return isPrefix
    ? `gram >= ${bind(text)} AND gram < ${bind(endOfPrefix(text))}`
    : `gram = ${bind(text)}`;
}

/** Titles that differ in spaces, width, case or punctuation only are the same title. */
export function titleKeyOf(title: string): string {
  return runsOf(title).join(" ");
}
