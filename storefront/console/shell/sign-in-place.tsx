import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConsoleStart } from "../../../worker/console/wire.ts";
import { Button, Loading } from "../kit/parts.tsx";
import { useLocale, useWords, type Locale } from "../kit/words.ts";
import { SHELL } from "./shell-words.ts";

export interface SignInProps {
  readonly start: ConsoleStart;
  /** Opens the console anew, at the address that was asked for. */
  readonly onSignedIn: () => void;
}

/** Around the sign-in page, which is fetched only by whom it is shown to. */
export function SignInPlace({
  start,
  onSpeak,
  wasIn,
}: {
  start: ConsoleStart;
  onSpeak: (locale: Locale) => void;
  wasIn: boolean;
}): JSX.Element {
  const words = useWords(SHELL);
  const locale = useLocale();
  const [SignIn, setSignIn] = useState<ComponentType<SignInProps> | null>(null);
  useEffect(() => {
    void import("../sign-in/index.tsx").then((found) => setSignIn(() => found.SignIn));
  }, []);
  return (
    <main class="sign-in">
      <div class="card">
        <div class="who">
          <span class="logo" aria-hidden="true">
            {[...start.programme.name][0]}
          </span>
          <div>
            <b>{start.programme.name}</b>
            <span>{words.console}</span>
          </div>
        </div>
        {wasIn && <p role="status">{words.signedOut}</p>}
        {SignIn ? (
          <SignIn start={start} onSignedIn={() => location.reload()} />
        ) : (
          <Loading rows={3} />
        )}
      </div>
      <Button kind="link" onClick={() => onSpeak(locale === "en" ? "zh-CN" : "en")}>
        <span lang={locale === "en" ? "zh-CN" : "en"}>{words.language}</span>
      </Button>
    </main>
  );
}
