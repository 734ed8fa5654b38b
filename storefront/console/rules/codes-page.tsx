import type { JSX } from "preact";
import { useState } from "preact/hooks";
import {
  Badge,
  Button,
  Card,
  Empty,
  Failed,
  FormDialog,
  Loading,
  momentOf,
  NumberField,
  PageHead,
  SelectField,
  ShortTable,
  TextField,
  TimeField,
  useConfirm,
  useConsole,
  useForm,
  useNames,
  useRead,
  useToast,
  useUndo,
  useWords,
  type Answer,
  type Column,
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
      {codes.value?.items.length === 0 && (
        <Card flush>
          <Empty icon="ticket" title={words.noCodes} body={words.noCodesBody} />
        </Card>
      )}
      {codes.value && codes.value.items.length > 0 && (
        <CodesTable codes={codes.value.items} again={codes.again} />
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

const TONES = { revoked: "danger", over: "plain", ahead: "info", live: "ok" } as const;

function stateOf({ isRevoked, startsAtMs, expiresAtMs }: Code, nowMs: number): keyof typeof TONES {
  if (isRevoked) return "revoked";
  if (nowMs >= expiresAtMs) return "over";
  return nowMs < startsAtMs ? "ahead" : "live";
}

function useColumns(nowMs: number): readonly Column<Code>[] {
  const words = useWords(RULES);
  const names = useNames();
  const viaOf = ({ via }: Code): string => (via === "qr" ? words.viaQr : words.viaStaff);
  const storeOf = ({ storeId }: Code): string => names.store(storeId) ?? words.anyStore;
  const states = {
    ...{ revoked: words.codeRevoked, over: words.codeOver },
    ...{ ahead: words.codeAhead, live: words.codeLive },
  };
  return [
    {
      ...{ key: "code", title: words.code, csv: ({ code }) => code },
      cell: ({ code }) => <code>{code}</code>,
    },
    { key: "via", title: words.via, wide: true, cell: viaOf, csv: viaOf },
    {
      ...{ key: "points", title: words.codePoints, right: true },
      ...{ cell: ({ points }) => count(points), csv: ({ points }) => points },
    },
    {
      ...{ key: "uses", title: words.uses, right: true },
      ...{ cell: ({ usesMax }) => count(usesMax), csv: ({ usesMax }) => usesMax },
    },
    {
      ...{ key: "starts", title: words.starts, wide: true },
      cell: ({ startsAtMs }) => <span class="num nb">{momentOf(startsAtMs)}</span>,
      csv: ({ startsAtMs }) => momentOf(startsAtMs),
    },
    {
      ...{ key: "ends", title: words.ends },
      cell: ({ expiresAtMs }) => <span class="num nb">{momentOf(expiresAtMs)}</span>,
      csv: ({ expiresAtMs }) => momentOf(expiresAtMs),
    },
    { key: "store", title: words.store, cell: storeOf, csv: storeOf },
    {
      ...{ key: "state", title: words.state, beside: true },
      cell: (code) => {
        const state = stateOf(code, nowMs);
        return <Badge tone={TONES[state]}>{states[state]}</Badge>;
      },
      csv: (code) => states[stateOf(code, nowMs)],
    },
  ];
}

function CodesTable({ codes, again }: { codes: readonly Code[]; again: () => void }): JSX.Element {
  const words = useWords(RULES);
  const { may } = useConsole();
  const revoke = useRevoke(again);
  const [nowMs] = useState(() => Date.now());
  const mayRevoke = (code: Code): boolean =>
    may("rules.write") && !code.isRevoked && nowMs < code.expiresAtMs;
  return (
    <ShortTable
      name={words.codesTitle}
      rows={codes}
      rowKey={({ codeId }) => codeId}
      columns={useColumns(nowMs)}
      renderActs={(one) =>
        mayRevoke(one) && (
          <Button
            kind="link"
            size="sm"
            label={`${words.revoke} ${one.code}`}
            onClick={() => void revoke(one)}
          >
            {words.revoke}
          </Button>
        )
      }
    />
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
    <FormDialog title={words.issueTitle} onClose={onClose} form={form} act={words.issue}>
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
    </FormDialog>
  );
}
