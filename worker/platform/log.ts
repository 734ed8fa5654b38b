/**
 * The first line of an error: what follows may be a query's parameters, which are people's. What could not be parsed is quoted
 * by the parser, so of such an error only the kind is told.
 */
export function describeError(error: unknown): string {
  const [line = ""] = String(error).split("\n", 1);
  return /\bSyntaxError\b|is not valid JSON/.test(line) ? "SyntaxError" : line.slice(0, 300);
}

/** One JSON line per event. Figures only: no member ids, tokens, addresses or other personal data. */
export function log(event: string, figures: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ event, ...figures }));
}
