import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { DAY_MS } from "../../client/durations.ts";
import { localOf, msOf } from "./inputs.ts";
import { KIT } from "./kit-words.ts";
import { Icon, ReadOnly } from "./parts.tsx";
import { useQuery } from "./router.ts";
import { useWords } from "./words.ts";

const TYPING_MS = 250;

/** A search word in the address; `/` leads here. */
export function SearchFilter({
  name = "q",
  placeholder,
}: {
  name?: string;
  placeholder: string;
}): JSX.Element {
  const words = useWords(KIT);
  const [query, setQuery] = useQuery();
  const given = query.get(name) ?? "";
  const [text, setText] = useState(given);
  const [sent, setSent] = useState(given);
  const [seen, setSeen] = useState(given);
  const timerRef = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timerRef.current), []);
  if (seen !== given) {
    setSeen(given);
    // The address changed by another way than typing.
    if (given !== sent) setText(given);
  }
  const typed = (next: string): void => {
    setText(next);
    clearTimeout(timerRef.current);
    timerRef.current = setTimeout(() => {
      setSent(next.trim());
      setQuery({ [name]: next.trim() }, { replace: true });
    }, TYPING_MS);
  };
  return (
    <div class="in search">
      <Icon name="search" size={16} />
      <input
        type="search"
        data-search
        value={text}
        placeholder={placeholder}
        aria-label={`${words.search}: ${placeholder}`}
        onInput={(event) => typed(event.currentTarget.value)}
      />
      <kbd>/</kbd>
    </div>
  );
}

/** One of a few values in the address; the first option is none. */
export function SelectFilter({
  name,
  label,
  options,
}: {
  name: string;
  label: string;
  options: readonly { value: string; title: string }[];
}): JSX.Element {
  const words = useWords(KIT);
  const [query, setQuery] = useQuery();
  return (
    <label class="in sel">
      <span>{label}</span>
      <select
        value={query.get(name) ?? ""}
        onChange={(event) => setQuery({ [name]: event.currentTarget.value })}
      >
        <option value="">{words.all}</option>
        {options.map(({ value, title }) => (
          <option key={value} value={value}>
            {title}
          </option>
        ))}
      </select>
      <Icon name="down" size={14} />
    </label>
  );
}

/** Whole days on the programme's clock; the address keeps moments, as the API reads them. `until`: what the API calls the end. */
export function DaysFilter({ until }: { until: "toMs" | "untilMs" }): JSX.Element {
  const words = useWords(KIT);
  const [query, setQuery] = useQuery();
  const dayOf = (name: string, less: number): string => {
    const atMs = query.get(name);
    return atMs === null ? "" : localOf(Number(atMs) - less).slice(0, 10);
  };
  const set = (name: string, day: string, more: number): void => {
    const atMs = msOf(`${day}T00:00`);
    setQuery({ [name]: atMs === null ? null : String(atMs + more) });
  };
  return (
    <div class="range" role="group" aria-label={words.days}>
      <input
        class="in"
        type="date"
        aria-label={words.fromDay}
        value={dayOf("fromMs", 0)}
        onChange={(event) => set("fromMs", event.currentTarget.value, 0)}
      />
      –
      <input
        class="in"
        type="date"
        aria-label={words.toDay}
        value={dayOf(until, 1)}
        onChange={(event) => set(until, event.currentTarget.value, DAY_MS)}
      />
    </div>
  );
}

/** Search first, then a few filters; all of them in the address. */
export function FilterBar({ children }: { children: ComponentChildren }): JSX.Element {
  const words = useWords(KIT);
  return (
    <div class="filters" role="search" aria-label={words.filters}>
      {children}
    </div>
  );
}

/** Moved sideways, the page never, until the chosen tab is seen: tabs may be more than fit. */
function showChosen(tabs: HTMLElement): void {
  const chosen = tabs.querySelector("[aria-selected=true],[aria-pressed=true],[aria-current]");
  if (!chosen) return;
  const { left, right } = chosen.getBoundingClientRect();
  const room = tabs.getBoundingClientRect();
  tabs.scrollBy(Math.max(0, right - room.right) - Math.max(0, room.left - left), 0);
}

function useChosenSeen(current: string): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const tabs = box.current;
    if (!tabs) return;
    showChosen(tabs);
    const sizes = new ResizeObserver(() => showChosen(tabs));
    for (const one of [tabs, ...tabs.children]) sizes.observe(one);
    return () => sizes.disconnect();
  }, [current]);
  return box;
}

/** States of a list as tabs in the address; `value: ""` is all of them. */
export function TabsFilter({
  name,
  label,
  tabs,
}: {
  name: string;
  label: string;
  tabs: readonly { value: string; title: string; count?: number | null }[];
}): JSX.Element {
  const [query, setQuery] = useQuery();
  const current = query.get(name) ?? "";
  const box = useChosenSeen(current);
  return (
    <div ref={box} class="tabs" role="group" aria-label={label}>
      {tabs.map(({ value, title, count }) => (
        <button
          key={value}
          type="button"
          aria-pressed={current === value}
          onClick={() => setQuery({ [name]: value })}
        >
          {title}
          {count != null && <span class="num">{count.toLocaleString("en-US")}</span>}
        </button>
      ))}
    </div>
  );
}

/** Pages beside one another as tabs that are links; `children` come after them. */
export function LinkTabs({
  label,
  current,
  tabs,
  children,
}: {
  label: string;
  current: string;
  tabs: readonly { id: string; title: string; href: string }[];
  children?: ComponentChildren;
}): JSX.Element {
  const box = useChosenSeen(current);
  return (
    <nav ref={box} class="tabs" aria-label={label}>
      {tabs.map(({ id, title, href }) => (
        <a key={id} href={href} {...(id === current ? { "aria-current": "page" as const } : {})}>
          {title}
        </a>
      ))}
      {children}
    </nav>
  );
}

/** Parts of one page, the chosen one in the address as `tab`. */
export function Tabs({
  label,
  name = "tab",
  tabs,
  readOnly = false,
}: {
  label: string;
  name?: string;
  /** What stands on a tab is to be looked at; the tabs themselves are gone through. */
  readOnly?: boolean;
  tabs: readonly {
    id: string;
    title: string;
    body: ComponentChildren | (() => ComponentChildren);
  }[];
}): JSX.Element {
  const [query, setQuery] = useQuery();
  const current = tabs.find(({ id }) => id === query.get(name)) ?? tabs[0];
  const box = useChosenSeen(current?.id ?? "");
  const shown = typeof current?.body === "function" ? current.body() : current?.body;
  const key = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = tabs.findIndex(({ id }) => id === current?.id);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (step === 0 || !next) return;
    event.preventDefault();
    setQuery({ [name]: next.id }, { replace: true });
    document.getElementById(`tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div ref={box} class="tabs" role="tablist" aria-label={label} onKeyDown={key}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === current?.id}
            aria-controls="tab-panel"
            tabIndex={id === current?.id ? 0 : -1}
            onClick={() => setQuery({ [name]: id }, { replace: true })}
          >
            {title}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${current?.id ?? ""}`}>
        {readOnly ? <ReadOnly>{shown}</ReadOnly> : shown}
      </div>
    </>
  );
}
