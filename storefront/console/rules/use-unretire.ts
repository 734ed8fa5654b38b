import { useConsole, type Answer } from "../kit/index.ts";
import { API, type RuleVersion, type Shelf } from "./data.ts";

/**
 * A rule that was just retired comes back on the way that every rule comes into force: its words as a new draft, tried on past
 * events, published. Only where no other draft stands, which it would write over.
 */
export function useUnretire(): (shelf: Shelf, live: RuleVersion) => Promise<Answer<unknown>> {
  const { call } = useConsole();
  return async (shelf, { id, body }) => {
    const path = `${API}/${shelf}/${id}`;
    const steps = [
      () => call("PUT", path, body),
      () => call("POST", `${path}/dry-run`, {}, { timeoutMs: 60_000 }),
      () => call("POST", `${path}/publish`, {}),
    ];
    for (const step of steps) {
      const answer = await step();
      if (!answer.ok) return answer;
    }
    return { ok: true, status: 200, value: null };
  };
}
