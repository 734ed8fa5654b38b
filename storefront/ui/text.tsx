import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { zhCN, type Sentences, type Text } from "../locales/zh-CN.ts";

export const TextContext = createContext<Text>(zhCN);

export function useText(): Text {
  return useContext(TextContext);
}

/** The sentence of one member of a union, with its figures. */
export function sentence<U extends { key: string }>(sentences: Sentences<U>, figures: U): string {
  const speak = sentences[figures.key as U["key"]] as (figures: U) => string;
  return speak(figures);
}

export function localeOf(text: Text): "zh-CN" | "en" {
  return text.locale === "en" ? "en" : "zh-CN";
}
