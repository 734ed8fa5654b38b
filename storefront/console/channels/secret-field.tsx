import type { JSX } from "preact";
import { Labelled } from "../value-fields/index.tsx";
import type { Words } from "./words.ts";

/** `true`: the server keeps one. Null: there is none. A text is on its way to it. */
export function Secret(props: {
  label: string;
  value: string | true | null;
  set: (value: string | null) => void;
  words: Words;
}): JSX.Element {
  const { label, value, set, words } = props;
  const help = value === true ? words.secretKept : value === null ? words.secretNone : undefined;
  return (
    <Labelled label={label} help={help}>
      {(id) => (
        <input
          id={id}
          class="in"
          type="password"
          autocomplete="new-password"
          value={typeof value === "string" ? value : ""}
          onInput={(event) => set(event.currentTarget.value || null)}
        />
      )}
    </Labelled>
  );
}
