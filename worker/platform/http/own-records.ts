/** What a member asks of one thing by its id may belong to an older record of the same person; it is looked for there too. */
import { memberKeyOf } from "../../kernel/ids.ts";
import type { Session } from "./api.ts";

/**
 * The answer for whoever the session names, or, where that is `404` of a path with an id, the answer for an older record of theirs.
 * Almost nobody has one, and a thing that is found costs nothing.
 */
export async function answerOfOwn<S extends Session | null>(
  session: S,
  isOfOneThing: boolean,
  olderRecords: (session: Session) => Promise<readonly string[]>,
  answer: (session: S) => Promise<Response> | Response,
): Promise<Response> {
  const response = await answer(session);
  if (response.status !== 404 || !isOfOneThing || session?.role !== "member") return response;
  for (const memberId of await olderRecords(session)) {
    const older = { ...session, memberId, memberKey: memberKeyOf(session.programmeId, memberId) };
    const other = await answer(older);
    if (other.status !== 404) return other;
  }
  return response;
}
