import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { ConsoleStart, StaffMe } from "../../../worker/console/wire.ts";
import { createClient } from "../kit/client.ts";
import { ConsoleContext, type Console } from "../kit/console.ts";
import { ConfirmProvider } from "../kit/dialog.tsx";
import { RouterContext, type Router } from "../kit/router.ts";
import { ToastProvider } from "../kit/toast.tsx";
import { LocaleContext, type Locale } from "../kit/words.ts";
import { SECTIONS } from "../registry.ts";
import { Frame } from "./frame.tsx";
import { leadsSomewhere, mayOpen } from "./places.ts";
import { SignInOver, SignInPlace } from "./sign-in-place.tsx";
import { keep } from "./start-data.ts";

export function App({ start, router }: { start: ConsoleStart; router: Router }): JSX.Element {
  const [locale, setLocale] = useState<Locale>(start.locale);
  const { me } = start;
  const [isOut, setOut] = useState(false);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const leave = useCallback(() => setOut(true), []);
  const speak = (next: Locale): void => {
    keep("qd_lang", next);
    setLocale(next);
  };
  return (
    <LocaleContext.Provider value={locale}>
      <RouterContext.Provider value={router}>
        <ToastProvider>
          <ConfirmProvider>
            {me && !isLink() ? (
              <>
                <Inside me={me} start={start} onSpeak={speak} onSignedOut={leave} />
                {isOut && (
                  <SignInOver me={me} start={start} onSpeak={speak} onBack={() => setOut(false)} />
                )}
              </>
            ) : (
              <SignInPlace start={start} onSpeak={speak} onSignedIn={() => location.reload()} />
            )}
          </ConfirmProvider>
        </ToastProvider>
      </RouterContext.Provider>
    </LocaleContext.Provider>
  );
}

/** A one-time link is opened for itself, whoever is signed in. */
const isLink = (): boolean => /^\/console\/(?:join|reset)$/.test(location.pathname);

function Inside({
  me,
  start,
  onSpeak,
  onSignedOut,
}: {
  me: StaffMe;
  start: ConsoleStart;
  onSpeak: (locale: Locale) => void;
  onSignedOut: () => void;
}): JSX.Element {
  const sections = useMemo(() => {
    const held = new Set<string>(me.permissions);
    return SECTIONS.filter((section) => mayOpen(section, (permission) => held.has(permission)));
  }, [me]);
  const desk = useMemo<Console>(() => {
    const held = new Set<string>(me.permissions);
    return {
      me,
      may: (permission) => held.has(permission),
      opens: (href) => leadsSomewhere(sections, href),
      call: createClient({ locale: () => document.documentElement.lang, onSignedOut }),
    };
  }, [me, sections, onSignedOut]);
  return (
    <ConsoleContext.Provider value={desk}>
      <Frame start={start} sections={sections} onSpeak={onSpeak} />
    </ConsoleContext.Provider>
  );
}
