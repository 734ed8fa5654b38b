import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createApi } from "../../client/api.ts";
import { safeReturnTo } from "../../client/paths.ts";
import { pagesText } from "../../locales/pages.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";

export type LoginData = Extract<PageData, { page: "login" }>;
const MEMBER_ID = /^[0-9A-Za-z_.@-]{1,64}$/;
const RECENT_KEY = "qd:recent-members";
const RECENT_MOST = 4;

function readRecent(): string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(RECENT_KEY) ?? "[]");
    return Array.isArray(value)
      ? value
          .filter((id): id is string => typeof id === "string" && MEMBER_ID.test(id))
          .slice(0, RECENT_MOST)
      : [];
  } catch {
    return [];
  }
}

function remember(memberId: string): void {
  try {
    const others = readRecent().filter((id) => id !== memberId);
    localStorage.setItem(RECENT_KEY, JSON.stringify([memberId, ...others].slice(0, RECENT_MOST)));
  } catch {
    // Only a convenience of the development login.
  }
}

/** Known to this browser only, so the first render has none. */
function Recent({
  words,
  onChoose,
}: {
  words: PagesText["login"];
  onChoose: (memberId: string) => void;
}): JSX.Element | null {
  const [recent, setRecent] = useState<string[]>([]);
  useEffect(() => setRecent(readRecent()), []);
  if (recent.length === 0) return null;
  return (
    <div class="login-recent">
      <p class="note mute">{words.recent}</p>
      {recent.map((id) => (
        <button key={id} type="button" class="btn quiet" onClick={() => onChoose(id)}>
          {id}
        </button>
      ))}
    </div>
  );
}

export function DevLogin({ data }: { data: LoginData }): JSX.Element {
  const words = pagesText(data.locale).login;
  const [memberId, setMemberId] = useState(data.suggestedMemberId);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);

  const enter = async (id: string): Promise<void> => {
    if (busy) return;
    if (!MEMBER_ID.test(id)) return setError(words.bad);
    setBusy(true);
    setError("");
    const answer = await createApi({ locale: data.locale }).login(id);
    if (answer.ok) {
      remember(id);
      // Checked again here: the address of this page is the member's, not ours.
      location.replace(safeReturnTo(data.returnTo));
      return;
    }
    setBusy(false);
    setError(
      answer.status === 0
        ? words.offline
        : answer.problem.code === "invalid"
          ? words.bad
          : words.failed,
    );
  };

  return (
    <form
      class="card login"
      onSubmit={(event) => {
        event.preventDefault();
        void enter(memberId.trim());
      }}
    >
      <h2>{words.dev}</h2>
      <p class="sec small">{words.devBody}</p>
      <label for="member-id">{words.member}</label>
      <input
        id="member-id"
        name="memberId"
        type="text"
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={64}
        value={memberId}
        aria-describedby="member-hint"
        aria-invalid={error !== ""}
        onInput={(event) => setMemberId(event.currentTarget.value)}
      />
      <p id="member-hint" class={error === "" ? "note mute" : "note login-bad"} role="status">
        {error === "" ? words.hint : error}
      </p>
      <button type="submit" class="btn primary block" aria-disabled={busy}>
        {busy && <i class="spin" />}
        {busy ? words.going : words.go}
      </button>
      <Recent words={words} onChoose={(id) => void enter(id)} />
    </form>
  );
}
