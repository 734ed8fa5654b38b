/** One JSON line per event. Figures only: no member ids, tokens, addresses or other personal data. */
export function log(event: string, figures: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ event, ...figures }));
}
