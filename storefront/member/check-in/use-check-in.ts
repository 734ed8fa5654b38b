import { useState } from "preact/hooks";
import type { CheckInView } from "../../../worker/pages/wire.ts";
import type { Locale } from "../../../worker/pages/page-data.ts";
import { createActs } from "../../client/acts.ts";
import type { Problem } from "../../client/api.ts";
import { createPointsApi } from "../../client/points-api.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";

export interface CheckInUse {
  readonly view: CheckInView;
  /** Name of the act under way: `check-in`, or the day that is being made up. */
  readonly busy: string | null;
  readonly problem: Problem | null;
  readonly done: string;
  checkIn(): Promise<void>;
  makeUp(day: string, name: string): Promise<boolean>;
}

/** Today's check-in and the cards, as the server answers them; nothing is shown as done before it is. */
export function useCheckIn(
  initial: CheckInView,
  locale: Locale,
  words: PointsText,
  changed: () => void,
): CheckInUse {
  const [view, setView] = useState(initial);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState("");
  const [acts] = useState(() => createActs());
  const api = createPointsApi({ locale });

  const checkIn = async (): Promise<void> => {
    if (view.isCheckedIn) return;
    setBusy("check-in");
    const answer = await acts.run("check-in", (requestId) => api.checkIn(requestId));
    if (answer === null) return;
    setBusy(null);
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return;
    const { earned } = answer.value;
    setView(answer.value);
    setDone(earned > 0 ? words.checkIn.earned(earned) : words.checkIn.already);
    changed();
  };
  const makeUp = async (day: string, name: string): Promise<boolean> => {
    setBusy(day);
    const answer = await acts.run(`make-up ${day}`, (requestId) => api.makeUp(requestId, day));
    if (answer === null) return false;
    setBusy(null);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      setView(answer.value);
      setDone(words.checkIn.madeUp(name));
      changed();
    }
    return true;
  };
  return { view, busy, problem, done, checkIn, makeUp };
}
