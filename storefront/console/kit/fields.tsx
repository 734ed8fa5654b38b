import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { KIT } from "./kit-words.ts";
import { fenOf, localOf, momentOf, msOf, yuanOf } from "./inputs.ts";
import type { Say } from "./diff.ts";
import type { Form } from "./use-form.ts";
import { useWords } from "./words.ts";

/** Names of the values of a form that are of one type. */
type NamesOf<Values, Type> = {
  [Name in keyof Values]-?: Values[Name] extends Type ? Name : never;
}[keyof Values] &
  string;

interface FieldProps<Values extends object, Type> {
  readonly form: Form<Values>;
  readonly name: NamesOf<Values, Type>;
  readonly label: string;
  /** The consequence, best in figures. */
  readonly help?: ComponentChildren;
  readonly required?: boolean;
  readonly disabled?: boolean;
}

interface Wired {
  readonly id: string;
  readonly error: string | null;
  readonly input: {
    readonly id: string;
    readonly "aria-invalid": boolean;
    readonly "aria-describedby": string;
    readonly required: boolean;
    readonly disabled: boolean;
  };
}

function useField<Values extends object, Type>(props: FieldProps<Values, Type>, say?: Say): Wired {
  const { form, name, label, required = false, disabled = false } = props;
  const id = useId();
  form.register(name, label, say);
  const error = form.errorOf(name);
  const described = { "aria-invalid": error !== null, "aria-describedby": `${id}-help` };
  return { id, error, input: { id, ...described, required, disabled } };
}

const valueOf = <Values extends object>(form: Form<Values>, name: string): unknown =>
  (form.values as Readonly<Record<string, unknown>>)[name];

const put = <Values extends object>(form: Form<Values>, name: string, value: unknown): void =>
  form.set({ [name]: value } as Partial<Values>);

/** What stands in a field while it is typed, and again from the value when that changes by another hand. */
function useTyped(
  value: number | null,
  write: (value: number | null) => string,
): [string, (text: string, meant: number | null) => void] {
  const [typed, setTyped] = useState({ text: write(value), meant: value });
  if (typed.meant !== value) setTyped({ text: write(value), meant: value });
  return [typed.text, (text, meant) => setTyped({ text, meant })];
}

function Must(): JSX.Element {
  const words = useWords(KIT);
  return (
    <abbr class="must" title={words.required}>
      *
    </abbr>
  );
}

/** A label at the left, the control, and below it the error or the help. For controls of one's own too. */
export function Field({
  id,
  label,
  error = null,
  help,
  required,
  children,
}: {
  id: string;
  label: string;
  error?: string | null;
  help?: ComponentChildren;
  required?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required && <Must />}
      </label>
      <div class="field-in">
        {children}
        <p id={`${id}-help`} class={error === null ? "help" : "help error"}>
          {error ?? help}
        </p>
      </div>
    </div>
  );
}

const maskedText: Say = (one) => (one ? "••••••" : "");

export function TextField<Values extends object>(
  props: FieldProps<Values, string | null> & {
    rows?: number;
    maxLength?: number;
    placeholder?: string;
    type?: "text" | "email" | "tel" | "url" | "password" | "color";
    autocomplete?: string;
    unit?: string;
  },
): JSX.Element {
  const { form, name, label, help, required, rows, unit } = props;
  const { id, error, input } = useField(props, props.type === "password" ? maskedText : undefined);
  const common = {
    ...input,
    value: String(valueOf(form, name) ?? ""),
    ...(props.maxLength === undefined ? {} : { maxLength: props.maxLength }),
    ...(props.placeholder === undefined ? {} : { placeholder: props.placeholder }),
    ...(props.autocomplete === undefined ? {} : { autocomplete: props.autocomplete }),
  };
  // Every kind of text has the same attributes; the types of the elements tell them apart.
  const kind = { type: props.type ?? "text" } as { type: "text" };
  const typed = (event: { currentTarget: { value: string } }): void =>
    put(form, name, event.currentTarget.value);
  return (
    <Field id={id} label={label} error={error} help={help} required={required ?? false}>
      {rows === undefined ? (
        <span class="in-unit">
          <input class="in" {...kind} {...common} onInput={typed} />
          {unit !== undefined && <span class="unit">{unit}</span>}
        </span>
      ) : (
        <textarea class="in area" rows={rows} {...common} onInput={typed} />
      )}
    </Field>
  );
}

/** A whole number, or null while the field is empty. Points are `unit={words.points}`. */
export function NumberField<Values extends object>(
  props: FieldProps<Values, number | null> & { unit?: string; min?: number; max?: number },
): JSX.Element {
  const { form, name, label, help, required, unit } = props;
  const words = useWords(KIT);
  const { id, error, input } = useField(props);
  const value = valueOf(form, name) as number | null;
  const [text, setText] = useTyped(value, (one) => (one === null ? "" : String(one)));
  const isWrong = text !== "" && !/^-?\d{1,15}$/.test(text);
  return (
    <Field
      id={id}
      label={label}
      error={isWrong ? words.noWholeNumber : error}
      help={help}
      required={required ?? false}
    >
      <span class="in-unit">
        <input
          class="in num"
          inputMode="numeric"
          {...input}
          aria-invalid={isWrong || error !== null}
          value={text}
          {...(props.min === undefined ? {} : { min: props.min })}
          {...(props.max === undefined ? {} : { max: props.max })}
          onInput={(event) => {
            const next = event.currentTarget.value.replaceAll(/[,\s]/g, "");
            const meant = next === "" ? null : /^-?\d{1,15}$/.test(next) ? Number(next) : value;
            setText(next, meant);
            put(form, name, meant);
          }}
        />
        {unit !== undefined && <span class="unit">{unit}</span>}
      </span>
    </Field>
  );
}

/** An amount of money, kept in fen. */
export function MoneyField<Values extends object>(
  props: FieldProps<Values, number | null>,
): JSX.Element {
  const { form, name, label, help, required } = props;
  const words = useWords(KIT);
  const { id, error, input } = useField(props, (one) =>
    typeof one === "number" ? `¥${yuanOf(one)}` : words.none,
  );
  const value = valueOf(form, name) as number | null;
  const [text, setText] = useTyped(value, yuanOf);
  const isWrong = text !== "" && fenOf(text) === null;
  return (
    <Field
      id={id}
      label={label}
      error={isWrong ? words.noAmount : error}
      help={help}
      required={required ?? false}
    >
      <span class="in-unit before">
        <span class="unit">¥</span>
        <input
          class="in num"
          inputMode="decimal"
          {...input}
          aria-invalid={isWrong || error !== null}
          value={text}
          onInput={(event) => {
            const next = event.currentTarget.value.trim();
            const meant = next === "" ? null : (fenOf(next) ?? value);
            setText(next, meant);
            put(form, name, meant);
          }}
        />
      </span>
    </Field>
  );
}

/** A moment on the programme's clock (Beijing), kept in milliseconds. */
export function TimeField<Values extends object>(
  props: FieldProps<Values, number | null>,
): JSX.Element {
  const { form, name, label, help, required } = props;
  const words = useWords(KIT);
  const { id, error, input } = useField(props, (one) =>
    typeof one === "number" ? momentOf(one) : words.none,
  );
  const value = valueOf(form, name) as number | null;
  return (
    <Field id={id} label={label} error={error} help={help} required={required ?? false}>
      <input
        class="in num"
        type="datetime-local"
        step={60}
        {...input}
        value={localOf(value)}
        onInput={(event) => put(form, name, msOf(event.currentTarget.value))}
      />
    </Field>
  );
}

export function SelectField<Values extends object>(
  props: FieldProps<Values, string | null> & {
    options: readonly { value: string; title: string; disabled?: boolean }[];
    /** Offered as "none", kept as null. */
    none?: string;
  },
): JSX.Element {
  const { form, name, label, help, required, options, none } = props;
  const words = useWords(KIT);
  const titles = new Map(options.map(({ value, title }) => [value, title]));
  const { id, error, input } = useField(
    props,
    (one) => titles.get(String(one ?? "")) ?? none ?? (String(one ?? "") || words.none),
  );
  return (
    <Field id={id} label={label} error={error} help={help} required={required ?? false}>
      <select
        class="in"
        {...input}
        value={String(valueOf(form, name) ?? "")}
        onChange={(event) =>
          put(form, name, event.currentTarget.value || (none === undefined ? "" : null))
        }
      >
        {none !== undefined && <option value="">{none}</option>}
        {options.map(({ value, title, disabled }) => (
          <option key={value} value={value} disabled={disabled ?? false}>
            {title}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** On or off, at once visible what it does. */
export function SwitchField<Values extends object>(
  props: FieldProps<Values, boolean>,
): JSX.Element {
  const { form, name, label, help } = props;
  const words = useWords(KIT);
  const { id, error, input } = useField(props);
  const isOn = valueOf(form, name) === true;
  const { required: _required, ...rest } = input;
  return (
    <Field id={id} label={label} error={error} help={help}>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={isOn}
        {...rest}
        onClick={() => put(form, name, !isOn)}
      >
        <span aria-hidden="true" />
        {isOn ? words.on : words.off}
      </button>
    </Field>
  );
}

/** Several of a few. */
export function ChoicesField<Values extends object>(
  props: FieldProps<Values, readonly string[]> & {
    options: readonly { value: string; title: string; help?: string }[];
  },
): JSX.Element {
  const { form, name, label, help, options } = props;
  const words = useWords(KIT);
  const titles = new Map(options.map(({ value, title }) => [value, title]));
  const { id, error } = useField(
    props,
    (many) =>
      ((many ?? []) as readonly string[]).map((one) => titles.get(one) ?? one).join(" · ") ||
      words.none,
  );
  const chosen = (valueOf(form, name) ?? []) as readonly string[];
  return (
    <div class="field" role="group" aria-labelledby={`${id}-label`} aria-describedby={`${id}-help`}>
      <span id={`${id}-label`} class="field-label">
        {label}
        {props.required && <Must />}
      </span>
      <div class="field-in">
        <div class="choices">
          {options.map(({ value, title, help: about }) => (
            <label key={value}>
              <input
                type="checkbox"
                checked={chosen.includes(value)}
                disabled={props.disabled ?? false}
                aria-invalid={error !== null}
                onChange={(event) =>
                  put(
                    form,
                    name,
                    event.currentTarget.checked
                      ? [...chosen, value]
                      : chosen.filter((one) => one !== value),
                  )
                }
              />
              <span>
                {title}
                {about !== undefined && <small class="mute">{about}</small>}
              </span>
            </label>
          ))}
        </div>
        <p id={`${id}-help`} class={error === null ? "help" : "help error"}>
          {error ?? help}
        </p>
      </div>
    </div>
  );
}
