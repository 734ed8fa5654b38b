import type { JSX } from "preact";
import { localOf, msOf, useQuery, useWords } from "../kit/index.ts";
import { LEDGER } from "./words.ts";
import { DAY_MS } from "../../client/durations.ts";

/** Whole days on the programme's clock; the address keeps moments, as the API reads them. */
export function DaysFilter(): JSX.Element {
  const words = useWords(LEDGER);
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
        aria-label={words.from}
        value={dayOf("fromMs", 0)}
        onChange={(event) => set("fromMs", event.currentTarget.value, 0)}
      />
      –
      <input
        class="in"
        type="date"
        aria-label={words.to}
        value={dayOf("toMs", 1)}
        onChange={(event) => set("toMs", event.currentTarget.value, DAY_MS)}
      />
    </div>
  );
}

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
