import type { CaseRowView } from "../../../worker/after-sales/wire.ts";
import type { Tone } from "../kit/index.ts";
import type { FinanceWords } from "./words.ts";

const TONES: Readonly<Record<string, Tone>> = {
  applied: "warn",
  sent_back: "warn",
  agreed: "info",
  refunding: "info",
  done: "ok",
};

type StateOfCase = Pick<CaseRowView, "state" | "waitsFor">;

/** What is proposed waits for a second person, and for nobody else at the desk. */
export const stateWord = ({ state, waitsFor }: StateOfCase, words: FinanceWords): string =>
  words.states[waitsFor ? "second_person" : state] ?? state;

export const stateTone = ({ state, waitsFor }: StateOfCase): Tone =>
  waitsFor ? "info" : (TONES[state] ?? "plain");
