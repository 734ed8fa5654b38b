import type { JSX } from "preact";
import type { Problem } from "../../client/api.ts";
import { loginPath } from "../../client/paths.ts";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { Icon } from "../../ui/icon.tsx";

/** What happened, what was kept safe, what to do: by code and figures, never by the server's prose. */
export function refusalText(problem: Problem, words: PointsText): string {
  const { refusal } = words;
  const { code, status, figures, instance } = problem;
  const reason = figures["reason"];
  const known = typeof reason === "string" ? refusal.reasons[reason] : undefined;
  if (known !== undefined) return known;
  if (figures["rule"] === "blocked") return refusal.blocked;
  if (code === "network" || code === "timeout") return refusal.network;
  if (code === "unauthenticated") return refusal.unauthenticated;
  if (code === "overloaded" || code === "rate_limited") return refusal.busy;
  if (code === "limit_reached") return refusal.reasons["already_claimed"] ?? refusal.other;
  if (code === "idempotency_mismatch") return refusal.mismatch;
  if (code === "not_found") return refusal.gone;
  if (status >= 500) {
    const reference = figures["reference"];
    return refusal.fault(typeof reference === "string" ? reference : instance);
  }
  return refusal.other;
}

/** The answer to the last act, where the act is; spoken once, politely. */
export function Outcome({
  problem,
  done,
  words,
}: {
  problem: Problem | null;
  done: string;
  words: PointsText;
}): JSX.Element {
  const text = problem === null ? done : refusalText(problem, words);
  return (
    <div class="outcome" role="status">
      {text !== "" && (
        <p class={problem === null ? "tip note good" : "tip note"}>
          <Icon name={problem === null ? "check" : "alert"} size={16} />
          <span>
            {text}
            {problem?.code === "unauthenticated" && (
              <>
                {" "}
                <a class="link" href={loginPath(location.pathname + location.search)}>
                  {words.refusal.login}
                </a>
              </>
            )}
          </span>
        </p>
      )}
    </div>
  );
}
