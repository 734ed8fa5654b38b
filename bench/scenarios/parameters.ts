/** What can be set about a scenario: named, with a default and bounds, read from the command line. */

export interface NumberParameter {
  readonly name: string;
  readonly about: string;
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

export interface ChoiceParameter {
  readonly name: string;
  readonly about: string;
  readonly fallback: string;
  readonly choices: readonly string[];
}

export type Parameter = NumberParameter | ChoiceParameter;

export function isChoice(parameter: Parameter): parameter is ChoiceParameter {
  return "choices" in parameter;
}

export class Settings {
  readonly #values: ReadonlyMap<string, number | string>;

  constructor(values: ReadonlyMap<string, number | string>) {
    this.#values = values;
  }

  /** Throws for a name that is no number parameter of the scenario: a fault of the bench itself. */
  number(name: string): number {
    const value = this.#values.get(name);
    if (typeof value !== "number") throw new Error(`no number is set for ${name}`);
    return value;
  }

  choice(name: string): string {
    const value = this.#values.get(name);
    if (typeof value !== "string") throw new Error(`nothing is chosen for ${name}`);
    return value;
  }

  entries(): Record<string, number | string> {
    return Object.fromEntries(this.#values);
  }
}

const commas = (figure: number): string => figure.toLocaleString("en-US");

/** `text` as the parameter's value, or a sentence that says what it takes. */
export function readValue(
  parameter: Parameter,
  text: string,
): { readonly value: number | string } | { readonly error: string } {
  const { name } = parameter;
  if (isChoice(parameter)) {
    if (parameter.choices.includes(text)) return { value: text };
    return { error: `--${name} takes ${parameter.choices.join(" or ")}, not "${text}"` };
  }
  const { min, max } = parameter;
  const range = `a whole number from ${commas(min)} to ${commas(max)}`;
  // Written by hand, 1_000_000 and 1,000,000 are the same million.
  const digits = text.replaceAll(/[_,]/g, "");
  if (!/^\d+$/.test(digits)) return { error: `--${name} takes ${range}, not "${text}"` };
  const value = Number(digits);
  if (value < min || value > max) return { error: `--${name} takes ${range}, not ${text}` };
  return { value };
}

/** The scenario's settings: what was given where it has such a parameter, else its own default. */
export function settingsOf(
  parameters: readonly Parameter[],
  given: ReadonlyMap<string, number | string>,
): Settings {
  return new Settings(
    new Map(
      parameters.map((parameter) => [
        parameter.name,
        given.get(parameter.name) ?? parameter.fallback,
      ]),
    ),
  );
}

export function describeParameter(parameter: Parameter): string {
  const { about, fallback } = parameter;
  if (isChoice(parameter)) {
    return `${about}: ${parameter.choices.join(" or ")} (default ${fallback})`;
  }
  const { min, max } = parameter;
  return `${about}, ${commas(min)} to ${commas(max)} (default ${commas(Number(fallback))})`;
}
