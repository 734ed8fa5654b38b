/** Fields of a value and its setter, without a form that registers them. Beside the kit, so that the shell does not carry them. */
import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import "./value-fields.css";

/** The control is of the class `in`. */
export function Labelled({
  label,
  help,
  children,
}: {
  label: string;
  help?: string | undefined;
  children: (id: string) => ComponentChildren;
}): JSX.Element {
  const id = useId();
  return (
    <div class="labelled">
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
}): JSX.Element {
  const { label, value, set, help, rows, maxLength, type = "text" } = props;
  // Both kinds of text have the same attributes; the types of the elements tell them apart.
  const kind = { type } as { type: "text" };
  const common = { value, ...(maxLength === undefined ? {} : { maxLength }) };
  const typed = (event: { currentTarget: { value: string } }): void =>
    set(event.currentTarget.value);
  return (
    <Labelled label={label} help={help}>
      {(id) =>
        rows === undefined ? (
          <input id={id} class="in" {...kind} {...common} onInput={typed} />
        ) : (
          <textarea id={id} class="in area" rows={rows} {...common} onInput={typed} />
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
          class="in"
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
    <label class="check-line">
      <input
        type="checkbox"
        checked={value}
        onChange={(event) => set(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
