import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { VoucherView } from "../../../worker/fulfilment/wire.ts";
import { dateIso, lastMs } from "../../ui/format.ts";
import {
  Button,
  Empty,
  Failed,
  Loading,
  PageHead,
  useConsole,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { BookedVisits } from "./bookings.tsx";
import { hasCamera } from "./read-code.ts";
import { Recent } from "./recent.tsx";
import { Scanner } from "./scanner.tsx";
import { WORDS, type DeskWords } from "./words.ts";

interface Store {
  readonly storeId: string;
  readonly name: string;
}

type Shown =
  | { readonly kind: "voucher"; readonly voucher: VoucherView; readonly code: string }
  | { readonly kind: "done"; readonly voucher: VoucherView }
  | { readonly kind: "refused"; readonly reason: string; readonly voucher: VoucherView | null };

const STORE_KEY = "qd:console:store";

function Result(props: {
  shown: Shown;
  words: DeskWords;
  isBusy: boolean;
  onAct: (uses: number) => void;
  onAgain: () => void;
}): JSX.Element {
  const { shown, words, isBusy, onAct, onAgain } = props;
  const [uses, setUses] = useState(1);
  const { voucher } = shown;
  const look = shown.kind === "done" ? "ok" : shown.kind === "refused" ? "bad" : "";
  return (
    <section class={`wo-result ${look}`} role="status">
      {shown.kind === "done" && <h2>{words.done}</h2>}
      {shown.kind === "refused" && <h2>{words.reasons[shown.reason] ?? words.refused}</h2>}
      {voucher && (
        <>
          <b>{voucher.title}</b>
          <p class="sec">
            {words.left(voucher.usesLeft, voucher.usesTotal)} ·{" "}
            {words.until(dateIso(lastMs(voucher.expiresAtMs)))}
          </p>
          {shown.kind === "refused" && voucher.stores.length > 0 && (
            <p class="sec">{words.usable(voucher.stores.map(({ name }) => name).join("、"))}</p>
          )}
        </>
      )}
      {shown.kind === "voucher" && shown.voucher.usesLeft > 1 && (
        <label class="row">
          <span>{words.uses}</span>
          <input
            class="in num"
            type="number"
            min={1}
            max={shown.voucher.usesLeft}
            value={uses}
            onInput={(event) => setUses(Math.max(1, Number(event.currentTarget.value) || 1))}
          />
        </label>
      )}
      {shown.kind === "voucher" ? (
        <div class="row">
          <Button kind="primary" busy={isBusy} onClick={() => onAct(uses)}>
            {words.act(uses)}
          </Button>
          <Button onClick={onAgain}>{words.cancel}</Button>
        </div>
      ) : (
        <div>
          <Button kind="primary" onClick={onAgain}>
            {words.again}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Reads a code and writes it off. One id an act: a second tap after a lost answer is the same act. */
function useDesk(storeId: string) {
  const { call } = useConsole();
  const toast = useToast();
  const [shown, setShown] = useState<Shown | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [turn, setTurn] = useState(0);
  const actRef = useRef("");
  const refuse = (problem: Parameters<typeof toast.refuse>[0]): void => {
    const { reason, voucher } = problem.figures as { reason?: string; voucher?: VoucherView };
    if (reason === undefined) toast.refuse(problem);
    else setShown({ kind: "refused", reason, voucher: voucher ?? null });
  };
  const look = async (code: string): Promise<void> => {
    setBusy(true);
    const body = { code, storeId, uses: 1 };
    const answer = await call<VoucherView>("POST", "/api/v1/staff/write-offs/preview", body);
    setBusy(false);
    if (!answer.ok) return refuse(answer.problem);
    actRef.current = crypto.randomUUID();
    setShown({ kind: "voucher", voucher: answer.value, code });
  };
  const act = async (uses: number): Promise<void> => {
    if (shown?.kind !== "voucher") return;
    setBusy(true);
    const body = { writeOffId: actRef.current, code: shown.code, storeId, uses };
    const answer = await call<{ voucher: VoucherView }>("POST", "/api/v1/staff/write-offs", body);
    setBusy(false);
    if (!answer.ok) return refuse(answer.problem);
    setShown({ kind: "done", voucher: answer.value.voucher });
    setTurn((old) => old + 1);
  };
  return { shown, isBusy, turn, look, act, clear: () => setShown(null) };
}

function Desk({ storeId }: { storeId: string }): JSX.Element {
  const words = useWords(WORDS);
  const desk = useDesk(storeId);
  const [code, setCode] = useState("");
  const [isScanning, setScanning] = useState(false);
  const again = (): void => {
    desk.clear();
    setCode("");
  };
  return (
    <>
      {desk.shown ? (
        <Result
          key={desk.shown.kind}
          shown={desk.shown}
          words={words}
          isBusy={desk.isBusy}
          onAct={(uses) => void desk.act(uses)}
          onAgain={again}
        />
      ) : (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void desk.look(code);
          }}
        >
          {isScanning && (
            <Scanner
              onCode={(seen) => {
                setScanning(false);
                void desk.look(seen);
              }}
            />
          )}
          <input
            class="in wo-code"
            aria-label={words.code}
            inputMode="numeric"
            autocomplete="off"
            maxLength={20}
            placeholder="0000 0000 0000"
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
          <div class="row">
            <Button kind="primary" type="submit" busy={desk.isBusy} disabled={code.trim() === ""}>
              {words.read}
            </Button>
            {hasCamera() ? (
              <Button icon="scan" onClick={() => setScanning((old) => !old)}>
                {isScanning ? words.stop : words.scan}
              </Button>
            ) : (
              <span class="note mute">{words.cameraNeedsHttps}</span>
            )}
          </div>
        </form>
      )}
      <BookedVisits storeId={storeId} turn={desk.turn} />
      <Recent storeId={storeId} turn={desk.turn} />
    </>
  );
}

export function DeskPage(): JSX.Element {
  const words = useWords(WORDS);
  const read = useRead<{ stores: Store[] }>("/api/v1/staff/write-offs/stores");
  const [chosen, setChosen] = useState(() => localStorage.getItem(STORE_KEY) ?? "");
  const stores = read.value?.stores;
  const store = stores?.find(({ storeId }) => storeId === chosen) ?? stores?.[0];
  return (
    <div class="wo-desk">
      <PageHead title={words.title} note={words.help} />
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!stores && !read.problem && <Loading />}
      {stores && !store && <Empty icon="store" title={words.noStores} body={words.noStoresHelp} />}
      {stores && store && (
        <>
          <label class="row">
            <span>{words.store}</span>
            <select
              class="in"
              value={store.storeId}
              onChange={(event) => {
                localStorage.setItem(STORE_KEY, event.currentTarget.value);
                setChosen(event.currentTarget.value);
              }}
            >
              {stores.map(({ storeId, name }) => (
                <option key={storeId} value={storeId}>
                  {name}
                </option>
              ))}
            </select>
          </label>
          <Desk key={store.storeId} storeId={store.storeId} />
        </>
      )}
    </div>
  );
}
