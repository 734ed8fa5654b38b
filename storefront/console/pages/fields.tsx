/** Controls of the inspector: every keystroke changes the page, so they hold no state of their own. */
import type { ComponentChildren, ComponentType, JSX } from "preact";
import { useId } from "preact/hooks";
import { Button, IconButton } from "../kit/index.ts";

export function Labelled({
  label,
  help,
  children,
}: {
  label: string;
  help?: string;
  children: (id: string) => ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <div class="pb-field">
      <label for={id}>{label}</label>
      {children(id)}
      {help !== undefined && <p class="note mute">{help}</p>}
    </div>
  );
}

export function Text(props: {
  label: string;
  value: string;
  set: (value: string) => void;
  help?: string;
  rows?: number;
  maxLength?: number;
  type?: "text" | "color";
  list?: string;
}): JSX.Element {
  const { label, value, set, help, rows, maxLength = 300, type = "text", list } = props;
  return (
    <Labelled label={label} {...(help === undefined ? {} : { help })}>
      {(id) =>
        rows === undefined ? (
          <input
            id={id}
            type={type}
            value={value}
            maxLength={maxLength}
            {...(list === undefined ? {} : { list })}
            onInput={(event) => set(event.currentTarget.value)}
          />
        ) : (
          <textarea
            id={id}
            rows={rows}
            maxLength={maxLength}
            value={value}
            onInput={(event) => set(event.currentTarget.value)}
          />
        )
      }
    </Labelled>
  );
}

export function Select<V extends string | number>(props: {
  label: string;
  value: V;
  options: readonly { readonly value: V; readonly title: string }[];
  set: (value: V) => void;
}): JSX.Element {
  const { label, value, options, set } = props;
  return (
    <Labelled label={label}>
      {(id) => (
        <select
          id={id}
          value={String(value)}
          onChange={(event) => {
            const chosen = options.find((one) => String(one.value) === event.currentTarget.value);
            if (chosen) set(chosen.value);
          }}
        >
          {options.map((one) => (
            <option key={one.value} value={String(one.value)}>
              {one.title}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

export function Check(props: {
  label: string;
  value: boolean;
  set: (value: boolean) => void;
}): JSX.Element {
  const { label, value, set } = props;
  return (
    <label class="pb-check">
      <input
        type="checkbox"
        checked={value}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

export interface PartProps<P> {
  readonly part: P;
  readonly change: (part: P) => void;
}

/** A short list of parts of one block, each with its own fields. */
export function Parts<P extends object>(props: {
  title: string;
  parts: readonly P[];
  set: (parts: P[]) => void;
  max: number;
  make: () => P;
  words: { add: string; remove: string; first: string };
  fields: ComponentType<PartProps<P>>;
}): JSX.Element {
  const { title, parts, set, max, make, words, fields: Fields } = props;
  // Parts have no names of their own; they are told apart by their place.
  const placed = parts.map((one, at) => ({ one, at }));
  return (
    <fieldset class="pb-parts">
      <legend>{title}</legend>
      {placed.map(({ one, at }) => (
        <div key={`part ${at}`} class="pb-part">
          <Fields part={one} change={(changed) => set(parts.with(at, changed))} />
          <div class="row">
            {at > 0 && (
              <IconButton
                icon="up"
                name={words.first}
                onClick={() => set(parts.toSpliced(at, 1).toSpliced(at - 1, 0, one))}
              />
            )}
            {parts.length > 1 && (
              <IconButton
                icon="trash"
                name={words.remove}
                onClick={() => set(parts.toSpliced(at, 1))}
              />
            )}
          </div>
        </div>
      ))}
      {parts.length < max && (
        <Button size="sm" icon="plus" onClick={() => set([...parts, make()])}>
          {words.add}
        </Button>
      )}
    </fieldset>
  );
}
