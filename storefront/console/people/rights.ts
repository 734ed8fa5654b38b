import { useWords, type Answer, type Problem } from "../kit/index.ts";
import type { Role } from "../../../worker/staff/wire.ts";
import { PEOPLE } from "./words.ts";

/** What a role is called: its own name, or the word for a built-in one. */
export function useRoleName(roles: readonly Role[]): (roleId: string) => string {
  const words = useWords(PEOPLE);
  const builtIn = words.role as Readonly<Record<string, string>>;
  return (roleId) =>
    roles.find((role) => role.roleId === roleId)?.name ?? builtIn[roleId] ?? roleId;
}

/** Why the server refused, in a sentence for this page. */
export function useReason(): (problem: Problem) => Problem {
  const words = useWords(PEOPLE);
  const known = words.reasons as Readonly<Record<string, string>>;
  return (problem) => {
    const { reason } = problem.figures;
    const detail = typeof reason === "string" ? known[reason] : undefined;
    return detail === undefined ? problem : { ...problem, detail };
  };
}

export function reasoned<T>(answer: Answer<T>, reason: (problem: Problem) => Problem): Answer<T> {
  return answer.ok ? answer : { ...answer, problem: reason(answer.problem) };
}
