import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Block, PageBody } from "../../../worker/page-builder/wire.ts";
import { Icon, IconButton, useWords } from "../kit/index.ts";
import { BLOCK_WORDS } from "./block-words.ts";
import { BLOCK_TYPES, iconOf, moveBlock, type BlockType } from "./blocks.ts";
import { WORDS } from "./words.ts";

interface Props {
  body: PageBody;
  chosen: string | null;
  choose: (id: string) => void;
  change: (body: PageBody) => void;
  add: (type: BlockType) => void;
  copy: (id: string) => void;
  remove: (id: string) => void;
  /** To be looked at: blocks are chosen, and nothing else. */
  isReadOnly: boolean;
}

function AddGrid({ add }: Pick<Props, "add">): JSX.Element {
  const { types } = useWords(BLOCK_WORDS);
  return (
    <div class="pb-add">
      {BLOCK_TYPES.map(({ type, icon }) => (
        <button key={type} type="button" onClick={() => add(type)}>
          <Icon name={icon} size={18} />
          {types[type]}
        </button>
      ))}
    </div>
  );
}

interface RowProps extends Pick<Props, "choose" | "copy" | "remove" | "isReadOnly"> {
  block: Block;
  at: number;
  isChosen: boolean;
  move: (id: string, to: number) => void;
}

function Row(props: RowProps): JSX.Element {
  const { block, at, isChosen, choose, copy, remove, move, isReadOnly } = props;
  const words = useWords(WORDS);
  const { types } = useWords(BLOCK_WORDS);
  const { id, type } = block;
  return (
    <>
      <button
        type="button"
        class="pb-name"
        aria-current={isChosen}
        onClick={() => choose(id)}
        onKeyDown={(event) => {
          if (isReadOnly) return;
          if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
            event.preventDefault();
            move(id, at + (event.key === "ArrowUp" ? -1 : 1));
          } else if (event.key === "Delete") remove(id);
        }}
      >
        {!isReadOnly && <Icon name="drag" size={16} />}
        <Icon name={iconOf(type)} size={16} />
        {types[type]}
      </button>
      {isChosen && !isReadOnly && (
        <span class="pb-acts">
          <IconButton icon="up" name={words.up} onClick={() => move(id, at - 1)} />
          <IconButton icon="down" name={words.down} onClick={() => move(id, at + 1)} />
          <IconButton icon="copy" name={words.copy} onClick={() => copy(id)} />
          <IconButton icon="trash" name={words.remove} onClick={() => remove(id)} />
        </span>
      )}
    </>
  );
}

/** What can be added, and what stands on the page in its order: by mouse, by keys and by buttons alike. */
export function BlockList(props: Props): JSX.Element {
  const { body, chosen, choose, change, add, copy, remove, isReadOnly } = props;
  const words = useWords(WORDS);
  const { types } = useWords(BLOCK_WORDS);
  const [said, setSaid] = useState("");
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const move = (id: string, to: number): void => {
    const next = moveBlock(body, id, to);
    const at = next.blocks.findIndex((block) => block.id === id);
    const type = next.blocks[at]?.type;
    if (next !== body) change(next);
    if (type) setSaid(words.moved(types[type], at + 1, next.blocks.length));
  };
  return (
    <div class="pb-side">
      {!isReadOnly && <h2>{words.add}</h2>}
      {!isReadOnly && <AddGrid add={add} />}
      <h2>{words.onPage}</h2>
      {body.blocks.length === 0 && <p class="mute">{words.none}</p>}
      <ol class="pb-list">
        {body.blocks.map((block, at) => (
          <li
            key={block.id}
            class={over === at ? "over" : ""}
            draggable={!isReadOnly}
            onDragStart={(event) => {
              event.dataTransfer?.setData("text/plain", block.id);
              setDragged(block.id);
            }}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(at);
            }}
            onDragEnd={() => {
              setDragged(null);
              setOver(null);
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) move(dragged, at);
              setDragged(null);
              setOver(null);
            }}
          >
            <Row
              block={block}
              at={at}
              isChosen={chosen === block.id}
              choose={choose}
              copy={copy}
              remove={remove}
              move={move}
              isReadOnly={isReadOnly}
            />
          </li>
        ))}
      </ol>
      {!isReadOnly && <p class="note mute">{words.reorder}</p>}
      <p class="sr" role="status">
        {said}
      </p>
    </div>
  );
}
