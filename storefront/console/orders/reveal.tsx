import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, useConsole, useToast, useWords } from "../kit/index.ts";
import { pathOf } from "./types.ts";
import { WORDS } from "./words.ts";

interface Revealed {
  readonly name?: string;
  readonly phone?: string;
  readonly line?: string;
  readonly account?: string;
  readonly codes?: readonly string[];
}

/** Asks why first. What is shown goes away with the dialog. */
export function RevealDialog({
  order,
  what,
  onClose,
}: {
  order: { memberId: string; orderId: string };
  what: "address" | "code";
  onClose: () => void;
}): JSX.Element {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [shown, setShown] = useState<Revealed | null>(null);
  const show = async (): Promise<void> => {
    const body = { what, reason: reason.trim() };
    const answer = await call<Revealed>("POST", `${pathOf(order)}/reveal`, body);
    if (answer.ok) setShown(answer.value);
    else toast.refuse(answer.problem);
  };
  return (
    <Dialog
      title={what === "code" ? words.revealCodes : words.revealTitle}
      onClose={onClose}
      acts={
        !shown && (
          <Button kind="primary" disabled={reason.trim().length < 2} onClick={() => void show()}>
            {words.show}
          </Button>
        )
      }
    >
      {shown ? (
        <div class="stack-1 ord-shown">
          {shown.name !== undefined && (
            <p>
              <b>{shown.name}</b> <span class="num">{shown.phone}</span>
            </p>
          )}
          {shown.line !== undefined && <p>{shown.line}</p>}
          {shown.account !== undefined && <p class="num">{shown.account}</p>}
          {shown.codes?.map((code) => (
            <code key={code}>{code}</code>
          ))}
        </div>
      ) : (
        <label class="stack-1">
          <span>{words.reason}</span>
          <input
            class="in"
            value={reason}
            maxLength={120}
            placeholder={words.reasonPlaceholder}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <span class="note mute">{words.revealWhy}</span>
        </label>
      )}
    </Dialog>
  );
}
