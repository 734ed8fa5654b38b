import type { JSX } from "preact";
import type { StaffGoodsRow } from "../../../worker/catalog/wire.ts";
import {
  Badge,
  localOf,
  useNames,
  useWords,
  yuanOf,
  type Column,
  type Tone,
} from "../kit/index.ts";
import { GOODS } from "./words.ts";

const STATE_TONE: Readonly<Record<StaffGoodsRow["state"], Tone>> = {
  draft: "plain",
  scheduled: "info",
  published: "ok",
  withdrawn: "warn",
};
export function StateBadge({ state }: { state: StaffGoodsRow["state"] }): JSX.Element {
  const words = useWords(GOODS);
  return <Badge tone={STATE_TONE[state]}>{words.states[state]}</Badge>;
}

function GoodsCell({ row }: { row: StaffGoodsRow }): JSX.Element {
  const words = useWords(GOODS);
  return (
    <span class="g-cell">
      <span class="g-thumb" style={{ background: row.groundColor }}>
        <img
          src={row.picture?.sources[0]?.path ?? row.picture?.path ?? "/goods/placeholder.svg"}
          alt=""
          width={40}
          height={40}
          loading="lazy"
        />
      </span>
      <span>
        <b>{row.title}</b>
        <span class="note mute">
          {words.kinds[row.kind]} · {words.roles[row.role]}
          {row.skuCount > 1 && ` · ${words.skus(row.skuCount)}`}
          {row.brand !== null && ` · ${row.brand.name}`}
          {row.tags.length > 0 && ` · ${row.tags.join(" ")}`}
        </span>
      </span>
    </span>
  );
}

function StateCell({ row }: { row: StaffGoodsRow }): JSX.Element {
  const words = useWords(GOODS);
  return (
    <>
      <StateBadge state={row.state} />{" "}
      {row.state === "scheduled" && row.publishAtMs !== null && (
        <span class="note mute num">
          {words.publishAt(localOf(row.publishAtMs).replace("T", " "))}
        </span>
      )}
    </>
  );
}

export function useColumns(): Column<StaffGoodsRow>[] {
  const words = useWords(GOODS);
  const names = useNames();
  const { column } = words;
  return [
    {
      key: "goods",
      title: column.goods,
      cell: (row) => <GoodsCell row={row} />,
      csv: (row) => row.title,
    },
    {
      key: "state",
      title: column.state,
      beside: true,
      cell: (row) => <StateCell row={row} />,
      csv: (row) => words.states[row.state],
    },
    {
      key: "points",
      title: column.points,
      right: true,
      sort: "points",
      cell: (row) => (
        <span class="num">
          {row.pricePoints.toLocaleString("en-US")}
          {row.priceFen > 0 && ` + ¥${yuanOf(row.priceFen)}`}
          {row.hasPrices && <span class="note mute"> {words.from}</span>}
        </span>
      ),
      csv: (row) => row.pricePoints,
    },
    {
      key: "stock",
      title: column.stock,
      right: true,
      cell: (row) => (
        <>
          {row.isLow && <Badge tone="warn">{words.low}</Badge>}{" "}
          <span class="num">{row.remaining.toLocaleString("en-US")}</span>
        </>
      ),
      csv: (row) => row.remaining,
    },
    {
      key: "redeemed",
      title: column.redeemed,
      right: true,
      cell: (row) => <span class="num">{row.redeemed.toLocaleString("en-US")}</span>,
      csv: (row) => row.redeemed,
    },
    {
      key: "updated",
      title: column.updated,
      sort: "updated",
      wide: true,
      cell: (row) => (
        <span class="note mute num">
          {localOf(row.updatedAtMs).replace("T", " ")} {names.actor(row.updatedBy)}
        </span>
      ),
    },
  ];
}
