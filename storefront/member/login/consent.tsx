import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { callerOf } from "../../client/api.ts";
import { isFramed } from "../../client/frame.ts";
import { safeReturnTo } from "../../client/paths.ts";
import { signInText } from "../../locales/sign-in.ts";
import type { LoginData } from "./dev-login.tsx";
import { Notice } from "./notice.tsx";

/** The notice, and two answers of equal weight: nothing personal has been kept yet. */
export function ConsentCard({ data }: { data: LoginData }): JSX.Element {
  const words = signInText(data.locale);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const agree = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const answer = await callerOf({ locale: data.locale })<{ returnTo: string }>(
      "POST",
      "/api/v1/sign-in/consent",
      { noticeVersion: data.notice.version, isEmbedded: isFramed() },
    );
    if (answer.ok) return location.replace(safeReturnTo(answer.value.returnTo));
    setBusy(false);
    const reason = String(answer.problem.figures["reason"] ?? "other");
    setError(words.failed[reason] ?? words.failed["other"] ?? "");
  };
  return (
    <section class="card login">
      <h2>{words.consent.notice}</h2>
      <Notice data={data} />
      {error !== "" && (
        <p class="login-bad" role="alert">
          {error}
        </p>
      )}
      <div class="dialog-do">
        <a class="btn line" href={safeReturnTo(data.returnTo)}>
          {words.consent.no}
        </a>
        <button type="button" class="btn primary" aria-disabled={busy} onClick={() => void agree()}>
          {busy && <i class="spin" />}
          {words.consent.yes}
        </button>
      </div>
    </section>
  );
}
