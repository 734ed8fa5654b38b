import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import type { Words } from "./words.ts";

export function Labelled(props: {
  label: string;
  help?: string;
  children: (id: string) => ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <div class="ch-field">
      <label for={id}>{props.label}</label>
      {props.children(id)}
      {props.help !== undefined && <p class="note mute">{props.help}</p>}
    </div>
  );
}

export function Text(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  help?: string;
  rows?: number;
}): JSX.Element {
  const { label, value, set, help, rows } = props;
  return (
    <Labelled label={label} {...(help === undefined ? {} : { help })}>
      {(id) =>
        rows === undefined ? (
          <input id={id} value={value} onInput={(event) => set(event.currentTarget.value)} />
        ) : (
          <textarea
            id={id}
            rows={rows}
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )
      }
    </Labelled>
  );
}

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
    <Labelled label={label} {...(help === undefined ? {} : { help })}>
      {(id) => (
        <input
          id={id}
          type="password"
          autocomplete="new-password"
          value={typeof value === "string" ? value : ""}
          onInput={(event) => set(event.currentTarget.value || null)}
        />
      )}
    </Labelled>
  );
}

export function Check(props: {
  label: string;
  value: boolean;
  set: (value: boolean) => void;
}): JSX.Element {
  return (
    <label class="ch-check">
      <input
        type="checkbox"
        checked={props.value}
        onChange={(event) => props.set(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
