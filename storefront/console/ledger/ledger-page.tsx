import type { JSX } from "preact";
import type { LedgerRowView } from "../../../worker/register/wire.ts";
import { count } from "../../ui/format.ts";
import {
  Button,
  Card,
  DataTable,
  DaysFilter,
  Empty,
  FilterBar,
  momentOf,
  PageHead,
  SearchFilter,
  SelectFilter,
  useConsole,
  useList,
  useNames,
  useQuery,
  useRead,
  useWords,
  withChosen,
  type Column,
} from "../kit/index.ts";
import { MEMBERS } from "../members/words.ts";
import { PointsFilter } from "./range-filters.tsx";
import { LEDGER } from "./words.ts";

const PATH = "/api/v1/staff/ledger";
const FILTERS = [
  ...(["q", "type", "rule", "store", "actor"] as const),
  ...(["fromMs", "toMs", "pointsMin", "pointsMax"] as const),
];

/** The ledger of all members, for whoever answers for the points. */
export function LedgerPage(): JSX.Element {
  const words = useWords(LEDGER);
  const [query] = useQuery();
  const list = useList<LedgerRowView>({ path: PATH, filters: FILTERS });
  const ruleNames = useRuleNames();
  const columns = useColumns(ruleNames);
  const asked = new URLSearchParams(
    FILTERS.flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  return (
    <>
      <PageHead title={words.title} note={words.note}>
        <a class="btn line" href={`${PATH}/export?${asked.toString()}`} download>
          {words.exportAll}
        </a>
      </PageHead>
      <Filters ruleNames={ruleNames} />
      <Card flush>
        {list.rows?.length === 0 && list.hasNext ? (
          <Empty icon="filter" title={words.looked}>
            <Button onClick={list.next}>{words.more}</Button>
          </Empty>
        ) : (
          <DataTable
            list={list}
            columns={columns}
            rowKey={({ memberId, seq }) => `${memberId} ${seq}`}
            name={words.title}
            href={({ memberId }) => `/console/members/${encodeURIComponent(memberId)}`}
            empty={{ icon: "coin", title: words.empty, body: words.emptyHelp }}
          />
        )}
      </Card>
    </>
  );
}

interface RuleVersion {
  readonly id: string;
  readonly body: { readonly title?: string };
}

/** How the ledger names a price rule among what gave points. */
const DISCOUNT = "discount:";

/** What rules and tasks are called; empty for who may not read them. */
function useRuleNames(): ReadonlyMap<string, string> {
  const { may } = useConsole();
  const shelf = (name: string): string | null =>
    may("rules.read") ? `/api/v1/staff/earning/${name}` : null;
  const rules = useRead<{ items: RuleVersion[] }>(shelf("rules"));
  const tasks = useRead<{ items: RuleVersion[] }>(shelf("tasks"));
  const all = [...(rules.value?.items ?? []), ...(tasks.value?.items ?? [])];
  return new Map(all.map(({ id, body }) => [id, body.title ?? id]));
}

function Filters({ ruleNames }: { ruleNames: ReadonlyMap<string, string> }): JSX.Element {
  const words = useWords(LEDGER);
  const { type: types } = useWords(MEMBERS);
  const names = useNames();
  const [query] = useQuery();
  const chosen = (name: string): string[] => [query.get(name) ?? []].flat();
  return (
    <FilterBar>
      <SearchFilter placeholder={words.search} />
      <SelectFilter
        name="type"
        label={words.kind}
        options={Object.entries(types).map(([value, title]) => ({ value, title }))}
      />
      <SelectFilter
        name="rule"
        label={words.rule}
        options={withChosen(
          [...ruleNames].map(([value, title]) => ({ value, title })),
          chosen("rule"),
        )}
      />
      <SelectFilter
        name="store"
        label={words.store}
        options={names.choices("stores", chosen("store"))}
      />
      <SelectFilter
        name="actor"
        label={words.actor}
        options={withChosen(
          [
            ...Object.entries(words.roles).map(([value, title]) => ({ value, title })),
            ...names.choices("staff", []).map((one) => ({ ...one, value: `staff:${one.value}` })),
          ],
          chosen("actor"),
        )}
      />
      <DaysFilter until="toMs" />
      <PointsFilter />
    </FilterBar>
  );
}

function useColumns(ruleNames: ReadonlyMap<string, string>): readonly Column<LedgerRowView>[] {
  const words = useWords(LEDGER);
  const { type: types } = useWords(MEMBERS);
  const names = useNames();
  const sources: Readonly<Record<string, string>> = words.sources;
  const giver = (ruleId: string): string => {
    const known = ruleNames.get(ruleId) ?? sources[ruleId];
    if (known !== undefined) return known;
    return ruleId.startsWith(DISCOUNT) ? words.discount(ruleId.slice(DISCOUNT.length)) : ruleId;
  };
  const why = ({ rules, orderId, sourceId }: LedgerRowView): string =>
    rules.length > 0
      ? rules.map(({ ruleId }) => giver(ruleId)).join(", ")
      : orderId !== null
        ? `${words.order} ${orderId}`
        : (sourceId ?? "");
  const who = ({ actor }: LedgerRowView): string =>
    actor === null ? "" : actor === "member" ? words.roles.member : names.actor(actor);
  return [
    {
      ...{ key: "when", title: words.when },
      cell: ({ recordedAtMs }) => <span class="num nb">{momentOf(recordedAtMs)}</span>,
    },
    {
      key: "member",
      title: words.member,
      cell: ({ memberId }) => <span class="nb">{memberId}</span>,
    },
    { key: "what", title: words.what, cell: ({ type }) => types[type] ?? type },
    {
      ...{ key: "points", title: words.points, right: true, beside: true },
      cell: ({ points }) => `${points > 0 ? "+" : ""}${count(points)}`,
    },
    {
      ...{ key: "balance", title: words.balance, right: true },
      cell: ({ balanceAfter }) => count(balanceAfter),
    },
    { key: "why", title: words.why, cell: why },
    {
      ...{ key: "where", title: words.where },
      cell: ({ storeId }) => names.store(storeId) ?? "—",
    },
    { key: "who", title: words.who, cell: who },
  ];
}
