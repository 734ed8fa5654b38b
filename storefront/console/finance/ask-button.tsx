import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, useToast, type Answer } from "../kit/index.ts";

/** Has the server ask about one row, tells what came of it, and has the list read anew. */
export function AskButton<Value>(props: {
  title: string;
  ask: () => Promise<Answer<Value>>;
  tell: (value: Value) => string;
  onDone: () => void;
}): JSX.Element {
  const { title, ask, tell, onDone } = props;
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const press = async (): Promise<void> => {
    setBusy(true);
    const answer = await ask();
    setBusy(false);
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: tell(answer.value) });
    onDone();
  };
  return (
    <Button size="sm" busy={isBusy} onClick={() => void press()}>
      {title}
    </Button>
  );
}
