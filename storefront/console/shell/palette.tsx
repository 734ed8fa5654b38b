import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { Dialog } from "../kit/dialog.tsx";
import { Icon } from "../kit/parts.tsx";
import { useRouter } from "../kit/router.ts";
import { useLocale, useWords } from "../kit/words.ts";
import type { Section } from "../section.ts";
import { hrefOf } from "./places.ts";
import { SHELL } from "./shell-words.ts";

/** Type where to go; arrows choose, Enter goes. */
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
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return sections.filter(({ title, finds, path }) =>
      [title["zh-CN"], title.en, path, ...(finds?.["zh-CN"] ?? []), ...(finds?.en ?? [])].some(
        (word) => word.toLowerCase().includes(wanted),
      ),
    );
  }, [sections, text]);
  const go = (section: Section | undefined): void => {
    if (!section) return;
    onClose();
    void router.go(hrefOf(section));
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
          aria-activedescendant={found[at] ? `palette-${found[at].path}` : ""}
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
        {found.map((section, place) => (
          <li
            key={section.path}
            id={`palette-${section.path}`}
            role="option"
            aria-selected={place === at}
            onClick={() => go(section)}
          >
            <Icon name={section.icon} size={18} />
            {section.title[locale]}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="mute">{words.findNone}</p>}
    </Dialog>
  );
}
