import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { AuditVerified, AuditView, People } from "../../../worker/staff/wire.ts";
import {
  Badge,
  Button,
  Card,
  DataTable,
  Dialog,
  FilterBar,
  momentOf,
  PageHead,
  SearchFilter,
  SelectFilter,
  useConsole,
  useList,
  useLocale,
  useNames,
  useRead,
  useToast,
  useWords,
  type Column,
} from "../kit/index.ts";
import { TERMS_KINDS } from "../rules/terms-words.ts";
import { actWords } from "./act-words.ts";
import { changesOf } from "./changes.ts";
import { fieldName, fieldText } from "./field-text.ts";
import { subjectText } from "./subject.ts";
import { AUDIT } from "./words.ts";

const PATH = "/api/v1/staff/audit-log";

export function AuditLogPage(): JSX.Element {
  const words = useWords(AUDIT);
  const list = useList<AuditView>({ path: PATH, filters: ["action", "subject", "actor"] });
  const [open, setOpen] = useState<AuditView | null>(null);
  const columns = useColumns();
  return (
    <>
      <PageHead title={words.title} note={words.note}>
        <VerifyButton />
      </PageHead>
      <FilterBar>
        <SearchFilter name="subject" placeholder={words.searchSubject} />
        <PersonFilter />
        <SelectFilter
          name="action"
          label={words.area}
          options={Object.entries(words.areas).map(([value, title]) => ({ value, title }))}
        />
      </FilterBar>
      <Card flush>
        <DataTable
          list={list}
          columns={columns}
          rowKey={({ seq }) => String(seq)}
          name={words.title}
          onOpen={setOpen}
          openKey={open === null ? null : String(open.seq)}
          empty={{ icon: "list", title: words.empty, body: words.emptyHelp }}
        />
      </Card>
      {open && <LineDialog line={open} onClose={() => setOpen(null)} />}
    </>
  );
}

/** The list is of who is here, and of who was shut out. */
function PersonFilter(): JSX.Element | null {
  const words = useWords(AUDIT);
  const { may } = useConsole();
  const people = useRead<People>(may("staff.read") ? "/api/v1/staff/people" : null);
  if (!people.value) return null;
  const options = people.value.items.map(({ staffId, name }) => ({
    value: `staff:${staffId}`,
    title: name,
  }));
  return <SelectFilter name="actor" label={words.person} options={options} />;
}

/** The word for an act, or the route where nobody has named it. */
function useAct(): (action: string) => string {
  const words = useWords(AUDIT);
  const known = words.acts as Readonly<Record<string, string>>;
  const locale = useLocale();
  return (action) => known[action] ?? actWords(action, locale) ?? action;
}

/** As it is read; in full the line says what stands in the log. */
function useSubject(): (entry: AuditView["entry"]) => string {
  const { subjects, pages, and } = useWords(AUDIT);
  const termsKinds = useWords(TERMS_KINDS);
  const names = useNames();
  return (entry) => subjectText(entry, { subjects, pages, and, names, termsKinds });
}

function useColumns(): readonly Column<AuditView>[] {
  const words = useWords(AUDIT);
  const act = useAct();
  const subjectOf = useSubject();
  return [
    {
      ...{ key: "when", title: words.when },
      cell: ({ entry }) => <span class="num nb">{momentOf(entry.atMs)}</span>,
    },
    {
      key: "who",
      title: words.who,
      cell: ({ entry }) => <span class="nb">{entry.actorName}</span>,
    },
    { key: "act", title: words.act, cell: ({ entry }) => act(entry.action) },
    {
      ...{ key: "subject", title: words.subject },
      cell: ({ entry }) => <span title={entry.subject}>{subjectOf(entry)}</span>,
    },
    { key: "reason", title: words.reason, cell: ({ entry }) => entry.reason, wide: true },
    {
      ...{ key: "status", title: words.status, beside: true },
      cell: ({ entry }) => <Outcome status={entry.status} />,
    },
  ];
}

function Outcome({ status }: { status: number }): JSX.Element {
  const words = useWords(AUDIT);
  if (status < 400) return <Badge tone="ok">{words.done}</Badge>;
  return (
    <Badge tone={status === 403 || status === 401 ? "danger" : "warn"}>
      {status === 403 || status === 401 ? words.denied : words.failed}
    </Badge>
  );
}

function LineDialog({ line, onClose }: { line: AuditView; onClose: () => void }): JSX.Element {
  const words = useWords(AUDIT);
  const { entry, seq, hash } = line;
  const act = useAct();
  const subjectOf = useSubject();
  const { subject } = entry;
  const named = subjectOf(entry);
  const facts = [
    [words.when, momentOf(entry.atMs)],
    [words.who, `${entry.actorName} (${entry.actor})`],
    [words.subject, subject === "" || named === subject ? named : `${named} (${subject})`],
    [words.reason, entry.reason],
    [words.address, entry.address],
    [words.hash, `#${seq} ${hash.slice(0, 16)}…`],
  ].filter(([, value]) => value !== "");
  const tongue = { locale: useLocale(), names: useNames() };
  const changes = changesOf(entry.before, entry.after)
    .map(({ path, before, after }) => ({
      ...{ path, before: fieldText(path, before, tongue), after: fieldText(path, after, tongue) },
    }))
    // A field that was left empty says nothing.
    .filter(({ before, after }) => before !== after);
  return (
    <Dialog title={act(entry.action)} side wide onClose={onClose}>
      <div class="stack">
        <table class="plain">
          <tbody>
            {facts.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {changes.length > 0 && (
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">{words.field}</th>
                <th scope="col">{words.before}</th>
                <th scope="col">{words.after}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ path, before, after }) => (
                <tr key={path}>
                  <td title={path}>{fieldName(path, tongue) || words.none}</td>
                  <td>{before || words.none}</td>
                  <td>{after || words.none}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Dialog>
  );
}

/** Follows the whole chain, a page at a time, and says how far it is. */
function VerifyButton(): JSX.Element {
  const words = useWords(AUDIT);
  const { call } = useConsole();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const verify = async (): Promise<void> => {
    setBusy(true);
    let checked = 0;
    let from: number | null = 0;
    while (from !== null) {
      const answer: Awaited<ReturnType<typeof call<AuditVerified>>> = await call<AuditVerified>(
        "GET",
        `${PATH}/verify?fromSeq=${from}`,
      );
      if (!answer.ok) {
        setBusy(false);
        return toast.refuse(answer.problem);
      }
      const page: AuditVerified = answer.value;
      const { brokenAt } = page;
      checked += page.checked;
      if (brokenAt !== null) {
        setBusy(false);
        return toast.show({ text: words.broken(brokenAt), tone: "danger", stays: true });
      }
      from = page.nextSeq;
      toast.show({
        text: from === null ? words.verified(checked) : words.verifying(checked),
        stays: from !== null,
      });
    }
    setBusy(false);
  };
  return (
    <>
      <a class="btn line" href={`${PATH}/export`} download>
        {words.exportAll}
      </a>
      <Button icon="shield" busy={isBusy} onClick={() => void verify()}>
        {words.verify}
      </Button>
    </>
  );
}
