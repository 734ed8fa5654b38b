import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  Button,
  Empty,
  Failed,
  Loading,
  PageHead,
  recall,
  remember,
  useRead,
  useWords,
} from "../kit/index.ts";
import { BookedVisits } from "./bookings.tsx";
import { keepDesk } from "./keep-desk.ts";
import { NotedCard } from "./noted-card.tsx";
import { hasCamera } from "./read-code.ts";
import { Recent } from "./recent.tsx";
import { Result } from "./result.tsx";
import { Scanner } from "./scanner.tsx";
import { useDesk } from "./use-desk.ts";
import { WORDS } from "./words.ts";

interface Store {
  readonly storeId: string;
  readonly name: string;
}

const STORE_KEY = "qd:console:store";

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
      <NotedCard noted={desk.noted} />
      <BookedVisits storeId={storeId} turn={desk.turn} />
      <Recent storeId={storeId} turn={desk.turn} />
    </>
  );
}

export function DeskPage(): JSX.Element {
  const words = useWords(WORDS);
  const read = useRead<{ stores: Store[] }>("/api/v1/staff/write-offs/stores");
  const [chosen, setChosen] = useState(() => recall(STORE_KEY) ?? "");
  useEffect(keepDesk, []);
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
                remember(STORE_KEY, event.currentTarget.value);
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
