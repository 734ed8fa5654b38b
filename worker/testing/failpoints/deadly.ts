/** How the bundle of the crash rounds dies at a named place. */
import type { CommitHooks } from "../../platform/commit-queue.ts";
import type { Failpoints } from "../../platform/failpoints.ts";
import { log } from "../../platform/log.ts";

/** All objects of a process share an isolate, and so this. */
let armed: { readonly place: string; hitsLeft: number } | null = null;
/** What the running transaction has written. Transactions are synchronous, so there is one at a time. */
const written = new Set<string>();

/** `place@hit`: die when this place is reached for the `hit`-th time from now on. Empty: live on. */
export function arm(order: string): void {
  const [place = "", hit = "1"] = order.split("@", 2);
  armed = place === "" ? null : { place, hitsLeft: Number(hit) };
}

function isReached(place: string): boolean {
  if (armed?.place !== place) return false;
  armed.hitsLeft -= 1;
  return armed.hitsLeft === 0;
}

export const deadlyFailpoints: Failpoints = {
  reach(place) {
    if (isReached(place)) die(place);
  },

  reachSoon(place) {
    if (isReached(place)) setTimeout(die, 0, place);
  },

  mark(name) {
    written.add(name);
  },

  /**
   * `before-commit`: rows written, the transaction open. `before-fsync`: the transaction is released and memory
   * changed, but the runtime writes to the disk when this turn of the event loop ends. `after-commit`: on the disk, and
   * no reply has left, because throwing here keeps the queue from resolving its jobs.
   */
  around(hooks, storage): CommitHooks {
    return {
      beforeCommit: () => {
        hooks.beforeCommit();
        for (const name of written) this.reach(`${name}:before-commit`);
      },
      afterCommit: () => {
        hooks.afterCommit();
        const names = [...written];
        written.clear();
        for (const name of names) this.reach(`${name}:before-fsync`);
        const place = names.map((name) => `${name}:after-commit`).find(isReached);
        if (place === undefined) return;
        void storage.sync().then(() => die(place));
        throw new Error("dies as soon as the commit is on the disk");
      },
      forget: () => {
        written.clear();
        hooks.forget();
      },
    };
  },
};

/**
 * An object cannot end its process. But the log is written synchronously, and the process has one thread: while this
 * loop holds it nothing is committed, sent or answered, until the reader of the log sends SIGKILL.
 */
function die(place: string): never {
  log("failpoint_reached", { place });
  for (;;) {
    // Nothing may happen any more.
  }
}
