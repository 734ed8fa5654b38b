/** Controls of single values, as the kit draws them, for forms whose fields are not known beforehand. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { fenOf, localOf, msOf, yuanOf } from "../kit/index.ts";

interface ControlProps<T> {
  readonly id: string;
  readonly value: T;
  readonly isInvalid: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (value: T) => void;
}

interface Typed {
  readonly text: string;
  readonly meant: unknown;
}

/** What is typed stays as it is typed, until another hand changes the value. */
function useTyped(value: unknown, write: () => string): [string, (next: Typed) => void] {
  const [typed, setTyped] = useState<Typed>({ text: write(), meant: value });
  const isOther = JSON.stringify(typed.meant) !== JSON.stringify(value);
  if (isOther) setTyped({ text: write(), meant: value });
  return [isOther ? write() : typed.text, setTyped];
}

type Looks = Pick<ControlProps<unknown>, "id" | "isInvalid" | "isDisabled">;
const attributes = ({ id, isInvalid, isDisabled = false }: Looks) => ({
  id,
  disabled: isDisabled,
  "aria-invalid": isInvalid,
  "aria-describedby": `${id}-help`,
});

function Typing<T>({
  control,
  look,
  write,
  read,
  mode,
}: {
  control: ControlProps<T>;
  look: string;
  write: (value: T) => string;
  /** Undefined: not a value yet. */
  read: (text: string) => T | undefined;
  mode: "numeric" | "decimal" | "text";
}): JSX.Element {
  const [text, setTyped] = useTyped(control.value, () => write(control.value));
  const isWrong = read(text) === undefined;
  return (
    <input
      {...attributes(control)}
      class={look}
      inputMode={mode}
      aria-invalid={isWrong || control.isInvalid}
      value={text}
      onInput={(event) => {
        const next = event.currentTarget.value;
        const meant = read(next);
        setTyped({ text: next, meant: meant === undefined ? control.value : meant });
        if (meant !== undefined) control.onChange(meant);
      }}
    />
  );
}

/** Empty is null: the server says whether it may be. */
export function NumberInput({
  unit,
  ...control
}: ControlProps<number | null> & { unit: string | undefined }): JSX.Element {
  return (
    <span class="in-unit">
      <Typing
        control={control}
        look="in num"
        mode="numeric"
        write={(value) => (value === null ? "" : String(value))}
        read={(text) => {
          const plain = text.replaceAll(/[,\s]/g, "");
          if (plain === "") return null;
          return /^-?\d{1,15}$/.test(plain) ? Number(plain) : undefined;
        }}
      />
      {unit !== undefined && <span class="unit">{unit}</span>}
    </span>
  );
}

export function MoneyInput(control: ControlProps<number | null>): JSX.Element {
  return (
    <span class="in-unit before">
      <span class="unit">¥</span>
      <Typing
        control={control}
        look="in num"
        mode="decimal"
        write={yuanOf}
        read={(text) => (text.trim() === "" ? null : (fenOf(text) ?? undefined))}
      />
    </span>
  );
}

export function MomentInput(control: ControlProps<number | null>): JSX.Element {
  return (
    <input
      {...attributes(control)}
      class="in num"
      type="datetime-local"
      step={60}
      value={localOf(control.value)}
      onInput={(event) => control.onChange(msOf(event.currentTarget.value))}
    />
  );
}

const two = (figure: number): string => String(figure).padStart(2, "0");

/** A time of the day, kept in minutes. */
export function MinuteInput(control: ControlProps<number>): JSX.Element {
  const { value } = control;
  return (
    <input
      {...attributes(control)}
      class="in num"
      type="time"
      value={`${two(Math.floor(value / 60))}:${two(value % 60)}`}
      onInput={(event) => {
        const [hours, minutes] = event.currentTarget.value.split(":").map(Number);
        if (hours !== undefined && minutes !== undefined) control.onChange(hours * 60 + minutes);
      }}
    />
  );
}

export function TextInput({
  maxLength,
  ...control
}: ControlProps<string> & { maxLength: number | undefined }): JSX.Element {
  return (
    <input
      {...attributes(control)}
      class="in"
      {...(maxLength === undefined ? {} : { maxLength })}
      value={control.value}
      onInput={(event) => control.onChange(event.currentTarget.value)}
    />
  );
}

/** Words or figures with commas between them, Chinese ones too. */
export function ListInput({
  isNumbers,
  ...control
}: ControlProps<readonly (string | number)[]> & { isNumbers: boolean }): JSX.Element {
  return (
    <Typing
      control={control}
      look={isNumbers ? "in num" : "in"}
      mode="text"
      write={(value) => value.join(", ")}
      read={(text) => {
        const words = text
          .split(/[,，、\s]+/)
          .map((one) => one.trim())
          .filter((one) => one !== "");
        if (!isNumbers) return words;
        return words.every((one) => /^\d{1,9}$/.test(one)) ? words.map(Number) : undefined;
      }}
    />
  );
}
