/** What code says of a field in English has its Chinese: `worker/platform/http/field-texts.ts`. */
import { describe, expect, it } from "vitest";
import { inChinese } from "../../platform/http/field-texts.ts";
import { filesUnder, isScript, isTest, readText } from "./source.ts";

const isOurs = (path: string): boolean =>
  isScript(path) && !isTest(path) && !/^worker\/(?:local|testing)\//.test(path);

/** A code such as `too_short` is one word, and a word of the page that shows it. */
const isSentence = (text: string): boolean => /[a-z] [a-z]/i.test(text);

/** Where a sentence stands: as a property, beside the pattern or the rule it explains, and in what a whole body is refused with. */
const PLACES = [
  /\b(?:reason|message): (?:"([^"]+)"|`([^`]+)`)/g,
  /\.(?:regex|refine)\([^;]*?, "([^"]+)",?\s*\)/g,
  /\bbad\(\d+, (?:"([^"]+)"|`([^`]+)`)\)/g,
];

/** A template is tried with a figure in each gap. */
const filled = (text: string): string => text.replaceAll(/\$\{[^}]*\}/g, "7");

describe("sentences about fields", () => {
  it("are there in both languages", () => {
    const said = filesUnder("worker", isOurs)
      .flatMap((path) => PLACES.flatMap((place) => [...readText(path).matchAll(place)]))
      .map(([, text, template]) => filled(text ?? template ?? ""))
      .filter(isSentence);
    expect(said.length).toBeGreaterThan(140);
    expect(said.filter((text) => !/\p{Script=Han}/u.test(inChinese(text)))).toEqual([]);
  });
});
