import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Badge,
  Button,
  Card,
  Dialog,
  Empty,
  Failed,
  FormView,
  Loading,
  NumberField,
  PageHead,
  SelectField,
  TextField,
  TimeField,
  useConfirm,
  useConsole,
  useForm,
  useRead,
  useToast,
  useUndo,
  useWords,
  type Answer,
  CsvButton,
  momentOf,
  useNames,
} from "../kit/index.ts";
import { count } from "../../ui/format.ts";
import { API, HOME } from "./data.ts";
import { RULES } from "./words.ts";
import { DAY_MS } from "../../client/durations.ts";

interface Code {
  readonly codeId: string;
  readonly code: string;
  readonly via: "staff" | "qr";
  readonly points: number;
  readonly usesMax: number;
  readonly usesPerMemberMax: number;
  readonly startsAtMs: number;
  readonly expiresAtMs: number;
  readonly storeId: string | null;
  readonly isRevoked: boolean;
}

/** Codes that give points at a store: issued, then revoked or over. */
export function CodesPage(): JSX.Element {
  const words = useWords(RULES);
  const { may } = useConsole();
  const codes = useRead<{ items: Code[] }>(`${API}/till-codes`);
  const [isIssuing, setIssuing] = useState(false);
  return (
    <>
      <PageHead title={words.codesTitle} back={{ href: HOME, title: words.back }}>
        {may("rules.write") && (
          <Button kind="primary" icon="plus" onClick={() => setIssuing(true)}>
            {words.issue}
          </Button>
        )}
      </PageHead>
      {codes.problem && <Failed problem={codes.problem} onRetry={codes.again} />}
      {codes.isLoading && <Loading />}
      {codes.value && (
        <Card flush>
          {codes.value.items.length === 0 ? (
            <Empty icon="ticket" title={words.noCodes} body={words.noCodesBody} />
          ) : (
            <CodesTable codes={codes.value.items} again={codes.again} />
          )}
        </Card>
      )}
      {isIssuing && (
        <IssueDialog
          onClose={() => setIssuing(false)}
          onIssued={() => {
            setIssuing(false);
            codes.again();
          }}
        />
      )}
    </>
  );
}

function useRevoke(again: () => void): (code: Code) => Promise<void> {
  const words = useWords(RULES);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  return async ({ codeId, code }) => {
    const question = {
      title: words.revokeAsk(code),
      body: words.revokeBody,
      act: words.revoke,
      danger: true,
    };
    if (!(await confirm(question))) return;
    const answer = await call("POST", `${API}/till-codes/${codeId}/revoke`, {});
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: words.revoked });
    again();
  };
}

function CodesTable({ codes, again }: { codes: readonly Code[]; again: () => void }): JSX.Element {
  const words = useWords(RULES);
  const revoke = useRevoke(again);
  const heads = [
    ...[words.code, words.via, words.codePoints, words.uses, words.starts],
    ...[words.ends, words.store, words.state, words.codeActs],
  ];
  const figures = new Set([words.codePoints, words.uses, words.codeActs]);
  const less = new Set([words.via, words.starts]);
  const [nowMs] = useState(() => Date.now());
  return (
    <>
      <CodesCsv codes={codes} />
      <div class="table-scroll" tabIndex={0} role="region" aria-label={words.codesTitle}>
        <table class="stacks">
          <thead>
            <tr>
              {heads.map((name) => (
                <th
                  key={name}
                  scope="col"
                  class={figures.has(name) ? "r" : less.has(name) ? "wide-only" : ""}
                >
                  {name === "" ? <span class="sr">{words.revoke}</span> : name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {codes.map((one) => (
              <CodeRow key={one.codeId} code={one} nowMs={nowMs} onRevoke={revoke} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function CodeState({ code, nowMs }: { code: Code; nowMs: number }): JSX.Element {
  const words = useWords(RULES);
  if (code.isRevoked) return <Badge tone="danger">{words.codeRevoked}</Badge>;
  if (nowMs >= code.expiresAtMs) return <Badge>{words.codeOver}</Badge>;
  return nowMs < code.startsAtMs ? (
    <Badge tone="info">{words.codeAhead}</Badge>
  ) : (
    <Badge tone="ok">{words.codeLive}</Badge>
  );
}

function CodeRow(props: {
  code: Code;
  nowMs: number;
  onRevoke: (code: Code) => Promise<void>;
}): JSX.Element {
  const { code: one, nowMs, onRevoke } = props;
  const words = useWords(RULES);
  const { may } = useConsole();
  const names = useNames();
  return (
    <tr>
      <td>
        <code>{one.code}</code>
      </td>
      <td class="wide-only" data-title={words.via}>
        {one.via === "qr" ? words.viaQr : words.viaStaff}
      </td>
      <td class="num r" data-title={words.codePoints}>
        {count(one.points)}
      </td>
      <td class="num r" data-title={words.uses}>
        {count(one.usesMax)}
      </td>
      <td class="num nb wide-only" data-title={words.starts}>
        {momentOf(one.startsAtMs)}
      </td>
      <td class="num nb" data-title={words.ends}>
        {momentOf(one.expiresAtMs)}
      </td>
      <td data-title={words.store}>{names.store(one.storeId) ?? words.anyStore}</td>
      <td class="beside">
        <CodeState code={one} nowMs={nowMs} />
      </td>
      <td class="act-cell">
        {!one.isRevoked && nowMs < one.expiresAtMs && may("rules.write") && (
          <Button
            kind="link"
            size="sm"
            label={`${words.revoke} ${one.code}`}
            onClick={() => void onRevoke(one)}
          >
            {words.revoke}
          </Button>
        )}
      </td>
    </tr>
  );
}

function CodesCsv({ codes }: { codes: readonly Code[] }): JSX.Element {
  const words = useWords(RULES);
  const names = useNames();
  const [nowMs] = useState(() => Date.now());
  const stateText = ({ isRevoked, startsAtMs, expiresAtMs }: Code): string => {
    if (isRevoked) return words.codeRevoked;
    if (nowMs >= expiresAtMs) return words.codeOver;
    return nowMs < startsAtMs ? words.codeAhead : words.codeLive;
  };
  return (
    <div class="table-bar">
      <div class="acts">
        <CsvButton
          name={words.codesTitle}
          rows={codes}
          columns={[
            [words.code, ({ code }) => code],
            [words.via, ({ via }) => (via === "qr" ? words.viaQr : words.viaStaff)],
            [words.codePoints, ({ points }) => points],
            [words.uses, ({ usesMax }) => usesMax],
            [words.starts, ({ startsAtMs }) => momentOf(startsAtMs)],
            [words.ends, ({ expiresAtMs }) => momentOf(expiresAtMs)],
            [words.store, ({ storeId }) => names.store(storeId) ?? words.anyStore],
            [words.state, stateText],
          ]}
        />
      </div>
    </div>
  );
}

interface Draft {
  via: string;
  points: number | null;
  usesMax: number | null;
  usesPerMemberMax: number | null;
  startsAtMs: number | null;
  expiresAtMs: number | null;
  storeId: string;
}

function IssueDialog({
  onClose,
  onIssued,
}: {
  onClose: () => void;
  onIssued: () => void;
}): JSX.Element {
  const words = useWords(RULES);
  const { call } = useConsole();
  const sayUndo = useUndo();
  const [requestId] = useState(() => crypto.randomUUID().replaceAll("-", ""));
  const [startsAtMs] = useState(() => Math.floor(Date.now() / 60_000) * 60_000);
  const form = useForm<Draft, Code>({
    initial: {
      ...{ via: "qr", points: 20, usesMax: 100, usesPerMemberMax: 1, storeId: "" },
      ...{ startsAtMs, expiresAtMs: startsAtMs + 7 * DAY_MS },
    },
    save: ({ storeId, ...values }) =>
      call("POST", `${API}/till-codes`, { requestId, ...values, storeId: storeId.trim() || null }),
    onSaved: ({ code, codeId }) => {
      const back = (): Promise<Answer<unknown>> =>
        call("POST", `${API}/till-codes/${codeId}/revoke`, {});
      sayUndo({ text: words.issued(code), back, again: onIssued });
      onIssued();
    },
  });
  return (
    <Dialog title={words.issueTitle} onClose={onClose}>
      <FormView form={form} act={words.issue}>
        <div class="fields">
          <NumberField
            form={form}
            name="points"
            label={words.codePoints}
            unit={words.units.points}
            required
          />
          <SelectField
            form={form}
            name="via"
            label={words.via}
            options={[
              { value: "qr", title: words.viaQr },
              { value: "staff", title: words.viaStaff },
            ]}
          />
          <NumberField
            form={form}
            name="usesMax"
            label={words.uses}
            unit={words.units.times}
            required
          />
          <NumberField
            form={form}
            name="usesPerMemberMax"
            label={words.usesPerMember}
            unit={words.units.times}
            required
          />
          <TimeField form={form} name="startsAtMs" label={words.starts} required />
          <TimeField form={form} name="expiresAtMs" label={words.ends} required />
          <TextField form={form} name="storeId" label={words.store} placeholder={words.anyStore} />
        </div>
      </FormView>
    </Dialog>
  );
}
