import type { ComponentType, JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ConsoleStart, StaffMe } from "../../../worker/console/wire.ts";
import { Button, Loading } from "../kit/parts.tsx";
import { useLocale, useWords, type Locale } from "../kit/words.ts";
import { SHELL } from "./shell-words.ts";

export interface SignInProps {
  readonly start: ConsoleStart;
  readonly onSignedIn: () => void;
}

interface PlaceProps extends SignInProps {
  readonly onSpeak: (locale: Locale) => void;
  /** The session has ended meanwhile. */
  readonly wasIn?: boolean;
}

/** Around the sign-in page, which is fetched only by whom it is shown to. */
export function SignInPlace({ start, onSpeak, onSignedIn, wasIn }: PlaceProps): JSX.Element {
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
        {SignIn ? <SignIn start={start} onSignedIn={onSignedIn} /> : <Loading rows={3} />}
      </div>
      <Button kind="link" onClick={() => onSpeak(locale === "en" ? "zh-CN" : "en")}>
        <span lang={locale === "en" ? "zh-CN" : "en"}>{words.language}</span>
      </Button>
    </main>
  );
}

/** The same person with the same rights, by their own word. */
async function isStill({ staffId, programmeId, permissions }: StaffMe): Promise<boolean> {
  const answer = await fetch("/api/v1/staff/me").catch(() => null);
  if (answer?.ok !== true) return false;
  const now = (await answer.json()) as StaffMe;
  const isSame = now.staffId === staffId && now.programmeId === programmeId;
  return isSame && now.permissions.toSorted().join() === permissions.toSorted().join();
}

/** Over the page that was open, above its dialogs too: what was typed there is there again. Anybody else begins anew. */
export function SignInOver({
  me,
  onBack,
  ...place
}: Pick<PlaceProps, "start" | "onSpeak"> & { me: StaffMe; onBack: () => void }): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const words = useWords(SHELL);
  useLayoutEffect(() => box.current?.showModal(), []);
  const back = async (): Promise<void> => {
    if (await isStill(me)) onBack();
    else location.reload();
  };
  return (
    <dialog
      ref={box}
      class="sign-in-over"
      aria-label={words.signedOut}
      onCancel={(event) => event.preventDefault()}
      onClose={() => box.current?.isConnected && box.current.showModal()}
    >
      <SignInPlace {...place} wasIn onSignedIn={() => void back()} />
    </dialog>
  );
}
