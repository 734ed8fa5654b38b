import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Picture } from "../../../worker/catalog/wire.ts";
import {
  Badge,
  Icon,
  IconButton,
  useConsole,
  useToast,
  useWords,
  type Form,
} from "../kit/index.ts";
import { movedTo, type GoodsValues } from "./editor-model.ts";
import { EDITOR } from "./editor-words.ts";
import { storePicture } from "./pictures.ts";

const PICTURES_MAX = 9;
const ACCEPT = "image/png,image/jpeg,image/webp";

/** Chooses, shrinks and stores pictures; calls back with each that is stored. */
export function PictureButton({
  onStored,
  label,
}: {
  onStored: (picture: Picture) => void;
  label: string;
}): JSX.Element {
  const words = useWords(EDITOR);
  const { call } = useConsole();
  const toast = useToast();
  const [isBusy, setBusy] = useState(false);
  const choose = async (files: FileList | null): Promise<void> => {
    setBusy(true);
    for (const file of files ?? []) {
      const picture = await storePicture(file, call);
      if (picture) onStored(picture);
      else toast.show({ text: `${words.pictureBad}: ${file.name}`, tone: "danger" });
    }
    setBusy(false);
  };
  return (
    <label class="g-add">
      <input
        type="file"
        accept={ACCEPT}
        multiple
        disabled={isBusy}
        onChange={(event) => {
          const input = event.currentTarget;
          void choose(input.files).then(() => (input.value = ""));
        }}
      />
      {isBusy ? <span class="spin" aria-hidden="true" /> : <Icon name="image" size={22} />}
      <span class="note">{isBusy ? words.uploading : label}</span>
    </label>
  );
}

function Tile({
  picture,
  at,
  onMove,
  onRemove,
}: {
  picture: Picture;
  at: number;
  onMove: (to: number) => void;
  onRemove: () => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  return (
    <>
      <img
        src={picture.sources[0]?.path ?? picture.path}
        alt={picture.alt}
        width={116}
        height={116}
      />
      {at === 0 && <Badge tone="ink">{words.main}</Badge>}
      <div class="acts">
        <IconButton
          icon="left"
          name={`${words.earlier} ${at + 1}`}
          onClick={() => onMove(at - 1)}
        />
        <IconButton icon="trash" name={`${words.remove} ${at + 1}`} onClick={onRemove} />
        <IconButton icon="right" name={`${words.later} ${at + 1}`} onClick={() => onMove(at + 1)} />
      </div>
    </>
  );
}

/** The pictures in their order: dragged, moved by buttons, or by the arrow keys. */
export function PictureField({ form }: { form: Form<GoodsValues> }): JSX.Element {
  const words = useWords(EDITOR);
  const { pictures } = form.values;
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const move = (from: number, to: number): void =>
    form.set({ pictures: movedTo(pictures, from, to) });
  const [fresh, setFresh] = useState<readonly Picture[]>([]);
  // Several files come one after the other, each after the state of the one before.
  if (fresh.length > 0) {
    setFresh([]);
    form.set({ pictures: [...pictures, ...fresh].slice(0, PICTURES_MAX) });
  }
  return (
    <div class="field">
      <span class="field-label">{words.pictures}</span>
      <div class="field-in">
        <div class="g-pics">
          {pictures.map((picture, at) => (
            <div
              key={picture.path}
              class="g-pic"
              draggable
              {...(over === at ? { "data-over": "" } : {})}
              onDragStart={() => setDragged(at)}
              onDragOver={(event) => {
                event.preventDefault();
                setOver(at);
              }}
              onDragEnd={() => setOver(null)}
              onDrop={(event) => {
                event.preventDefault();
                if (dragged !== null) move(dragged, at);
                setDragged(null);
                setOver(null);
              }}
            >
              <Tile
                picture={picture}
                at={at}
                onMove={(to) => move(at, to)}
                onRemove={() => form.set({ pictures: pictures.filter((_, index) => index !== at) })}
              />
            </div>
          ))}
          {pictures.length < PICTURES_MAX && (
            <PictureButton
              label={words.addPicture}
              onStored={(picture) => setFresh((old) => [...old, picture])}
            />
          )}
        </div>
        <p class={form.errorOf("pictures") === null ? "help" : "help error"}>
          {form.errorOf("pictures") ?? words.picturesHelp}
        </p>
      </div>
    </div>
  );
}
