/** What the editor does to a page: pure, so that every act can be undone by keeping the page before it. */
import type { Block, PageBody } from "../../../worker/page-builder/wire.ts";
import type { IconName } from "../kit/index.ts";

export type BlockType = Block["type"];

export const BLOCK_TYPES: readonly { readonly type: BlockType; readonly icon: IconName }[] = [
  { type: "wallet", icon: "wallet" },
  { type: "sales", icon: "bolt" },
  { type: "goods", icon: "grid" },
  { type: "banner", icon: "image" },
  { type: "quick", icon: "menu" },
  { type: "notice", icon: "bell" },
  { type: "suggested", icon: "gift" },
  { type: "check_in", icon: "calendar" },
  { type: "tier", icon: "crown" },
  { type: "rich_text", icon: "type" },
  { type: "picture", icon: "image" },
  { type: "spacer", icon: "minus" },
];

export function iconOf(type: BlockType): IconName {
  return BLOCK_TYPES.find((one) => one.type === type)?.icon ?? "layout";
}

/** An id that no block of the page has. */
function freshId(blocks: readonly Block[], type: BlockType): string {
  const stem = type.replaceAll(/[^a-z]/g, "").slice(0, 8);
  const taken = new Set(blocks.map(({ id }) => id));
  let number = 1;
  while (taken.has(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}

const PLACEHOLDER = "/goods/placeholder.svg";

function madeBlock(type: BlockType, id: string, words: { text: string; entry: string }): Block {
  switch (type) {
    case "banner": {
      const slide = { picture: PLACEHOLDER, alt: "", title: "", note: "", link: null };
      return { type, id, heightPercent: 40, slides: [slide] };
    }
    case "notice":
      return { type, id, text: words.text, link: null };
    case "quick":
      return { type, id, entries: [{ icon: "gift", title: words.entry, note: "", link: "/" }] };
    case "sales":
      return { type, id, title: "", max: 3 };
    case "goods":
      return {
        ...{ type, id, title: "", layout: "grid", max: 8, showsBands: false },
        source: { kind: "all" },
      };
    case "suggested":
      return { type, id, reasons: ["expiring", "because"], max: 6 };
    case "rich_text":
      return { type, id, text: words.text };
    case "picture":
      return { type, id, picture: PLACEHOLDER, alt: "", heightPercent: 60, link: null };
    case "spacer":
      return { type, id, size: 16 };
    default:
      return { type, id };
  }
}

export function addBlock(
  body: PageBody,
  type: BlockType,
  after: string | null,
  words: { text: string; entry: string },
): { body: PageBody; id: string } {
  const id = freshId(body.blocks, type);
  const at = body.blocks.findIndex((block) => block.id === after);
  const blocks = body.blocks.toSpliced(
    at < 0 ? body.blocks.length : at + 1,
    0,
    madeBlock(type, id, words),
  );
  return { body: { ...body, blocks }, id };
}

export function copyBlock(body: PageBody, id: string): { body: PageBody; id: string } {
  const at = body.blocks.findIndex((block) => block.id === id);
  const found = body.blocks[at];
  if (!found) return { body, id };
  const copy = { ...found, id: freshId(body.blocks, found.type) };
  return { body: { ...body, blocks: body.blocks.toSpliced(at + 1, 0, copy) }, id: copy.id };
}

export function moveBlock(body: PageBody, id: string, to: number): PageBody {
  const from = body.blocks.findIndex((block) => block.id === id);
  const found = body.blocks[from];
  const place = Math.max(0, Math.min(body.blocks.length - 1, to));
  if (!found || from === place) return body;
  return { ...body, blocks: body.blocks.toSpliced(from, 1).toSpliced(place, 0, found) };
}

export function removeBlock(body: PageBody, id: string): PageBody {
  return { ...body, blocks: body.blocks.filter((block) => block.id !== id) };
}

/** Puts a block back where it stood, whatever else has changed meanwhile. */
export function insertBlock(body: PageBody, block: Block, at: number): PageBody {
  const others = body.blocks.filter(({ id }) => id !== block.id);
  return { ...body, blocks: others.toSpliced(Math.min(at, others.length), 0, block) };
}

export function changeBlock(body: PageBody, changed: Block): PageBody {
  return {
    ...body,
    blocks: body.blocks.map((block) => (block.id === changed.id ? changed : block)),
  };
}

export interface Difference {
  readonly kind: "added" | "gone" | "altered" | "moved";
  readonly type: BlockType;
  readonly id: string;
}

/** What the newer page has done to the older. */
export function differencesOf(older: PageBody, newer: PageBody): Difference[] {
  const before = new Map(older.blocks.map((block) => [block.id, block]));
  const after = new Set(newer.blocks.map(({ id }) => id));
  const kept = older.blocks.filter(({ id }) => after.has(id)).map(({ id }) => id);
  const order = newer.blocks.filter(({ id }) => before.has(id)).map(({ id }) => id);
  const found: Difference[] = [];
  for (const { id, type } of older.blocks)
    if (!after.has(id)) found.push({ kind: "gone", type, id });
  for (const block of newer.blocks) {
    const { id, type } = block;
    const old = before.get(id);
    if (!old) found.push({ kind: "added", type, id });
    else if (JSON.stringify(old) !== JSON.stringify(block))
      found.push({ kind: "altered", type, id });
    else if (kept.indexOf(id) !== order.indexOf(id)) found.push({ kind: "moved", type, id });
  }
  return found;
}
