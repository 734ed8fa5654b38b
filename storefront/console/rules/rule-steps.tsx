/** Beside the editor of a rule: dry run, publish, retire, in this order. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Button,
  Card,
  useConfirm,
  useConsole,
  useToast,
  useUndo,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { API, isOpen, type RuleVersion, type Shelf } from "./data.ts";
import { DryRunFigures } from "./side-cards.tsx";
import { useUnretire } from "./use-unretire.ts";
import { RULES } from "./words.ts";

interface StepsProps {
  readonly shelf: Shelf;
  readonly id: string;
  readonly versions: readonly RuleVersion[];
  /** What is typed is not saved yet, so nothing can be done with it. */
  readonly isDirty: boolean;
  readonly again: () => void;
}

function useSteps({ shelf, id, versions, again }: StepsProps) {
  const words = useWords(RULES);
  const { call } = useConsole();
  const toast = useToast();
  const sayUndo = useUndo();
  const unretire = useUnretire();
  const confirm = useConfirm();
  const [busy, setBusy] = useState<"" | "dry" | "step">("");
  const [isWhole, setWhole] = useState(true);
  const open = versions.find(isOpen) ?? null;
  const live = versions.find(({ state }) => state === "published") ?? null;
  const title = String((open ?? live)?.body["title"] ?? id);
  const path = `${API}/${shelf}/${id}`;
  /** Only what is seen here: not what a colleague has saved since. */
  const stepPath = ({ savedAtMs }: RuleVersion, verb: "publish" | "retire"): string =>
    `${path}/${verb}?basedOn=${savedAtMs}`;
  const dryRun = async (): Promise<void> => {
    setBusy("dry");
    const answer = await call<{ isWhole: boolean }>(
      "POST",
      `${path}/dry-run`,
      {},
      { timeoutMs: 60_000 },
    );
    setBusy("");
    if (!answer.ok) return toast.refuse(answer.problem);
    setWhole(answer.value.isWhole);
    again();
  };
  /** What was in force before is published again; where nothing was, nothing is. */
  const unpublish = (published: RuleVersion): Promise<Answer<unknown>> =>
    live ? unretire(shelf, live, published) : call("POST", stepPath(published, "retire"), {});
  const step = async (verb: "publish" | "retire"): Promise<void> => {
    const isPublish = verb === "publish";
    const isSure = await confirm({
      title: isPublish ? words.publishAsk : words.retireAsk(title),
      body: isPublish ? words.publishNote : words.retireBody,
      act: isPublish ? words.publish : words.retire,
      danger: !isPublish,
    });
    if (!isSure) return;
    const meant = isPublish ? open : live;
    if (!meant) return;
    setBusy("step");
    const answer = await call("POST", stepPath(meant, verb), {});
    setBusy("");
    again();
    if (!answer.ok) return toast.refuse(answer.problem);
    if (isPublish) sayUndo({ text: words.published, back: () => unpublish(meant), again });
    else if (open) toast.show({ text: words.retireDone });
    else sayUndo({ text: words.retireDone, back: () => unretire(shelf, meant, meant), again });
  };
  return { open, live, busy, isWhole, dryRun, step };
}

export function Steps(props: StepsProps): JSX.Element {
  const words = useWords(RULES);
  const { may } = useConsole();
  const { open, live, busy, isWhole, dryRun, step } = useSteps(props);
  const { isDirty } = props;
  const report = open?.report ?? null;
  return (
    <>
      {open && (
        <Card
          title={words.dryTitle}
          acts={
            <Button
              size="sm"
              icon={report ? "refresh" : "flask"}
              busy={busy === "dry"}
              disabled={isDirty}
              onClick={() => void dryRun()}
            >
              {report ? words.dryAgain : words.dryRun}
            </Button>
          }
        >
          {report ? (
            <DryRunFigures report={report} isWhole={isWhole} />
          ) : (
            <p class="note mute">{words.dryFirst}</p>
          )}
        </Card>
      )}
      {may("rules.write") && (open ?? live) && (
        <Card title={words.publishTitle}>
          <p class="note mute">{words.publishNote}</p>
          <div class="row rule-acts">
            {live && (
              <Button kind="danger" disabled={busy !== ""} onClick={() => void step("retire")}>
                {words.retire}
              </Button>
            )}
            {open && (
              <Button
                kind="primary"
                busy={busy === "step"}
                disabled={open.state !== "dry_run" || isDirty}
                title={open.state === "dry_run" ? words.publish : words.needsDryRun}
                onClick={() => void step("publish")}
              >
                {open.state === "dry_run" ? words.publish : words.needsDryRun}
              </Button>
            )}
          </div>
        </Card>
      )}
    </>
  );
}
