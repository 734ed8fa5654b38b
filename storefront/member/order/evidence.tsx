/** Pictures a member shows with a request: chosen, made small on the phone, stored with the order, named in the request. */
import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { OrderText } from "../../locales/order.zh-CN.ts";

export const EVIDENCE_MAX = 6;
/** Enough to see a crack; a photo of today is ten times that. */
const SIDE_MAX = 1_600;
const QUALITY = 0.82;
const PATIENCE_MS = 60_000;

export const evidencePath = (orderId: string, name: string): string =>
  `/api/v1/orders/${encodeURIComponent(orderId)}/evidence/${encodeURIComponent(name)}`;

function read(file: Blob): Promise<HTMLImageElement | null> {
  return new Promise((give) => {
    const reader = new FileReader();
    reader.onerror = () => give(null);
    reader.onload = () => {
      const picture = new Image();
      picture.onerror = () => give(null);
      picture.onload = () => give(picture);
      picture.src = String(reader.result);
    };
    reader.readAsDataURL(file);
  });
}

/** Drawing anew leaves the place and the camera behind that a photo carries. Null: the file is no picture. */
async function small(file: Blob): Promise<Blob | null> {
  const picture = await read(file);
  if (!picture || picture.naturalWidth === 0) return null;
  const { naturalWidth, naturalHeight } = picture;
  const scale = Math.min(1, SIDE_MAX / Math.max(naturalWidth, naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((give) => canvas.toBlob(give, "image/jpeg", QUALITY));
}

/** Answers the name it is stored under; null: it was not taken. */
async function store(orderId: string, file: Blob): Promise<string | null> {
  const blob = await small(file);
  if (!blob) return null;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const response = await fetch(`/api/v1/orders/${encodeURIComponent(orderId)}/evidence`, {
      ...{ method: "POST", credentials: "same-origin", signal: abort.signal },
      ...{ headers: { "content-type": blob.type }, body: blob },
    });
    const told: { name?: string } = response.ok ? await response.json() : {};
    return told.name ?? null;
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

interface EvidenceProps {
  orderId: string;
  names: readonly string[];
  words: OrderText["afterSale"];
  onNames: (names: readonly string[]) => void;
}

export function EvidenceField({ orderId, names, words, onNames }: EvidenceProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<"no" | "busy" | "failed">("no");
  const add = async (files: readonly File[]): Promise<void> => {
    setState("busy");
    const known = [...names];
    let hasFailed = false;
    for (const file of files.slice(0, EVIDENCE_MAX - known.length)) {
      const name = await store(orderId, file);
      if (name === null) hasFailed = true;
      else if (!known.includes(name)) known.push(name);
      onNames([...known]);
    }
    setState(hasFailed ? "failed" : "no");
  };
  return (
    <div class="aft-pics" role="group" aria-label={words.pictures}>
      <span>{words.pictures}</span>
      <ul>
        {names.map((name, at) => (
          <li key={name}>
            <img src={evidencePath(orderId, name)} alt={words.picture(at + 1)} />
            <button
              type="button"
              aria-label={words.dropPicture(at + 1)}
              onClick={() => onNames(names.filter((one) => one !== name))}
            >
              ×
            </button>
          </li>
        ))}
        {names.length < EVIDENCE_MAX && (
          <li>
            <button
              type="button"
              class="aft-add"
              aria-busy={state === "busy"}
              onClick={() => state !== "busy" && input.current?.click()}
            >
              {state === "busy" ? words.storing : words.addPicture}
            </button>
          </li>
        )}
      </ul>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        onChange={(event) => {
          const { files } = event.currentTarget;
          void add([...(files ?? [])]).then(() => {
            if (input.current) input.current.value = "";
          });
        }}
      />
      <p class="note warn" role="status">
        {state === "failed" && words.notStored}
      </p>
    </div>
  );
}

/** What was shown with a request, to look at again. */
export function Evidence(props: Omit<EvidenceProps, "onNames">): JSX.Element | null {
  const { orderId, names, words } = props;
  if (names.length === 0) return null;
  return (
    <ul class="aft-shown">
      {names.map((name, at) => (
        <li key={name}>
          <a href={evidencePath(orderId, name)} target="_blank" rel="noreferrer">
            <img src={evidencePath(orderId, name)} alt={words.picture(at + 1)} loading="lazy" />
          </a>
        </li>
      ))}
    </ul>
  );
}
