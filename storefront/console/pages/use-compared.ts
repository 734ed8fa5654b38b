/** Where two drafts differ: blocks by their ids, so that one which was only moved is not told as another. */
import type { Block, PageBody } from "../../../worker/page-builder/wire.ts";
import { differencesOf, useWords, type Difference, type Tell } from "../kit/index.ts";
import { BLOCK_WORDS } from "./block-words.ts";
import { WORDS } from "./words.ts";

type Blocks = Readonly<Record<string, Block>>;

const isPage = (body: object): body is PageBody => "blocks" in body;

function compared(body: object): object {
  if (!isPage(body)) return body;
  const blocks = Object.fromEntries(body.blocks.map((block) => [block.id, block]));
  const { title, share } = body;
  return { title, share, order: body.blocks.map(({ id }) => id), blocks };
}

export function useCompared(): (mine: object, theirs: object) => readonly Difference[] {
  const words = useWords(WORDS);
  const blockWords = useWords(BLOCK_WORDS);
  return (mine, theirs) => {
    const pages = [mine, theirs].map(compared) as { blocks?: Blocks }[];
    const types = new Map(
      pages.flatMap(({ blocks = {} }) => Object.values(blocks).map(({ id, type }) => [id, type])),
    );
    const nameOf = (id: string): string => {
      const type = types.get(id);
      return type ? blockWords.types[type] : id;
    };
    const wordFor = (name: string): string => {
      const found = [blockWords, words].map((all) => (all as Record<string, unknown>)[name]);
      return found.find((one): one is string => typeof one === "string") ?? name;
    };
    const tell: Tell = {
      label: (path) => {
        const [part = "", id = "", ...inside] = path.split(".");
        if (part === "order") return words.order;
        if (part === "title") return words.pageTitle;
        if (part === "share") return words.shareTitle;
        if (part !== "blocks")
          return [part, id, ...inside].filter(Boolean).map(wordFor).join(" · ");
        const last = inside.filter((one) => !/^\d+$/.test(one)).map(wordFor);
        return [nameOf(id), ...last].join(" · ");
      },
      text: (path, value) => {
        if (path === "order") return (value as string[]).map(nameOf).join(" → ");
        if (!/^blocks\.[^.]+$/.test(path)) return null;
        return value === undefined ? words.history.gone : words.history.added;
      },
    };
    const [left = {}, right = {}] = pages;
    const plain = (value: unknown): string =>
      value === null || value === undefined || value === "" ? "—" : plainOf(value);
    return differencesOf(left, right, new Map(), tell, plain);
  };
}

const plainOf = (value: unknown): string =>
  typeof value === "object" && value !== null
    ? Object.values(value)
        .filter((one) => typeof one !== "object")
        .join(" · ")
    : String(value);
