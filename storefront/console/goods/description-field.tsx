import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Block } from "../../../worker/catalog/wire.ts";
import { Button, IconButton, useWords, type Form } from "../kit/index.ts";
import { movedTo, type GoodsValues } from "./editor-model.ts";
import { EDITOR } from "./editor-words.ts";
import { PictureButton } from "./picture-field.tsx";
import { useIds } from "./use-ids.ts";

const KINDS: readonly Block["kind"][] = ["heading", "paragraph", "list", "facts", "picture"];
const BLOCKS_MAX = 60;

const empty = (kind: Block["kind"]): Block => ({
  ...{ kind, text: "", items: [], picture: null },
  facts: kind === "facts" ? [{ name: "", value: "" }] : [],
});

/** The description piece by piece. It is text: nothing that is typed here becomes markup. */
export function DescriptionField({ form }: { form: Form<GoodsValues> }): JSX.Element {
  const words = useWords(EDITOR);
  const { description } = form.values;
  const { ids, add, remove, move } = useIds(description.length);
  const put = (next: readonly Block[]): void => form.set({ description: [...next] });
  const shift = (from: number, to: number): void => {
    move(from, to);
    put(movedTo(description, from, to));
  };
  const change = (at: number, edit: Partial<Block>): void =>
    put(description.map((block, index) => (index === at ? { ...block, ...edit } : block)));
  return (
    <div class="stack">
      {description.length === 0 && <p class="mute">{words.noBlocks}</p>}
      {description.map((block, at) => (
        <section key={ids[at]} class="g-block" aria-label={words.blocks[block.kind]}>
          <header>
            <b>{words.blocks[block.kind]}</b>
            <span class="row">
              <IconButton icon="up" name={words.up} onClick={() => shift(at, at - 1)} />
              <IconButton icon="down" name={words.down} onClick={() => shift(at, at + 1)} />
              <IconButton
                icon="trash"
                name={words.remove}
                onClick={() => {
                  remove(at);
                  put(description.filter((_, index) => index !== at));
                }}
              />
            </span>
          </header>
          <BlockBody block={block} onChange={(edit) => change(at, edit)} />
        </section>
      ))}
      {description.length < BLOCKS_MAX && (
        <div class="row" role="group" aria-label={words.addBlock}>
          {KINDS.map((kind) => (
            <Button
              key={kind}
              size="sm"
              icon="plus"
              onClick={() => {
                add();
                put([...description, empty(kind)]);
              }}
            >
              {words.blocks[kind]}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

function BlockBody({
  block,
  onChange,
}: {
  block: Block;
  onChange: (edit: Partial<Block>) => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  const [lines, setLines] = useState(block.items.join("\n"));
  switch (block.kind) {
    case "heading":
      return (
        <input
          class="in"
          aria-label={words.blockText}
          maxLength={120}
          value={block.text}
          onInput={(event) => onChange({ text: event.currentTarget.value })}
        />
      );
    case "paragraph":
      return (
        <textarea
          class="in area"
          rows={4}
          aria-label={words.blockText}
          maxLength={2_000}
          value={block.text}
          onInput={(event) => onChange({ text: event.currentTarget.value })}
        />
      );
    case "list":
      return (
        <textarea
          class="in area"
          rows={4}
          aria-label={words.blockItems}
          placeholder={words.blockItems}
          value={lines}
          onInput={(event) => {
            setLines(event.currentTarget.value);
            const items = event.currentTarget.value.split("\n").map((line) => line.trim());
            onChange({ items: items.filter((line) => line !== "").slice(0, 40) });
          }}
        />
      );
    case "facts":
      return <Facts block={block} onChange={onChange} />;
    case "picture":
      return block.picture === null ? (
        <PictureButton label={words.addPicture} onStored={(picture) => onChange({ picture })} />
      ) : (
        <img
          class="g-inset"
          src={block.picture.sources[0]?.path ?? block.picture.path}
          alt={block.picture.alt}
          width={200}
        />
      );
  }
}

function Facts({
  block,
  onChange,
}: {
  block: Block;
  onChange: (edit: Partial<Block>) => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  const { facts } = block;
  const { ids, add, remove } = useIds(facts.length);
  const change = (at: number, edit: Partial<Block["facts"][number]>): void =>
    onChange({ facts: facts.map((fact, index) => (index === at ? { ...fact, ...edit } : fact)) });
  return (
    <>
      {facts.map((fact, at) => (
        <div key={ids[at]} class="g-pair">
          <input
            class="in"
            aria-label={words.factName}
            placeholder={words.factName}
            maxLength={40}
            value={fact.name}
            onInput={(event) => change(at, { name: event.currentTarget.value })}
          />
          <input
            class="in"
            aria-label={words.factValue}
            placeholder={words.factValue}
            maxLength={400}
            value={fact.value}
            onInput={(event) => change(at, { value: event.currentTarget.value })}
          />
          <IconButton
            icon="trash"
            name={words.remove}
            onClick={() => {
              remove(at);
              onChange({ facts: facts.filter((_, index) => index !== at) });
            }}
          />
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon="plus"
          onClick={() => {
            add();
            onChange({ facts: [...facts, { name: "", value: "" }] });
          }}
        >
          {words.addFact}
        </Button>
      </div>
    </>
  );
}
