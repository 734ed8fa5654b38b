import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConsoleStart } from "../../../worker/console/wire.ts";
import { Icon, IconButton } from "../kit/parts.tsx";
import { BASE, usePlace, useRouter } from "../kit/router.ts";
import { useWords, type Locale } from "../kit/words.ts";
import type { Section } from "../section.ts";
import { KeysHelp } from "./keys-help.tsx";
import { Palette } from "./palette.tsx";
import { hrefOf, sectionAt } from "./places.ts";
import { SectionView } from "./section-view.tsx";
import { SHELL } from "./shell-words.ts";
import { SideNav } from "./side-nav.tsx";
import { useKeptFocus } from "./use-kept-focus.ts";
import { useKeys } from "./use-keys.ts";

/** Navigation at the left, the page at the right, and over both what the keyboard calls. */
export function Frame({
  start,
  sections,
  onSpeak,
}: {
  start: ConsoleStart;
  sections: readonly Section[];
  onSpeak: (locale: Locale) => void;
}): JSX.Element {
  const words = useWords(SHELL);
  const { path } = usePlace();
  const [isNavOpen, setNavOpen] = useState(false);
  const [over, setOver] = useState<"palette" | "keys" | null>(null);
  const current = sectionAt(sections, path);
  useEffect(() => setNavOpen(false), [path]);
  // Whoever may not see the first view begins with what they may see: a clerk, or somebody who has to set up a second step.
  const router = useRouter();
  const [begin] = sections;
  useEffect(() => {
    if (path === BASE && !current && begin) void router.go(hrefOf(begin), { replace: true });
  }, [path, current, begin, router]);
  useKeptFocus();
  useKeys(sections, {
    onPalette: () => setOver("palette"),
    onHelp: () => setOver("keys"),
  });
  return (
    <div class={isNavOpen ? "shell nav-open" : "shell"}>
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <SideNav start={start} sections={sections} current={current} onSpeak={onSpeak} />
      <div class="nav-scrim" onClick={() => setNavOpen(false)} />
      <div class="main-side">
        <header class="topb">
          <span class="nav-button">
            <IconButton
              icon="menu"
              name={words.menu}
              pressed={isNavOpen}
              onClick={() => setNavOpen(!isNavOpen)}
            />
          </span>
          <span class="crumb">{start.programme.name}</span>
          <button
            type="button"
            class="find"
            aria-keyshortcuts="Control+K"
            onClick={() => setOver("palette")}
          >
            <Icon name="search" size={16} />
            <span>{words.find}</span>
            <kbd>Ctrl K</kbd>
          </button>
          <ShopLink />
        </header>
        <main id="main" tabIndex={-1}>
          <SectionView section={current} path={path} />
        </main>
      </div>
      {over === "palette" && <Palette sections={sections} onClose={() => setOver(null)} />}
      {over === "keys" && <KeysHelp sections={sections} onClose={() => setOver(null)} />}
    </div>
  );
}

function ShopLink(): JSX.Element {
  const words = useWords(SHELL);
  return (
    <a
      class="btn quiet sm shop-link"
      href="/"
      target="_blank"
      rel="noopener"
      aria-label={words.openShop}
    >
      <Icon name="external" size={16} />
      <span>{words.openShop}</span>
    </a>
  );
}
