import type { JSX } from "preact";
import { useWords } from "../kit/index.ts";
import { WORDS } from "./words.ts";

export interface Progress {
  readonly done: number;
  readonly lines: number;
}

/** Before the first answer nobody knows how long it is. */
export function ProgressBar({ done, lines, label }: Progress & { label: string }): JSX.Element {
  const words = useWords(WORDS);
  const text = lines > 0 ? words.importProgress(done, lines) : words.importReading;
  return (
    <div class="stack-1">
      <progress
        class="ord-progress"
        aria-label={label}
        {...(lines > 0 ? { value: done, max: lines } : {})}
      />
      <span class="note sec" role="status">
        {text}
      </span>
    </div>
  );
}
