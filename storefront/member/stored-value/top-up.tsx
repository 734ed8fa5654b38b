import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PointsText } from "../../locales/points.zh-CN.ts";
import { yuan } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import type { StoredValueUse } from "./use-stored-value.ts";

type Words = PointsText["storedValue"];

/** Whole fen of what was typed, or null: no amount. */
function fenOf(typed: string): number | null {
  const match = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(typed.trim());
  if (!match) return null;
  return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
}

function Amounts({
  chosen,
  choose,
  choicesFen,
}: {
  readonly chosen: number | null;
  readonly choose: (fen: number) => void;
  readonly choicesFen: readonly number[];
}): JSX.Element {
  return (
    <div class="top-ups" role="group">
      {choicesFen.map((fen) => (
        <button
          key={fen}
          type="button"
          class={`btn ${chosen === fen ? "primary" : "line"}`}
          aria-pressed={chosen === fen}
          onClick={() => choose(fen)}
        >
          {yuan(fen)}
        </button>
      ))}
    </div>
  );
}

function saying({ state, arrivedFen, stored }: StoredValueUse, words: Words): string {
  switch (state) {
    case "confirming":
      return words.confirming;
    case "arrived":
      return words.arrived(yuan(arrivedFen, "full"));
    case "failed":
      return words.failed;
    case "full":
      return words.full(yuan(stored.terms.balanceMaxFen));
    default:
      return "";
  }
}

function Ways({
  use: { stored, state },
  words,
  isBusy,
  send,
}: {
  readonly use: StoredValueUse;
  readonly words: Words;
  readonly isBusy: boolean;
  readonly send: (provider: string, scene: string) => void;
}): JSX.Element {
  const scanned = stored.ways.find(({ scenes }) => scenes.includes("qr"));
  return (
    <div class="pay-ways">
      {stored.ways.map(({ provider, scenes }, at) => (
        <button
          key={provider}
          type="button"
          class={`btn block ${at === 0 ? "primary" : "line"}`}
          aria-disabled={isBusy}
          onClick={() => send(provider, scenes.includes("jsapi") ? "jsapi" : "h5")}
        >
          {state === "sent" && at === 0 ? <i class="spin" /> : <Icon name="wallet" size={20} />}
          {words.pay[provider] ?? provider}
        </button>
      ))}
      {scanned && (
        <button
          type="button"
          class="btn quiet block pay-scan"
          aria-disabled={isBusy}
          onClick={() => send(scanned.provider, "qr")}
        >
          {words.scan}
        </button>
      )}
    </div>
  );
}

/** How much, and by whom; only where the merchant takes it. */
export function TopUp({
  use,
  words,
}: {
  readonly use: StoredValueUse;
  readonly words: Words;
}): JSX.Element {
  const { stored, state, code } = use;
  const { isOn, choicesFen, topUpMinFen, topUpMaxFen } = stored.terms;
  const [fen, setFen] = useState<number | null>(choicesFen[0] ?? null);
  const [typed, setTyped] = useState("");
  const isGood = fen !== null && fen >= topUpMinFen && fen <= topUpMaxFen;
  const isBusy = state === "sent" || !isGood;
  if (!isOn || stored.ways.length === 0) {
    return (
      <section class="card blk">
        <h2>{words.topUp}</h2>
        <p class="note sec">{isOn ? words.none : words.closed}</p>
      </section>
    );
  }
  const send = (provider: string, scene: string): void => {
    if (!isBusy && fen !== null) use.topUp(fen, provider, scene);
  };
  return (
    <section class="card blk">
      <h2>{words.topUp}</h2>
      <Amounts
        choicesFen={choicesFen}
        chosen={typed === "" ? fen : null}
        choose={(one) => {
          setTyped("");
          setFen(one);
        }}
      />
      <label for="top-up-amount" class="note sec">
        {words.amount}
      </label>
      <input
        id="top-up-amount"
        class="top-up-in"
        inputMode="decimal"
        autocomplete="off"
        value={typed}
        aria-invalid={typed !== "" && !isGood}
        aria-describedby="top-up-range"
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setFen(fenOf(currentTarget.value));
        }}
      />
      <p id="top-up-range" class={typed !== "" && !isGood ? "note bad" : "note sec"}>
        {words.range(yuan(topUpMinFen), yuan(topUpMaxFen))}
      </p>
      <Ways use={use} words={words} isBusy={isBusy} send={send} />
      {code !== "" && (
        // The library draws it from the text alone.
        <figure class="pay-code">
          <div role="img" aria-label={words.scan} dangerouslySetInnerHTML={{ __html: code }} />
        </figure>
      )}
      <p class="note sec" role="status">
        {saying(use, words)}
      </p>
    </section>
  );
}
