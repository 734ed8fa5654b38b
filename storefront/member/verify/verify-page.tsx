import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import type { EvidenceView } from "../../../worker/pages/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { createPointsApi } from "../../client/points-api.ts";
import { verifyText } from "../../locales/verify.ts";
import type { VerifyText } from "../../locales/verify.zh-CN.ts";
import { count, dateIso } from "../../ui/format.ts";
import { alert, check, coin, home, info, minus, orders, shield } from "../../ui/icons.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import {
  parseReceipt,
  verdictOf,
  verifyReceipt,
  type CheckedReceipt,
  type CheckState,
  type Findings,
} from "./evidence.ts";
import { receiptFrom } from "./receipt-link.ts";
import { DAY_MS } from "../../client/durations.ts";

type VerifyData = Extract<PageData, { page: "verify" }>;
const ICONS = { alert, check, coin, home, info, minus, orders, shield };
const STATE_ICONS: Record<CheckState, string> = { good: "check", bad: "alert", unknown: "minus" };
const CHECKS = ["signature", "entry", "inclusion", "root", "published"] as const;
const FILE_BYTES_MAX = 100_000;

interface Result {
  readonly view: CheckedReceipt;
  readonly findings: Findings;
}

/** Day of the programme, as its number counts them, in words of a calendar. */
const dayText = (day: number): string => dateIso(day * DAY_MS);

function Verdict({ result, words }: { result: Result; words: VerifyText }): JSX.Element {
  const { receipt } = result.view;
  const verdict = verdictOf(result.findings);
  return (
    <section class="card blk" aria-labelledby="verdict">
      <h2 id="verdict" class={`verdict ${verdict}`}>
        <Icon
          name={verdict === "genuine" ? "shield" : verdict === "broken" ? "alert" : "info"}
          size={24}
        />
        {words.verdict[verdict]}
      </h2>
      <p class="small sec">{words.verdictBody[verdict]}</p>
      <ul class="rows">
        {CHECKS.map((name) => {
          const state = result.findings[name];
          return (
            <li key={name} class={`check ${state}`}>
              <Icon name={STATE_ICONS[state]} />
              <span>
                {words.checks[name]}
                <span class="note mute">{words.state[name][state]}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <dl class="pt-facts">
        <div>
          <dt>{words.nth}</dt>
          <dd class="num">{count(receipt.seq)}</dd>
        </div>
        <div>
          <dt>{words.day}</dt>
          <dd class="num">{dayText(receipt.day)}</dd>
        </div>
        <div class="wide">
          <dt>{words.fingerprint}</dt>
          <dd class="hash">{receipt.hash}</dd>
        </div>
        <div class="wide">
          <dt>{words.entryText}</dt>
          <dd class="hash">{result.view.entryText}</dd>
        </div>
      </dl>
    </section>
  );
}

/** The public record of a receipt's day; an empty one when there is no way to it. */
async function recordOf(view: CheckedReceipt, data: VerifyData): Promise<EvidenceView["roots"]> {
  const { programmeId, day } = view.receipt;
  const api = createPointsApi({ locale: data.locale });
  const answer = await api.evidence(programmeId, dayText(day));
  return answer.ok ? answer.value.roots : [];
}

function Keys({ evidence, words }: { evidence: EvidenceView; words: VerifyText }): JSX.Element {
  return (
    <section class="card blk">
      <h2>{words.keys}</h2>
      <p class="small sec">{words.keysBody}</p>
      <dl class="pt-facts">
        {evidence.keys.map(({ keyId, publicKey }) => (
          <div key={keyId} class="wide">
            <dt>{keyId}</dt>
            <dd class="hash">{publicKey}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

interface FormProps {
  text: string;
  isBad: boolean;
  words: VerifyText;
  write: (text: string) => void;
  verify: (text: string) => Promise<void>;
  refuse: () => void;
}

function Form({ text, isBad, words, write, verify, refuse }: FormProps): JSX.Element {
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined || file.size > FILE_BYTES_MAX) return refuse();
    const written = await file.text();
    write(written);
    await verify(written);
  };
  return (
    <form
      class="card blk"
      onSubmit={(event) => {
        event.preventDefault();
        void verify(text);
      }}
    >
      <label for="receipt">{words.paste}</label>
      <textarea
        id="receipt"
        rows={5}
        spellcheck={false}
        value={text}
        aria-invalid={isBad}
        aria-describedby="receipt-bad"
        onInput={({ currentTarget }) => write(currentTarget.value)}
      />
      <p id="receipt-bad" class="note bad" role="status">
        {isBad ? words.bad : ""}
      </p>
      {/* The browser's own button speaks the browser's language; its place is taken by the label. */}
      <input
        id="receipt-file"
        type="file"
        accept="application/json,.json"
        onChange={({ currentTarget }) => void read(currentTarget.files?.[0])}
      />
      <label for="receipt-file" class="btn line block">
        {words.file}
      </label>
      <button type="submit" class="btn primary block">
        {words.go}
      </button>
    </form>
  );
}

export function VerifyPage({ data }: { data: VerifyData }): JSX.Element {
  const words = verifyText(data.locale);
  const [text, setText] = useState("");
  const [result, setResult] = useState<Result | null>(null);
  const [isBad, setBad] = useState(false);

  const verify = useCallback(
    async (written: string): Promise<void> => {
      const view = parseReceipt(written);
      setBad(view === null);
      if (view === null) return setResult(null);
      const findings = await verifyReceipt(view, data.evidence.keys, await recordOf(view, data));
      setResult({ view, findings });
    },
    [data],
  );
  useEffect(() => {
    const linked = receiptFrom(location.hash);
    if (linked === null) return;
    setText(linked);
    void verify(linked);
  }, [verify]);

  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main>
        <section class="pad-t">
          <h1>{words.title}</h1>
          <p class="small sec">{words.lead}</p>
        </section>
        <Form
          text={text}
          isBad={isBad}
          words={words}
          write={setText}
          verify={verify}
          refuse={() => setBad(true)}
        />
        <div role="status">{result !== null && <Verdict result={result} words={words} />}</div>
        <Keys evidence={data.evidence} words={words} />
        <LanguageSwitch />
      </main>
      <TabBar current={null} />
    </div>
  );
}
