/** Threads that live lives: each loads the product once and takes the next task when it is free. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Answer, Task } from "./crew-worker.ts";
import type { MutantRow, Sum } from "./lives.ts";
import type { Life } from "./run.ts";

interface Answers {
  readonly block: Sum;
  readonly story: Life;
  readonly hunt: MutantRow;
}

/** A life makes much that is garbage soon; room for it saves its collection. */
const YOUNG_MB = 480;

export class Crewman {
  readonly #worker: Worker;

  constructor(isTraced = false) {
    this.#worker = new Worker(join(import.meta.dirname, "crew-worker.ts"), {
      workerData: { isTraced },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
  }

  do<T extends Task>(task: T): Promise<Answers[T["kind"]]> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => reject(error);
      this.#worker.once("error", onError);
      this.#worker.once("message", (answer: Answer) => {
        this.#worker.off("error", onError);
        if ("error" in answer) reject(new Error(answer.error));
        else resolve(answer.value as Answers[T["kind"]]);
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      this.#worker.postMessage(task);
    });
  }

  async leave(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Does the tasks, as they come from `next`, on so many threads; `next` says null when there is nothing more to do. */
export async function share<T extends Task>(
  threads: number,
  next: () => T | null,
  onDone: (answer: Answers[T["kind"]], task: T) => void,
): Promise<void> {
  const work = async (): Promise<void> => {
    let task = next();
    if (task === null) return;
    const crewman = new Crewman();
    try {
      for (; task !== null; task = next()) onDone(await crewman.do(task), task);
    } finally {
      await crewman.leave();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
}
