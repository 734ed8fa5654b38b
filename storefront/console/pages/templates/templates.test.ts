import { describe, expect, it } from "vitest";
import { templatesIn } from "./index.ts";

const HAN = /\p{Script=Han}/u;

/** Every text of a value with the name it goes by. */
function textsOf(value: unknown, name = ""): readonly (readonly [name: string, text: string])[] {
  if (typeof value === "string") return [[name, value]];
  if (typeof value !== "object" || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, one]) => textsOf(one, isList ? name : key));
}

describe("templates", () => {
  const chinese = templatesIn("zh-CN");
  const english = templatesIn("en");

  it("are wholly in the language they are chosen in", () => {
    expect(textsOf(english).filter(([, text]) => HAN.test(text))).toEqual([]);
    const [tea] = chinese;
    expect(tea?.goods.every(({ title }) => HAN.test(title))).toBe(true);
  });

  it("differ in their words and in nothing else", () => {
    const bare = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (key, one: unknown) =>
          /^(?:title|subtitle|note|text|detail|description|rules|spendTitle|saleTitle)$/.test(key)
            ? ""
            : one,
        ),
      );
    const tierless = chinese.map((one) => ({ ...one, tiers: one.tiers.map(([id]) => id) }));
    expect(bare(english.map((one) => ({ ...one, tiers: one.tiers.map(([id]) => id) })))).toEqual(
      bare(tierless),
    );
  });

  // As the page builder takes them; a longer one would stop the opening halfway.
  it.each([...chinese, ...english])("of $id fit where they stand: $spendTitle", ({ home }) => {
    const { share, blocks } = home;
    expect(share.title.length).toBeLessThanOrEqual(24);
    expect(share.description.length).toBeLessThanOrEqual(60);
    for (const block of blocks) {
      if (block.type === "notice") expect(block.text.length).toBeLessThanOrEqual(80);
      for (const { title, note } of block.type === "quick" ? block.entries : []) {
        expect(title.length, title).toBeLessThanOrEqual(8);
        expect(note.length, note).toBeLessThanOrEqual(10);
      }
      for (const { title, note } of block.type === "banner" ? block.slides : []) {
        expect(title.length, title).toBeLessThanOrEqual(24);
        expect(note.length, note).toBeLessThanOrEqual(40);
      }
    }
  });
});
