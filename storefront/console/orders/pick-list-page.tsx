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
/** As many as a list of tracking numbers may have: what is picked together is shipped together. */
export const PICKS_MAX = 1_000;
/** Orders of a request. */
const PART = 100;

/** Which orders the list is of; ids only, and only for this tab. */
export function rememberPicks(orders: readonly Ref[]): void {
  const kept: Picks = { orders: orders.slice(0, PICKS_MAX), chosen: orders.length };
  sessionStorage.setItem(KEY, JSON.stringify(kept));
}

interface Picks {
  readonly orders: readonly Ref[];
  /** With those beyond the bound. */
  readonly chosen: number;
}

function picks(): Picks {
  try {
    const { orders, chosen } = JSON.parse(sessionStorage.getItem(KEY) ?? "") as Picks;
    return { orders: [...orders], chosen };
  } catch {
    return { orders: [], chosen: 0 };
  }
}

interface Got extends Labels {
  /** Of how many orders the server has said by now. */
  readonly asked: number;
  readonly problem: Problem | null;
}

const NOTHING: Got = { labels: [], left: 0, asked: 0, problem: null };

/** Reads the labels part by part; `again` goes on where it broke off. */
function useLabels(orders: readonly Ref[]): { readonly got: Got; readonly again: () => void } {
  const { call } = useConsole();
  const [got, setGot] = useState(NOTHING);
  const { asked, problem } = got;
  useEffect(() => {
    if (problem !== null || asked >= orders.length) return;
    let isGone = false;
    const part = orders.slice(asked, asked + PART);
    void call<Labels>("POST", "/api/v1/staff/orders/labels", { orders: part }).then((answer) => {
      if (isGone) return;
      if (!answer.ok) return setGot((old) => ({ ...old, problem: answer.problem }));
      const { labels, left } = answer.value;
      setGot((old) => ({
        ...{ labels: [...old.labels, ...labels], left: old.left + left },
        ...{ asked: asked + part.length, problem: null },
      }));
    });
    return () => {
      isGone = true;
    };
  }, [asked, problem, orders, call]);
  return { got, again: () => setGot((old) => ({ ...old, problem: null })) };
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
              <td>
                <span class="stack-1">
                  <span>{what}</span>
                  <span class="note mute num">{skuId}</span>
                </span>
              </td>
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
  const [{ orders, chosen }] = useState(picks);
  const { got, again } = useLabels(orders);
  const { labels, left, asked, problem } = got;
  const back = { href: "/console/orders", title: words.back };
  // Half a list on paper would be taken for the whole one.
  const isWhole = asked >= orders.length;
  return (
    <div class="pick">
      <PageHead title={words.pickTitle} note={words.pickHelp} back={back}>
        <Button
          kind="primary"
          icon="list"
          disabled={!isWhole || labels.length === 0}
          onClick={() => window.print()}
        >
          {words.print}
        </Button>
      </PageHead>
      {problem && <Failed problem={problem} onRetry={again} />}
      {!isWhole && !problem && <Loading />}
      {!isWhole && asked > 0 && <p role="status">{words.pickProgress(asked, orders.length)}</p>}
      {isWhole && labels.length === 0 && (
        <Empty icon="truck" title={words.pickNone} body={words.pickNoneHelp} />
      )}
      {chosen > orders.length && (
        <p class="warn-text">{words.pickCut(PICKS_MAX, chosen - orders.length)}</p>
      )}
      {isWhole && left > 0 && <p class="warn-text">{words.pickLeft(left)}</p>}
      {isWhole &&
        sharesOf(labels, words).map(({ key, ...share }) => (
          <Share key={key} {...share} words={words} />
        ))}
    </div>
  );
}
