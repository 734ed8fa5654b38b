import type { JSX } from "preact";
import type { LabelView } from "../../../worker/segments/wire.ts";
import { useNames, useRead, useWords, withChosen, type Choice } from "../kit/index.ts";
import { freshCondition, type Condition } from "./rule-text.ts";
import { SEGMENTS } from "./words.ts";

const KINDS: readonly Condition["kind"][] = [
  ...(["top", "frequency", "purchased", "redeemed", "active", "balance", "spent"] as const),
  ...(["expiring", "tier", "store", "label"] as const),
];

/** One condition in a line: its kind, then what the kind asks. */
export function ConditionFields({
  condition,
  onChange,
}: {
  condition: Condition;
  onChange: (condition: Condition) => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  return (
    <>
      <Choose
        label={words.kindLabel}
        value={condition.kind}
        options={KINDS}
        titles={words.kind}
        onChange={(kind) => onChange(freshCondition(kind))}
      />
      <Details condition={condition} onChange={onChange} />
    </>
  );
}

function Details({
  condition,
  onChange,
}: {
  condition: Condition;
  onChange: (condition: Condition) => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  const names = useNames();
  const labels = useLabels(condition.kind === "label");
  switch (condition.kind) {
    case "top":
      return <Top condition={condition} onChange={onChange} />;
    case "frequency":
    case "balance":
    case "spent":
      return <Span condition={condition} onChange={onChange} />;
    case "purchased":
    case "redeemed":
    case "active":
      return <Since condition={condition} onChange={onChange} />;
    case "expiring":
      return (
        <Figure
          label={words.days}
          unit={words.daysUnit}
          value={condition.days}
          onChange={(days) => onChange({ ...condition, days: days ?? 1 })}
        />
      );
    case "tier":
      return (
        <Ids
          options={names.choices("tiers", condition.tierIds)}
          values={condition.tierIds}
          onChange={(tierIds) => onChange({ ...condition, tierIds })}
        />
      );
    case "store":
      return (
        <Ids
          options={names.choices("stores", condition.storeIds)}
          values={condition.storeIds}
          onChange={(storeIds) => onChange({ ...condition, storeIds })}
        />
      );
    case "label":
      return (
        <Ids
          options={withChosen(labels, condition.labelIds)}
          values={condition.labelIds}
          onChange={(labelIds) => onChange({ ...condition, labelIds })}
        />
      );
  }
}

function useLabels(isAsked: boolean): readonly Choice[] {
  const read = useRead<{ items: readonly LabelView[] }>(isAsked ? "/api/v1/staff/labels" : null);
  return (read.value?.items ?? []).map(({ labelId, name }) => ({ value: labelId, title: name }));
}

type Of<Kind extends Condition["kind"]> = Extract<Condition, { kind: Kind }>;

function Top({
  condition,
  onChange,
}: {
  condition: Of<"top">;
  onChange: (condition: Condition) => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  return (
    <>
      <Figure
        label={words.percent}
        unit="%"
        value={condition.percent}
        onChange={(percent) => onChange({ ...condition, percent: percent ?? 1 })}
      />
      <Choose
        label={words.by}
        value={condition.by}
        options={["frequency", "balance", "spent"]}
        titles={words.byFigure}
        onChange={(by) => onChange({ ...condition, by })}
      />
    </>
  );
}

function Span({
  condition,
  onChange,
}: {
  condition: Of<"frequency" | "balance" | "spent">;
  onChange: (condition: Condition) => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  return (
    <>
      <Figure
        label={words.min}
        value={condition.min}
        onChange={(min) => onChange({ ...condition, min: min ?? 0 })}
      />
      <Figure
        label={words.max}
        value={condition.max}
        placeholder={words.noMax}
        onChange={(max) => onChange({ ...condition, max })}
      />
    </>
  );
}

function Since({
  condition,
  onChange,
}: {
  condition: Of<"purchased" | "redeemed" | "active">;
  onChange: (condition: Condition) => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  return (
    <>
      <Figure
        label={words.days}
        unit={words.daysUnit}
        value={condition.days}
        onChange={(days) => onChange({ ...condition, days: days ?? 1 })}
      />
      <Choose
        label={words.is}
        value={condition.is}
        options={["within", "beyond"]}
        titles={words}
        onChange={(is) => onChange({ ...condition, is })}
      />
    </>
  );
}

/** One of a few; its label is heard, not seen. */
function Choose<Value extends string>({
  label,
  value,
  options,
  titles,
  onChange,
}: {
  label: string;
  value: Value;
  options: readonly Value[];
  titles: Readonly<Record<Value, string>>;
  onChange: (value: Value) => void;
}): JSX.Element {
  return (
    <select
      class="in"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as Value)}
    >
      {options.map((one) => (
        <option key={one} value={one}>
          {titles[one]}
        </option>
      ))}
    </select>
  );
}

function Figure({
  label,
  value,
  unit,
  placeholder,
  onChange,
}: {
  label: string;
  value: number | null;
  unit?: string;
  placeholder?: string;
  onChange: (value: number | null) => void;
}): JSX.Element {
  return (
    <label class="row">
      <span class="sec">{label}</span>
      <input
        class="in num figure-in"
        inputMode="numeric"
        value={value === null ? "" : String(value)}
        placeholder={placeholder ?? ""}
        onInput={(event) => {
          const text = event.currentTarget.value.trim();
          onChange(/^\d{1,9}$/.test(text) ? Number(text) : null);
        }}
      />
      {unit !== undefined && <span class="mute">{unit}</span>}
    </label>
  );
}

/** Ticked by name, never typed as ids. */
function Ids({
  options,
  values,
  onChange,
}: {
  options: readonly Choice[];
  values: readonly string[];
  onChange: (values: string[]) => void;
}): JSX.Element {
  const words = useWords(SEGMENTS);
  if (options.length === 0) return <span class="note mute">{words.noValues}</span>;
  return (
    <span class="choices row" role="group" aria-label={words.values}>
      {options.map(({ value, title }) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={values.includes(value)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? [...values, value]
                  : values.filter((one) => one !== value),
              )
            }
          />
          {title}
        </label>
      ))}
    </span>
  );
}
