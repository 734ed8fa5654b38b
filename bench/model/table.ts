/** The table of holes and mutants in docs/protocol.md, made from what the checker found. */
import type { Verdict } from "./judge.ts";

const BEGIN = "<!-- made by `npm run model -- --table`; a test compares it -->";
const END = "<!-- end of the made table -->";

/** ▲: the rule has a switch in the product's law. */
export function mutantTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ mutant, search }) => {
    const mark = mutant.change.law ? " ▲" : "";
    const { broken } = search;
    const steps = broken ? String(broken.steps.length) : "–";
    const atRest = broken?.message.startsWith("at rest:") ? ", at rest" : "";
    const breaks = broken ? `${broken.invariant}${atRest}` : "nothing";
    return `| ${mutant.id}${mark} | ${mutant.what} | ${mutant.configuration} | ${breaks} | ${steps} |`;
  });
  return [
    BEGIN,
    "| id | What is dropped or bent | Bounds | Breaks | Steps |",
    "|---|---|---|---|---|",
    ...rows,
    END,
  ].join("\n");
}

/** The made table as a document has it; null: it has none. */
export function tableIn(document: string): string | null {
  const from = document.indexOf(BEGIN);
  const to = document.indexOf(END);
  return from < 0 || to < from ? null : document.slice(from, to + END.length);
}
