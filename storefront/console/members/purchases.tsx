import type { JSX } from "preact";
import type { MembershipPurchaseView } from "../../../worker/earning/wire.ts";
import { count, dateIso, yuan } from "../../ui/format.ts";
import { ShortTable, useNames, useWords, type Column } from "../kit/index.ts";
import { BENEFITS } from "./benefit-words.ts";

type Words = (typeof BENEFITS)["zh-CN"];

function paidText({ paid }: MembershipPurchaseView, words: Words): string {
  if (paid === null) return words.notSaid;
  if (paid.kind === "gift") return words.ways.gift;
  return paid.kind === "points"
    ? `${count(paid.points)} ${words.ways.points}`
    : `${yuan(paid.amountFen, "full")} · ${words.ways[paid.method]}`;
}

/** What a member bought memberships for, newest first. */
export function Purchases({
  purchases,
}: {
  purchases: readonly MembershipPurchaseView[];
}): JSX.Element {
  const words = useWords(BENEFITS);
  const names = useNames();
  const column = (
    key: string,
    title: string,
    text: (one: MembershipPurchaseView) => string,
  ): Column<MembershipPurchaseView> => ({ key, title, cell: text, csv: text });
  return (
    <ShortTable
      name={words.purchases}
      rows={purchases}
      rowKey={({ requestId }) => requestId}
      columns={[
        column("bought", words.bought, ({ boughtAtMs }) =>
          boughtAtMs === null ? words.boughtBefore : dateIso(boughtAtMs),
        ),
        column("tier", words.tier, ({ tierName }) => tierName),
        column("months", words.length, ({ months }) => words.months(months)),
        column("until", words.until, ({ untilMs }) => (untilMs === null ? "" : dateIso(untilMs))),
        column("paid", words.paidFor, (one) => paidText(one, words)),
        column("by", words.by, ({ by }) => (by === null ? "" : names.actor(by))),
      ]}
    />
  );
}
