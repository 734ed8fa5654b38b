import { toMarkdown } from "./markdown.ts";
import type { Outcome } from "./outcome.ts";

/** What is said at the end: a run that broke a promise has no figures, only the promises. */
export interface Conclusion {
  readonly exitCode: 0 | 1;
  /** The table, or nothing. */
  readonly table: string;
  /** Why there is none, or nothing. */
  readonly complaint: string;
}

export function conclude({ run, breaches }: Outcome): Conclusion {
  if (breaches.length === 0) return { exitCode: 0, table: toMarkdown(run), complaint: "" };
  const list = breaches.map((breach) => `  ${breach}`).join("\n");
  const complaint = `\nINVARIANTS FAILED, so there are no figures:\n${list}`;
  return { exitCode: 1, table: "", complaint };
}
