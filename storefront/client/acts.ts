import type { Answer } from "./api.ts";
import { newOrderId } from "./order-id.ts";

/** What a member does that must happen once, however often it is tapped. */
export interface Acts {
  /** Null while the same act is under way: the tap before is still being answered. */
  run<T>(name: string, send: (requestId: string) => Promise<Answer<T>>): Promise<Answer<T> | null>;
}

/** Whether the server has decided. Silence, a fault and "too busy" leave it open, so a repeat must carry the same id. */
function isDecided(answer: Answer<unknown>): boolean {
  return answer.ok || (answer.status >= 400 && answer.status < 500 && answer.status !== 429);
}

export function createActs(newId: () => string = newOrderId): Acts {
  const ids = new Map<string, string>();
  const underWay = new Set<string>();
  return {
    async run(name, send) {
      if (underWay.has(name)) return null;
      const id = ids.get(name) ?? newId();
      ids.set(name, id);
      underWay.add(name);
      try {
        const answer = await send(id);
        if (isDecided(answer)) ids.delete(name);
        return answer;
      } finally {
        underWay.delete(name);
      }
    },
  };
}
