import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Picture } from "../../../worker/catalog/wire.ts";
import { storePicture } from "../goods/pictures.ts";
import {
  bilingual,
  Button,
  Dialog,
  useConsole,
  useRead,
  useToast,
  useWords,
} from "../kit/index.ts";
import { Labelled } from "../value-fields/index.tsx";

const WORDS = bilingual(
  {
    upload: "上传图片",
    uploading: "上传中",
    choose: "从商品里选",
    clear: "不用图片",
    bad: "没传上：要 PNG、JPEG 或 WebP 图片",
    none: "还没有带图的商品",
    chooseTitle: "选一张商品图",
    path: "图片路径",
    help: "会缩到手机用得着的大小，转成 WebP；也可以直接填本站图片路径。",
  },
  {
    upload: "Upload",
    uploading: "Uploading",
    choose: "From the goods",
    clear: "No picture",
    bad: "Not uploaded: it takes PNG, JPEG or WebP",
    none: "No goods with pictures yet",
    chooseTitle: "Choose a picture of goods",
    path: "Path of the picture",
    help: "Made as small as phones need it, as WebP. A path of a picture here can be typed as well.",
  },
);

const GOODS = "/api/v1/staff/goods?limit=60";

interface GoodsRow {
  readonly title: string;
  readonly picture: Picture | null;
}

function Chooser(props: { onChoose: (path: string) => void; onClose: () => void }): JSX.Element {
  const { onChoose, onClose } = props;
  const words = useWords(WORDS);
  const read = useRead<{ goods: readonly GoodsRow[] }>(GOODS);
  const rows = (read.value?.goods ?? []).filter((row) => row.picture !== null);
  return (
    <Dialog title={words.chooseTitle} onClose={onClose} wide>
      {rows.length === 0 && !read.isLoading && <p class="note mute">{words.none}</p>}
      <ul class="pb-chooser">
        {rows.map(({ title, picture }) => (
          <li key={picture?.path}>
            <button type="button" onClick={() => picture && onChoose(picture.path)}>
              <img
                src={picture?.sources[0]?.path ?? picture?.path}
                alt=""
                width={96}
                height={96}
                loading="lazy"
              />
              <span class="note">{title}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Upload({
  label,
  onStored,
}: {
  label: string;
  onStored: (path: string) => void;
}): JSX.Element {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const upload = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    setBusy(true);
    const stored = await storePicture(chosen, call);
    setBusy(false);
    if (stored) onStored(stored.path);
    else toast.show({ text: words.bad, tone: "danger" });
  };
  return (
    <>
      <input
        ref={file}
        class="sr"
        type="file"
        tabIndex={-1}
        accept="image/png,image/jpeg,image/webp"
        aria-label={`${label}: ${words.upload}`}
        onChange={(event) => {
          const input = event.currentTarget;
          void upload(input.files?.[0]).then(() => (input.value = ""));
        }}
      />
      <Button size="sm" icon="image" busy={isBusy} onClick={() => file.current?.click()}>
        {isBusy ? words.uploading : words.upload}
      </Button>
    </>
  );
}

/** A picture of a page: uploaded, taken from the goods, or named by its path. Null where `isOptional` and none is wanted. */
export function PictureInput(props: {
  label: string;
  value: string | null;
  set: (path: string | null) => void;
  isOptional?: boolean;
}): JSX.Element {
  const { label, value, set, isOptional = false } = props;
  const words = useWords(WORDS);
  const [isChoosing, setChoosing] = useState(false);
  return (
    <div class="pb-picture">
      {value !== null && value !== "" && <img src={value} alt="" width={72} height={72} />}
      <Labelled label={label} help={words.help}>
        {(id) => (
          <input
            id={id}
            class="in"
            list="pb-pictures"
            value={value ?? ""}
            maxLength={300}
            onInput={(event) => {
              const path = event.currentTarget.value.trim();
              set(path === "" && isOptional ? null : path);
            }}
          />
        )}
      </Labelled>
      <div class="acts">
        <Upload label={label} onStored={set} />
        <Button size="sm" onClick={() => setChoosing(true)}>
          {words.choose}
        </Button>
        {isOptional && value !== null && (
          <Button size="sm" onClick={() => set(null)}>
            {words.clear}
          </Button>
        )}
      </div>
      {isChoosing && (
        <Chooser
          onClose={() => setChoosing(false)}
          onChoose={(path) => {
            set(path);
            setChoosing(false);
          }}
        />
      )}
    </div>
  );
}
