/** One value of a schema's form, and what every part of it is given. */
import type { JSX } from "preact";
import { Field, useWords, type Form } from "../kit/index.ts";
import { MinuteInput, MoneyInput, MomentInput, NumberInput, TextInput } from "./controls.tsx";
import { nameIn, useChoiceWords, useFieldWords, type Path } from "./field-words.ts";
import { withValue, type SchemaNode, type Values } from "./schema.ts";
import { RULES } from "./words.ts";

export interface FormScene {
  readonly root: SchemaNode;
  readonly form: Form<Values>;
  /** The kind of terms, or `rule` and `task`: some words mean something else there. */
  readonly context: string;
  /** Fields that cannot be changed any more, such as the id of a known rule. */
  readonly fixed: ReadonlySet<string>;
}

export interface PartProps extends FormScene {
  readonly node: SchemaNode;
  readonly path: Path;
  readonly value: unknown;
}

export function put({ form }: FormScene, path: Path, value: unknown): void {
  const next = withValue(form.values, path, value) as Values;
  const [top] = path;
  form.set(top === undefined ? next : { [top]: next[top] });
}

/** What a figure counts, by its name. */
function unitOf(
  name: string,
  words: { days: string; percent: string; months: string; points: string; times: string },
): string | undefined {
  if (name === "months" || name === "month") return words.months;
  if (/days(max)?$|^days|newcomerdays/i.test(name)) return words.days;
  if (/percent/i.test(name)) return words.percent;
  if (/points|bonus/i.test(name)) return words.points;
  return name === "timesMax" || name === "target" ? words.times : undefined;
}

export function Leaf({
  isOptional = false,
  ...props
}: PartProps & { isOptional?: boolean }): JSX.Element {
  const { node, path, form, value, fixed } = props;
  const words = useWords(RULES);
  const { label, help } = useFieldWords(props.context)(path);
  const say = useChoiceWords(props.context);
  const name = nameIn(path);
  const key = path.join(".");
  const id = `sf-${key}`;
  form.register(key, label);
  const error = form.errorOf(key);
  const common = { id, isInvalid: error !== null, isDisabled: fixed.has(key) };
  const set = (next: unknown): void => put(props, path, next);
  const hint = help ?? (isOptional ? words.emptyIsNone : undefined);
  const control = (): JSX.Element => {
    if (node.enum) {
      return (
        <select
          {...{ id, class: "in", disabled: fixed.has(key) }}
          value={String(value ?? "")}
          aria-invalid={error !== null}
          onChange={(event) => set(event.currentTarget.value)}
        >
          {node.enum.map((one) => (
            <option key={one} value={one}>
              {say(path, one)}
            </option>
          ))}
        </select>
      );
    }
    if (node.type === "boolean") {
      return (
        <button
          {...{ id, type: "button", class: "switch", role: "switch" }}
          aria-checked={value === true}
          onClick={() => set(value !== true)}
        >
          <span aria-hidden="true" />
          {value === true ? words.yes : words.no}
        </button>
      );
    }
    if (node.type === "integer")
      return (
        <Figure {...common} name={name} value={(value ?? null) as number | null} onChange={set} />
      );
    return (
      <TextInput
        {...common}
        value={String(value ?? "")}
        maxLength={node.maxLength}
        onChange={(text) => set(text === "" && isOptional ? null : text)}
      />
    );
  };
  return (
    <Field id={id} label={label} error={error} help={hint}>
      {control()}
    </Field>
  );
}

/** A whole number by what it counts: money, a moment, a time of day, or so many of something. */
function Figure({
  name,
  ...control
}: {
  name: string;
  id: string;
  isInvalid: boolean;
  isDisabled: boolean;
  value: number | null;
  onChange: (value: number | null) => void;
}): JSX.Element {
  const words = useWords(RULES);
  if (/fen(min|max)?$/i.test(name)) return <MoneyInput {...control} />;
  if (name.endsWith("Ms")) return <MomentInput {...control} />;
  if (name.endsWith("Minute")) return <MinuteInput {...control} value={control.value ?? 0} />;
  return <NumberInput {...control} unit={unitOf(name, words.units)} />;
}
