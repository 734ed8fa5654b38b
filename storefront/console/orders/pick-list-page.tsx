import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { count } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Empty,
  Failed,
  Loading,
  PageHead,
  useConsole,
  useWords,
  type Problem,
} from "../kit/index.ts";
import type { Supply } from "./types.ts";
import { WORDS, type OrderWords } from "./words.ts";

interface Ref {
  readonly memberId: string;
  readonly orderId: string;
}

interface Label extends Ref {
  readonly skuId: string;
  readonly title: string;
  /** Which of the variants; empty: there is one only. */
  readonly spec: string;
  readonly quantity: number;
  readonly name: string;
  readonly phone: string;
  readonly line: string;
  readonly supply: Supply | null;
}

interface Labels {
  readonly labels: readonly Label[];
  readonly left: number;
}

const KEY = "qd:console:picks";

/** Which orders the list is of; ids only, and only for this tab. */
export function rememberPicks(orders: readonly Ref[]): void {
  sessionStorage.setItem(KEY, JSON.stringify(orders.slice(0, 100)));
}

function picks(): Ref[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Ref[];
  } catch {
    return [];
  }
}

const whatIs = ({ title, spec }: Pick<Label, "title" | "spec">): string =>
  spec === "" ? title : `${title} · ${spec}`;

function Goods({ labels, words }: { labels: readonly Label[]; words: OrderWords }): JSX.Element {
  const sums = new Map<string, { what: string; units: number }>();
  for (const { skuId, quantity, ...label } of labels) {
    sums.set(skuId, { what: whatIs(label), units: (sums.get(skuId)?.units ?? 0) + quantity });
  }
  return (
    <section class="pick-part">
      <h2>{words.pickGoods}</h2>
      <table>
        <tbody>
          {[...sums].map(([skuId, { what, units }]) => (
            <tr key={skuId}>
              <td class="pick-tick">
                <span class="pick-box" aria-hidden="true" />
              </td>
              <td>{what}</td>
              <td class="mute">{skuId}</td>
              <td class="r num">
                <b>{count(units)}</b>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** One supplier's share of the list, or what is from the shop's own shelf. */
function Share(props: { name: string; labels: readonly Label[]; words: OrderWords }): JSX.Element {
  const { name, labels, words } = props;
  return (
    <>
      {name !== "" && (
        <h2 class="pick-of row">
          {name}
          {labels.every(({ supply }) => supply?.isDropShipped) && (
            <Badge tone="warn">{words.supplierSends}</Badge>
          )}
        </h2>
      )}
      <Goods labels={labels} words={words} />
      <section class="pick-part">
        <h2>{words.pickLabels}</h2>
        <ol class="pick-labels">
          {labels.map((one) => (
            <li key={`${one.memberId} ${one.orderId}`}>
              <p>
                <b>{one.name}</b> <span class="num">{one.phone}</span>
              </p>
              <p>{one.line}</p>
              <p class="sec">
                {whatIs(one)} <b class="num">× {one.quantity}</b>
              </p>
              <p class="note mute num">{one.orderId}</p>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

/** By supplier, where goods name any: each share by itself, what suppliers send last. */
function sharesOf(labels: readonly Label[], words: OrderWords) {
  const shares = new Map<string, Label[]>();
  for (const label of labels) {
    const { supplier = "", isDropShipped = false } = label.supply ?? {};
    // What the supplier sends is a share of its own: nobody here packs it.
    const key = `${isDropShipped ? "~" : ""}${supplier}`;
    shares.set(key, [...(shares.get(key) ?? []), label]);
  }
  const hasNames = [...shares.keys()].some((key) => key !== "");
  return [...shares]
    .toSorted(([one], [other]) => Number(one.startsWith("~")) - Number(other.startsWith("~")))
    .map(([key, own]) => {
      const name = own[0]?.supply?.supplier ?? "";
      return { key, name: hasNames && name === "" ? words.ourShelf : name, labels: own };
    });
}

/** Made for paper: what to take from the shelf, then what goes into which parcel. */
export function PickListPage(): JSX.Element {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const [asked] = useState(picks);
  const [got, setGot] = useState<Labels | Problem | null>(null);
  useEffect(() => {
    if (asked.length === 0) return;
    void call<Labels>("POST", "/api/v1/staff/orders/labels", { orders: asked }).then((answer) =>
      setGot(answer.ok ? answer.value : answer.problem),
    );
  }, [asked, call]);
  const back = { href: "/console/orders", title: words.back };
  const labels = got && "labels" in got ? got.labels : [];
  return (
    <div class="pick">
      <PageHead title={words.pickTitle} note={words.pickHelp} back={back}>
        <Button
          kind="primary"
          icon="list"
          disabled={labels.length === 0}
          onClick={() => window.print()}
        >
          {words.print}
        </Button>
      </PageHead>
      {asked.length > 0 && got === null && <Loading />}
      {got && "code" in got && <Failed problem={got} />}
      {(asked.length === 0 || (got && "labels" in got && labels.length === 0)) && (
        <Empty icon="truck" title={words.pickNone} body={words.pickNoneHelp} />
      )}
      {got && "labels" in got && got.left > 0 && (
        <p class="warn-text">{words.pickLeft(got.left)}</p>
      )}
      {sharesOf(labels, words).map(({ key, ...share }) => (
        <Share key={key} {...share} words={words} />
      ))}
    </div>
  );
}
