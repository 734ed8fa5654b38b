import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConsoleStart } from "../../../worker/console/wire.ts";
import { onComeBack } from "../../client/visibility.ts";
import { useConsole } from "../kit/console.ts";
import { forgetLists } from "../kit/kept.ts";
import { Icon, IconButton } from "../kit/parts.tsx";
import { useLocale, useWords, type Locale } from "../kit/words.ts";
import type { Section } from "../section.ts";
import { grouped, hrefOf } from "./places.ts";
import { SHELL } from "./shell-words.ts";
import { keep } from "./start-data.ts";

const ASK_MS = 60_000;

export function SideNav({
  start,
  sections,
  current,
  onSpeak,
}: {
  start: ConsoleStart;
  sections: readonly Section[];
  current: Section | null;
  onSpeak: (locale: Locale) => void;
}): JSX.Element {
  const words = useWords(SHELL);
  const locale = useLocale();
  const { me } = useConsole();
  const waiting = useWaiting(sections);
  const { name } = start.programme;
  return (
    <aside class="side" aria-label={words.console}>
      <div class="who">
        <span class="logo" aria-hidden="true">
          {[...name][0]}
        </span>
        <div>
          <b>{name}</b>
          <span>{me.scopeName ?? words.console}</span>
        </div>
      </div>
      <nav aria-label={words.nav}>
        {grouped(sections).map(({ group, of }) => (
          <div key={group}>
            {words.group[group] !== "" && <h2>{words.group[group]}</h2>}
            {of.map((section) => (
              <a
                key={section.path}
                href={hrefOf(section)}
                title={section.title[locale]}
                {...(section === current ? { "aria-current": "page" as const } : {})}
              >
                <Icon name={section.icon} size={20} />
                <span class="nav-title">{section.title[locale]}</span>
                <Count value={waiting[section.path] ?? 0} />
              </a>
            ))}
          </div>
        ))}
      </nav>
      <Foot start={start} onSpeak={onSpeak} />
    </aside>
  );
}

/** Who is signed in, and how the console looks and speaks. */
function Foot({
  start,
  onSpeak,
}: {
  start: ConsoleStart;
  onSpeak: (locale: Locale) => void;
}): JSX.Element {
  const words = useWords(SHELL);
  const locale = useLocale();
  const { me } = useConsole();
  return (
    <div class="foot">
      <span class="ava" aria-hidden="true">
        {[...me.name][0]?.toUpperCase()}
      </span>
      <div class="foot-name">
        <b>{me.name}</b>
        <span class="note mute">{me.roleName?.[locale] ?? me.staffId}</span>
      </div>
      <div class="foot-acts">
        <button
          type="button"
          class="icon-btn"
          lang={locale === "en" ? "zh-CN" : "en"}
          title={words.language}
          aria-label={words.language}
          onClick={() => onSpeak(locale === "en" ? "zh-CN" : "en")}
        >
          <Icon name="globe" size={18} />
        </button>
        <SchemeButton start={start} />
        <IconButton icon="out" name={words.signOut} onClick={() => void signOut()} />
      </div>
    </div>
  );
}

function Count({ value }: { value: number }): JSX.Element | null {
  const words = useWords(SHELL);
  if (value === 0) return null;
  return (
    <span class="n num">
      {value > 999 ? "999+" : value}
      <span class="sr"> {words.waiting(value)}</span>
    </span>
  );
}

type Scheme = ConsoleStart["scheme"];
const NEXT: Readonly<Record<Scheme, Scheme>> = { auto: "light", light: "dark", dark: "auto" };

function SchemeButton({ start }: { start: ConsoleStart }): JSX.Element {
  const words = useWords(SHELL);
  const [scheme, setScheme] = useState<Scheme>(start.scheme);
  return (
    <IconButton
      icon={scheme === "dark" ? "moon" : scheme === "light" ? "sun" : "monitor"}
      name={words.schemeTitle(words.scheme[scheme])}
      onClick={() => {
        const next = NEXT[scheme];
        document.documentElement.dataset["scheme"] = next;
        keep("qd_scheme", next);
        setScheme(next);
      }}
    />
  );
}

async function signOut(): Promise<void> {
  forgetLists();
  await fetch("/api/v1/staff/me/sign-out", { method: "POST" }).catch(() => null);
  // The development login has the cookie of a member's session.
  await fetch("/api/v1/session", { method: "DELETE" }).catch(() => null);
  location.assign("/console");
}

/** How many things wait in each section; a section that cannot tell just shows none. */
function useWaiting(sections: readonly Section[]): Readonly<Record<string, number>> {
  const { call, may } = useConsole();
  const [counts, setCounts] = useState<Readonly<Record<string, number>>>({});
  useEffect(() => {
    let isGone = false;
    const ask = async (): Promise<void> => {
      if (document.visibilityState !== "visible") return;
      for (const { path, waiting } of sections) {
        if (!waiting) continue;
        const count = await waiting({ call, may });
        if (isGone) return;
        setCounts((old) => ({ ...old, [path]: count ?? 0 }));
      }
    };
    // After the first view: nobody waits for a count.
    const first = setTimeout(() => void ask(), 1_000);
    const timer = setInterval(() => void ask(), ASK_MS);
    const leave = onComeBack(
      () => void ask(),
      () => undefined,
    );
    return () => {
      isGone = true;
      leave();
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [sections, call, may]);
  return counts;
}
