/** What fields and choices of the schemas are called where they stand. */
import { useWords } from "../kit/index.ts";
import { CHOICES } from "./choices.ts";
import { FIELDS, type FieldWords } from "./labels.ts";

export type Path = readonly (string | number)[];

/** The name of a field, or of one around it: places in lists have none. */
export const nameIn = (path: Path, back = 0): string =>
  path.filter((one) => typeof one === "string").at(-1 - back) ?? "";

export function useFieldWords(context: string): (path: Path) => FieldWords {
  const fields = useWords(FIELDS);
  return (path) => {
    const name = nameIn(path);
    const found = fields[`${nameIn(path, 1)}.${name}`] ?? fields[`${context}.${name}`];
    return found ?? fields[name] ?? { label: name };
  };
}

export function useChoiceWords(context: string): (path: Path, choice: string) => string {
  const choices = useWords(CHOICES);
  return (path, choice) => {
    const field = nameIn(path);
    const own = choices[`${context}.${field}:${choice}`] ?? choices[`${field}:${choice}`];
    return own ?? choices[choice] ?? choice;
  };
}
