import type { JSX } from "preact";
import { useQuery, useWords } from "../kit/index.ts";
import { LEDGER } from "./words.ts";

/** Signed points; what is no figure is left out. */
export function PointsFilter(): JSX.Element {
  const words = useWords(LEDGER);
  const [query, setQuery] = useQuery();
  const field = (name: string, label: string): JSX.Element => (
    <input
      class="in num"
      type="text"
      inputMode="numeric"
      placeholder={label}
      aria-label={`${words.figures}: ${label}`}
      value={query.get(name) ?? ""}
      onChange={(event) => {
        const text = event.currentTarget.value.trim();
        setQuery({ [name]: /^-?\d{1,9}$/.test(text) ? text : null });
      }}
    />
  );
  return (
    <div class="range" role="group" aria-label={words.figures}>
      {field("pointsMin", words.least)}–{field("pointsMax", words.most)}
    </div>
  );
}
