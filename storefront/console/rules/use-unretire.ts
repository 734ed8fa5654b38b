import { useConsole, type Answer } from "../kit/index.ts";
import { API, type RuleVersion, type Shelf } from "./data.ts";

/**
 * A rule that was in force comes back on the way that every rule comes into force: its words as a new draft, tried on past
 * events, published. `newest`: the version that stands last; a draft that somebody has begun since is not written over.
 */
export function useUnretire(): (
  shelf: Shelf,
  live: RuleVersion,
  newest: RuleVersion,
) => Promise<Answer<unknown>> {
  const { call } = useConsole();
  return async (shelf, { id, body }, newest) => {
    const path = `${API}/${shelf}/${id}`;
    const draft = await call<RuleVersion>("PUT", `${path}?basedOn=${newest.savedAtMs}`, body);
    if (!draft.ok) return draft;
    const tried = await call("POST", `${path}/dry-run`, {}, { timeoutMs: 60_000 });
    if (!tried.ok) return tried;
    return call("POST", `${path}/publish?basedOn=${draft.value.savedAtMs}`, {});
  };
}
