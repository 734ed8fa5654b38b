/** One thread of a crew: loads the product once, then lives what it is told to. */
import { parentPort, workerData } from "node:worker_threads";
import { registerRuntime } from "./hooks.ts";
import { installGlobals } from "./runtime/globals.ts";

export interface Lives {
  readonly seed: number;
  readonly faults: string;
  /** The rule that is dropped, or null. */
  readonly mutant: string | null;
  /** Share of the small lives whose orders are walked to their end. */
  readonly walks: number;
}

/** A block of seeds to be summed up, one life to be told, or a mutant to be hunted. */
export type Task =
  | ({ readonly kind: "block"; readonly seeds: number } & Lives)
  | ({ readonly kind: "story"; readonly lookEvery: number } & Lives)
  | { readonly kind: "hunt"; readonly mutant: string };

export type Answer = { readonly value: unknown } | { readonly error: string };

registerRuntime();
installGlobals();
// Faults are errors by the thousand, and nobody reads where each was made.
Error.stackTraceLimit = (workerData as { readonly isTraced: boolean }).isTraced ? 10 : 0;
const { huntFor, livesOf, storyOf } = await import("./lives.ts");

function work(task: Task): Promise<unknown> {
  if (task.kind === "block") return livesOf(task, task.seeds);
  if (task.kind === "story") return storyOf(task, task.lookEvery);
  return huntFor(task.mutant);
}

function answer(said: Answer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(said);
}

parentPort?.on("message", (task: Task) => {
  work(task).then(
    (value) => answer({ value }),
    (error: unknown) => answer({ error: String(error) }),
  );
});
