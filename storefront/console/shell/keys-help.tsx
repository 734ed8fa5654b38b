import type { JSX } from "preact";
import { Dialog } from "../kit/dialog.tsx";
import { useLocale, useWords } from "../kit/words.ts";
import type { Section } from "../section.ts";
import { SHELL } from "./shell-words.ts";

export function KeysHelp({
  sections,
  onClose,
}: {
  sections: readonly Section[];
  onClose: () => void;
}): JSX.Element {
  const words = useWords(SHELL);
  const locale = useLocale();
  const rows: [string, string][] = [
    ["/", words.keySearch],
    ["Ctrl K", words.keyPalette],
    ["?", words.keyHelp],
    ...sections.flatMap(({ key, title }): [string, string][] =>
      key === undefined ? [] : [[`g ${key}`, words.keyGo(title[locale])]],
    ),
  ];
  return (
    <Dialog title={words.keys} onClose={onClose}>
      <dl class="keys">
        {rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
