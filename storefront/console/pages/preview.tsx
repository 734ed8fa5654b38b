import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, useConsole, useWords } from "../kit/index.ts";
import { WORDS } from "./words.ts";

/** The preview token of this staff member's programme, made anew when the page is opened. */
export function usePreviewToken(): string | null {
  const { call } = useConsole();
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    void call<{ token: string }>("POST", "/api/v1/staff/page-previews", {}).then(
      (answer) => answer.ok && setToken(answer.value.token),
    );
  }, [call]);
  return token;
}

export function previewPath(pageId: string, token: string): string {
  const path = pageId === "home" || pageId === "look" ? "/" : `/p/${pageId}`;
  return `${path}?preview=${encodeURIComponent(token)}`;
}

interface View {
  readonly scheme: "light" | "dark";
  readonly text: "normal" | "large";
  readonly as: "member" | "guest";
}

const CHOSEN_STYLE = `
  [data-block] { cursor: pointer; }
  [data-block]:hover { outline: 1px dashed var(--focus); outline-offset: -1px; }
  [data-block].chosen { outline: 2px solid var(--focus); outline-offset: -2px; }`;

/** Puts a newly rendered page into the frame without a blank between: the same HTML that members get. */
async function refresh(frame: HTMLIFrameElement, address: string): Promise<void> {
  const document = frame.contentDocument;
  const response = await fetch(address, { cache: "no-store" }).catch(() => null);
  if (!document || !response?.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html");
  const [old, fresh] = [document.getElementById("app"), next.getElementById("app")];
  if (!old || !fresh) return;
  old.replaceWith(document.adoptNode(fresh));
  for (const style of document.head.querySelectorAll("style:not([data-own])")) style.remove();
  for (const style of next.head.querySelectorAll("style")) {
    document.head.append(document.adoptNode(style));
  }
  for (const { name, value } of next.documentElement.attributes) {
    document.documentElement.setAttribute(name, value);
  }
}

/** Clicks in the page choose blocks; they lead nowhere. */
function prepare(frame: HTMLIFrameElement, choose: (id: string) => void): void {
  const document = frame.contentDocument;
  if (!document || document.head.querySelector("style[data-own]")) return;
  const style = document.createElement("style");
  style.dataset["own"] = "";
  style.textContent = CHOSEN_STYLE;
  document.head.append(style);
  const take = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    const block = (event.target as Element | null)?.closest<HTMLElement>("[data-block]");
    const id = block?.dataset["block"];
    if (id !== undefined) choose(id);
  };
  document.addEventListener("click", take, true);
  document.addEventListener("submit", (event) => event.preventDefault(), true);
}

/** Within the phone alone: `scrollIntoView` would also move the editor around it, away from the fields that are written in. */
function bringInSight(block: HTMLElement): void {
  const view = block.ownerDocument.defaultView;
  const { top, bottom } = block.getBoundingClientRect();
  const below = bottom - (view?.innerHeight ?? 0);
  if (top < 0) view?.scrollBy(0, top);
  else if (below > 0) view?.scrollBy(0, Math.min(top, below));
}

function Segment<V extends string>(props: {
  value: V;
  options: readonly (readonly [V, string])[];
  set: (value: V) => void;
}): JSX.Element {
  return (
    <div class="segm" role="group">
      {props.options.map(([value, title]) => (
        <button
          key={value}
          type="button"
          aria-pressed={props.value === value}
          onClick={() => props.set(value)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function ViewSwitch({ view, set }: { view: View; set: (view: View) => void }): JSX.Element {
  const words = useWords(WORDS);
  const { scheme, text, as } = view;
  return (
    <>
      <Segment
        value={scheme}
        options={[
          ["light", words.light],
          ["dark", words.dark],
        ]}
        set={(value) => set({ ...view, scheme: value })}
      />
      <Segment
        value={text}
        options={[
          ["normal", words.normal],
          ["large", words.large],
        ]}
        set={(value) => set({ ...view, text: value })}
      />
      <Segment
        value={as}
        options={[
          ["member", words.member],
          ["guest", words.guest],
        ]}
        set={(value) => set({ ...view, as: value })}
      />
    </>
  );
}

export function Preview(props: {
  pageId: string;
  token: string | null;
  saves: number;
  chosen: string | null;
  choose: (id: string) => void;
}): JSX.Element {
  const { pageId, token, saves, chosen, choose } = props;
  const words = useWords(WORDS);
  const [view, setView] = useState<View>({ scheme: "light", text: "normal", as: "member" });
  const frameRef = useRef<HTMLIFrameElement>(null);
  const [loaded, setLoaded] = useState(0);
  const chooseRef = useRef(choose);
  useEffect(() => {
    chooseRef.current = choose;
  });
  const { scheme, text, as } = view;
  const address =
    token === null ? null : `${previewPath(pageId, token)}&as=${as}&scheme=${scheme}&text=${text}`;
  const shownRef = useRef(saves);
  useEffect(() => {
    const frame = frameRef.current;
    if (!frame || address === null || shownRef.current === saves) return;
    shownRef.current = saves;
    void refresh(frame, address).then(() => setLoaded((count) => count + 1));
  }, [saves, address]);
  useEffect(() => {
    const document = frameRef.current?.contentDocument;
    for (const block of document?.querySelectorAll<HTMLElement>("[data-block]") ?? []) {
      const isChosen = block.dataset["block"] === chosen;
      block.classList.toggle("chosen", isChosen);
      if (isChosen) bringInSight(block);
    }
  }, [chosen, loaded]);
  return (
    <section class="pb-canvas" aria-label={words.preview}>
      <div class="row pb-views">
        <ViewSwitch view={view} set={setView} />
        {address !== null && (
          <Button kind="quiet" size="sm" icon="external" href={address}>
            {words.open}
          </Button>
        )}
      </div>
      <div class="pb-phone">
        {address !== null && (
          // oxlint-disable-next-line react/iframe-missing-sandbox -- our own page: its scripts run, and the editor reaches into it
          <iframe
            ref={frameRef}
            title={words.preview}
            src={address}
            // Blocks are chosen from the list by keys; the page's own links lead nowhere here.
            tabIndex={-1}
            onLoad={(event) => {
              prepare(event.currentTarget, (id) => chooseRef.current(id));
              setLoaded((count) => count + 1);
            }}
          />
        )}
      </div>
    </section>
  );
}
