import { useState } from "preact/hooks";
import { useConsole, useToast, useWords, type Answer } from "../kit/index.ts";
import { MEMBERS } from "./words.ts";

/** Calls on their way at the same time: a second of patience for some hundred members, no storm. */
const LANES = 4;

const newId = (): string => crypto.randomUUID().replaceAll("-", "");

/**
 * Sends one act to every chosen member, with the progress told. `requestId` is made once a dialog and each account
 * keeps it: after a failure the whole is sent again, and whoever had it gets nothing twice. `asNew` is another act.
 */
export function useEach(
  memberIds: readonly string[],
): (part: string, body: object, asNew?: boolean) => Promise<Answer<unknown>> {
  const words = useWords(MEMBERS);
  const { call } = useConsole();
  const toast = useToast();
  const [requestId] = useState(newId);
  return async (part, body, asNew = false) => {
    const once = asNew ? newId() : requestId;
    const left = [...memberIds];
    let answer: Answer<unknown> = { ok: true, status: 204, value: null };
    const lane = async (): Promise<void> => {
      for (let id = left.shift(); id !== undefined && answer.ok; id = left.shift()) {
        const path = `/api/v1/staff/members/${encodeURIComponent(id)}/${part}`;
        const mine = await call("POST", path, { requestId: once, ...body });
        if (answer.ok) answer = mine;
        if (memberIds.length > LANES)
          toast.show({
            text: words.each(memberIds.length - left.length, memberIds.length),
            stays: true,
          });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return answer;
  };
}
