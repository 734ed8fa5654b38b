import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PageDocumentView } from "../../../worker/page-builder/wire.ts";
import type { Tenant } from "../../../worker/staff/wire.ts";
import {
  Badge,
  Button,
  Card,
  Icon,
  PageHead,
  useConfirm,
  useConsole,
  useLocale,
  useProblemSentence,
  useRead,
  useWords,
  type Problem,
} from "../kit/index.ts";
import { Text } from "../value-fields/index.tsx";
import { PageSwitch } from "./page-switch.tsx";
import { START_WORDS } from "./start-words.ts";
import { templatesIn } from "./templates/index.ts";
import { findFirstSale, runStep, STEPS, type Step } from "./templates/open-shop.ts";
import type { Template } from "./templates/template.ts";

const NAME_LENGTH_MAX = 24;

interface Progress {
  readonly done: readonly Step[];
  readonly failed: { readonly step: Step; readonly problem: Problem } | null;
  readonly isRunning: boolean;
}
const IDLE: Progress = { done: [], failed: null, isRunning: false };

function TemplateCard(props: {
  template: Template;
  isChosen: boolean;
  choose: () => void;
}): JSX.Element {
  const { template, isChosen, choose } = props;
  const words = useWords(START_WORDS);
  const [title, note] = words.templates[template.id];
  return (
    <button type="button" class="st-card" aria-pressed={isChosen} onClick={choose}>
      <i data-theme={template.look.theme} aria-hidden="true">
        {(title ?? "").slice(0, 1)}
      </i>
      <b>{title}</b>
      <span class="mute">{note}</span>
      <span class="note mute">{words.counts(template.goods.length, template.tiers.length)}</span>
    </button>
  );
}

interface Opening extends Progress {
  readonly isOpen: boolean;
  readonly reset: () => void;
  readonly run: (template: Template, name: string) => Promise<void>;
}

/** Goes through the steps, and on from the one that failed. */
function useOpening(): Opening {
  const { call } = useConsole();
  const [progress, setProgress] = useState<Progress>(IDLE);
  const run = async (template: Template, name: string): Promise<void> => {
    if (progress.isRunning) return;
    const finished = [...progress.done];
    for (const step of STEPS.filter((one) => !finished.includes(one))) {
      setProgress({ done: [...finished], failed: null, isRunning: true });
      const problem = await runStep(call, step, template, name, Date.now());
      if (problem) {
        setProgress({ done: [...finished], failed: { step, problem }, isRunning: false });
        return;
      }
      finished.push(step);
    }
    setProgress({ done: finished, failed: null, isRunning: false });
  };
  const reset = (): void => {
    if (!progress.isRunning) setProgress(IDLE);
  };
  return { ...progress, isOpen: progress.done.length === STEPS.length, reset, run };
}

function StepList({ done, failed }: Pick<Opening, "done" | "failed">): JSX.Element {
  const words = useWords(START_WORDS);
  const sentence = useProblemSentence();
  return (
    <ol class="st-steps">
      {STEPS.map((step) => (
        <li key={step}>
          <Icon name={done.includes(step) ? "check" : failed?.step === step ? "alert" : "clock"} />
          {words.steps[step]}
          {failed?.step === step && <Badge tone="danger">{sentence(failed.problem)}</Badge>}
        </li>
      ))}
    </ol>
  );
}

/** The page of the first sale; the calendar until it is found. */
function useFirstSale(template: Template): string {
  const { call } = useConsole();
  const [sessionId, setSessionId] = useState<string | null>(null);
  useEffect(() => {
    void findFirstSale(call, template, Date.now()).then((found) => {
      if (found.ok && found.value) setSessionId(found.value.sessionId);
    });
  }, [call, template]);
  return sessionId === null ? "/console/sales" : `/console/sales/sessions/${sessionId}`;
}

/** The shop is there: what one looks at first. */
function Opened({ template }: { template: Template }): JSX.Element {
  const words = useWords(START_WORDS);
  const firstSale = useFirstSale(template);
  const headRef = useRef<HTMLElement>(null);
  // The button that was pressed is gone; whoever came by keys goes on from here.
  useEffect(() => headRef.current?.focus(), []);
  const next = [
    ["edit", "/console/pages"],
    ["goods", "/console/goods"],
    ["firstSale", firstSale],
    ["people", "/console/people"],
  ] as const;
  return (
    <div role="status" class="stack-1">
      <b ref={headRef} tabIndex={-1}>
        {words.done}
      </b>
      <p>{words.doneBody}</p>
      <div class="acts">
        <Button kind="primary" icon="external" href="/" newTab>
          {words.see}
        </Button>
        {next.map(([name, href]) => (
          // Loaded anew: the console around the page has the new shop's name and colours.
          <a key={name} class="btn line" href={href} target="_self">
            {words[name]}
          </a>
        ))}
      </div>
    </div>
  );
}

/** Whoever has a shop already hears first what becomes of it. */
function useAsk(): (template: Template) => Promise<boolean> {
  const words = useWords(START_WORDS);
  const { call } = useConsole();
  const confirm = useConfirm();
  return async ({ id }) => {
    const home = await call<PageDocumentView>("GET", "/api/v1/staff/pages/home");
    if (!home.ok || home.value.shownVersion === null) return true;
    const [title = ""] = words.templates[id];
    const question = { title: words.askTitle(title), body: words.askBody, act: words.open };
    return confirm({ ...question, danger: true });
  };
}

function useTemplates(): readonly Template[] {
  const locale = useLocale();
  return useMemo(() => templatesIn(locale), [locale]);
}

/** A shop in one sitting: choose, name, open. */
export function StartPage(): JSX.Element {
  const words = useWords(START_WORDS);
  const { may } = useConsole();
  const templates = useTemplates();
  const [templateId, setTemplateId] = useState<Template["id"] | null>(null);
  const template = templates.find(({ id }) => id === templateId) ?? null;
  const tenant = useRead<Tenant>("/api/v1/staff/tenant");
  const [typed, setName] = useState<string | null>(null);
  const name = typed ?? tenant.value?.merchant.name.slice(0, NAME_LENGTH_MAX) ?? "";
  const opening = useOpening();
  const ask = useAsk();
  const { isRunning, failed } = opening;
  const isReady = name.trim() !== "" && may("pages.write");
  const choose = (one: Template): void => {
    setTemplateId(one.id);
    opening.reset();
  };
  const open = async (one: Template): Promise<void> => {
    // Who goes on after a failure has been asked.
    if (failed || (await ask(one))) await opening.run(one, name.trim());
  };
  return (
    <>
      <PageHead title={words.title} />
      <PageSwitch current="start" />
      <div class="stack">
        <p class="sec">{words.intro}</p>
        <div class="st-cards" role="group" aria-label={words.title}>
          {templates.map((one) => (
            <TemplateCard
              key={one.id}
              template={one}
              isChosen={template?.id === one.id}
              choose={() => choose(one)}
            />
          ))}
        </div>
        {template && (
          <Card title={words.parts} note={words.replaces}>
            <form
              class="stack"
              onSubmit={(event) => {
                event.preventDefault();
                if (isReady && !isRunning) void open(template);
              }}
            >
              <Text
                label={words.name}
                value={name}
                help={words.nameHelp}
                maxLength={NAME_LENGTH_MAX}
                set={setName}
              />
              <StepList done={opening.done} failed={failed} />
              {opening.isOpen ? (
                <Opened template={template} />
              ) : (
                <div class="acts">
                  <Button kind="primary" type="submit" busy={isRunning} disabled={!isReady}>
                    {isRunning ? words.opening : failed ? words.again : words.open}
                  </Button>
                </div>
              )}
            </form>
          </Card>
        )}
      </div>
    </>
  );
}
