import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Dialog } from "../kit/dialog.tsx";
import { Icon } from "../kit/parts.tsx";
import { useRouter } from "../kit/router.ts";
import { useLocale, useWords } from "../kit/words.ts";
import type { Section } from "../section.ts";
import { placesFor, type Place } from "./places.ts";
import { SHELL } from "./shell-words.ts";

/** Type where to go, or what to look for; arrows choose, Enter goes. */
export function Palette({
  sections,
  onClose,
}: {
  sections: readonly Section[];
  onClose: () => void;
}): JSX.Element {
  const words = useWords(SHELL);
  const locale = useLocale();
  const router = useRouter();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => placesFor(sections, text), [sections, text]);
  const go = (place: Place | undefined): void => {
    if (!place) return;
    onClose();
    void router.go(place.href);
  };
  const key = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter") go(found[at]);
    else if (step !== 0) setAt((at + step + found.length) % Math.max(1, found.length));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={words.findTitle} onClose={onClose}>
      <div class="in search">
        <Icon name="search" size={16} />
        <input
          autofocus
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[at] ? `palette-${at}` : ""}
          aria-label={words.findTitle}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={key}
        />
      </div>
      <ul class="palette" id="palette-list" role="listbox" aria-label={words.findTitle}>
        {found.map((place, order) => (
          <li
            key={place.href}
            id={`palette-${order}`}
            role="option"
            aria-selected={order === at}
            onClick={() => go(place)}
          >
            <Icon name={place.wanted === null ? place.section.icon : "search"} size={18} />
            {place.wanted === null
              ? place.section.title[locale]
              : words.findIn(place.wanted, place.section.title[locale])}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="mute">{words.findNone}</p>}
    </Dialog>
  );
}
