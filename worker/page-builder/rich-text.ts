/** The merchant's words as a tree of known parts. There is no HTML on the way, so there is nothing to strip from it. */
import { linkSchema } from "./document.ts";

export type Span =
  | { readonly kind: "text" | "strong"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly link: string };

export type Paragraph =
  | { readonly kind: "heading" | "paragraph"; readonly spans: readonly Span[] }
  | { readonly kind: "list"; readonly items: readonly (readonly Span[])[] };

/** No part may begin again within itself: a line of nothing but brackets would be read once for each of them. */
const MARK = /\*\*([^*\n]+)\*\*|\[([^[\]\n]+)\]\(([^()\s]+)\)/g;

function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  const plain = (text: string): void => {
    if (text !== "") spans.push({ kind: "text", text });
  };
  for (const match of line.matchAll(MARK)) {
    const [whole, strong, words = "", link = ""] = match;
    plain(line.slice(from, match.index));
    if (strong !== undefined) spans.push({ kind: "strong", text: strong });
    // A link that leads nowhere allowed stays what was typed.
    else if (linkSchema.safeParse(link).success) spans.push({ kind: "link", text: words, link });
    else plain(whole);
    from = match.index + whole.length;
  }
  plain(line.slice(from));
  return spans;
}

/** Lines are paragraphs, so that a merchant who presses return once gets what they see. */
export function parseRichText(text: string): Paragraph[] {
  const parts: Paragraph[] = [];
  let items: Span[][] = [];
  const endList = (): void => {
    if (items.length > 0) parts.push({ kind: "list", items });
    items = [];
  };
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const item = /^[-·•]\s+(.+)$/.exec(line)?.[1];
    if (item !== undefined) {
      items.push(spansOf(item));
      continue;
    }
    endList();
    const heading = /^#{1,3}\s+(.+)$/.exec(line)?.[1];
    if (heading !== undefined) parts.push({ kind: "heading", spans: spansOf(heading) });
    else if (line !== "") parts.push({ kind: "paragraph", spans: spansOf(line) });
  }
  endList();
  return parts;
}
