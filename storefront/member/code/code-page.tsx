import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createActs } from "../../client/acts.ts";
import type { Problem } from "../../client/api.ts";
import { createPointsApi } from "../../client/points-api.ts";
import { pointsText } from "../../locales/points.ts";
import { PageFrame } from "../points/page-frame.tsx";
import { Outcome } from "../points/refusal.tsx";

type CodeData = Extract<PageData, { page: "code" }>;
const WRITTEN = /^[0-9A-Za-z -]{4,40}$/;

/** A code from a receipt or a till: typed, or brought by the link of its QR code. */
export function CodePage({ data }: { data: CodeData }): JSX.Element {
  const words = pointsText(data.locale);
  const [acts] = useState(() => createActs());
  const [code, setCode] = useState(data.code);
  const [busy, setBusy] = useState(false);
  const [bad, setBad] = useState<"" | "bad" | "unknown">("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState("");
  const send = async (): Promise<void> => {
    const written = code.trim();
    setBad(WRITTEN.test(written) ? "" : "bad");
    setProblem(null);
    if (!WRITTEN.test(written)) return;
    setBusy(true);
    const api = createPointsApi({ locale: data.locale });
    // Another code is another act; the same one keeps its id until it is answered.
    const answer = await acts.run(written, (requestId) => api.tillCode(requestId, written));
    if (answer === null) return;
    setBusy(false);
    // A letter that was mistyped, or a code that nobody made: both are for the field to say.
    if (!answer.ok && ["invalid", "not_found"].includes(answer.problem.code)) {
      setDone("");
      return setBad("unknown");
    }
    setProblem(answer.ok ? null : answer.problem);
    if (!answer.ok) return setDone("");
    setDone(words.tasks.got(answer.value.points, answer.value.balance));
    setCode("");
  };
  return (
    <PageFrame title={words.code.title} icons={{}} words={words}>
      <form
        class="card blk"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label for="code">{words.code.label}</label>
        <input
          id="code"
          name="code"
          value={code}
          maxLength={40}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-invalid={bad !== ""}
          aria-describedby="code-hint"
          onInput={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <p id="code-hint" class={bad === "" ? "note sec" : "note bad"} role="status">
          {words.code[bad === "" ? "hint" : bad]}
        </p>
        <button type="submit" class="btn primary block" aria-disabled={busy}>
          {busy && <i class="spin" />}
          {busy ? words.code.going : words.code.go}
        </button>
        <Outcome problem={problem} done={done} words={words} />
      </form>
    </PageFrame>
  );
}
