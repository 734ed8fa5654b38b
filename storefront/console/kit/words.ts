import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { count } from "../../ui/format.ts";

export type { Locale };

/** The same words in both languages: whatever the Chinese has, the English has, figure for figure. */
export type Bilingual<T> = Readonly<Record<Locale, T>>;

/** Declares the words of a section. Chinese is written first; the compiler refuses an English that lacks a key. */
export function bilingual<T>(chinese: T, english: NoInfer<T>): Bilingual<T> {
  return { "zh-CN": chinese, en: english };
}

export const LocaleContext = createContext<Locale>("zh-CN");

export function useLocale(): Locale {
  return useContext(LocaleContext);
}

/** The words of a section in the language the reader chose. */
export function useWords<T>(words: Bilingual<T>): T {
  return words[useContext(LocaleContext)];
}

/** The English for so many of a thing: 1 row, 2 rows, 1,280 rows. A count that is text already is taken as it is. */
export function plural(many: number | string, one: string): string {
  const text = typeof many === "number" ? count(many) : many;
  return `${text} ${text === "1" ? one : `${one}s`}`;
}
