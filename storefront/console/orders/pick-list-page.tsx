import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { count } from "../../ui/format.ts";
import {
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

function Goods({ labels, words }: { labels: readonly Label[]; words: OrderWords }): JSX.Element {
  const sums = new Map<string, { title: string; units: number }>();
  for (const { skuId, title, quantity } of labels) {
    sums.set(skuId, { title, units: (sums.get(skuId)?.units ?? 0) + quantity });
  }
  return (
    <section class="pick-part">
      <h2>{words.pickGoods}</h2>
      <table>
        <tbody>
          {[...sums].map(([skuId, { title, units }]) => (
            <tr key={skuId}>
              <td>
                <span class="pick-box" aria-hidden="true" />
              </td>
              <td>{title}</td>
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
      {name !== "" && <h2 class="pick-of">{name}</h2>}
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
                {one.title} <b class="num">× {one.quantity}</b>
              </p>
              <p class="note mute num">{one.orderId}</p>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

/** By supplier, where goods name any: each share by itself. */
function sharesOf(labels: readonly Label[], words: OrderWords): [string, Label[]][] {
  const shares = new Map<string, Label[]>();
  for (const label of labels) {
    const name = label.supply?.supplier ?? "";
    shares.set(name, [...(shares.get(name) ?? []), label]);
  }
  const hasNames = [...shares.keys()].some((name) => name !== "");
  return [...shares].map(([name, own]) => [hasNames && name === "" ? words.ourShelf : name, own]);
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
      {sharesOf(labels, words).map(([name, own]) => (
        <Share key={name} name={name} labels={own} words={words} />
      ))}
    </div>
  );
}
