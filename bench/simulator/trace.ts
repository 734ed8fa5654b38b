/** The story of one life, in words; kept only when somebody will read it. */
export class Trace {
  readonly lines: string[] = [];
  readonly #isKept: boolean;
  readonly #nowMs: () => number;
  readonly #startMs: number;

  constructor(isKept: boolean, nowMs: () => number) {
    this.#isKept = isKept;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  get isKept(): boolean {
    return this.#isKept;
  }

  /** `what` is a function, so that nothing is put into words that nobody reads. */
  say(who: string, what: () => string): void {
    if (!this.#isKept) return;
    const seconds = ((this.#nowMs() - this.#startMs) / 1_000).toFixed(4);
    this.lines.push(`${seconds.padStart(10)} s  ${who.padEnd(18)} ${what()}`);
  }
}

/** A value in one short line. */
export function short(value: unknown, lengthMax = 200): string {
  const text =
    typeof value === "string"
      ? value
      : (JSON.stringify(value, (_key, one: unknown) =>
          one instanceof Uint8Array ? `<${one.length} bytes>` : one,
        ) ?? "nothing");
  const plain = text.replaceAll(/"(\w+)":/g, "$1: ").replaceAll('"', "");
  return plain.length > lengthMax ? `${plain.slice(0, lengthMax)} …` : plain;
}
