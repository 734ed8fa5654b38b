/** What code says of a field in English has its Chinese: `worker/platform/http/field-texts.ts`. */
import { describe, expect, it } from "vitest";
import { inChinese } from "../../platform/http/field-texts.ts";
import { filesUnder, isScript, isTest, readText } from "./source.ts";

const isOurs = (path: string): boolean =>
  isScript(path) && !isTest(path) && !/^worker\/(?:local|testing)\//.test(path);

/** A code such as `too_short` is one word, and a word of the page that shows it. */
const isSentence = (text: string): boolean => /[a-z] [a-z]/i.test(text);

describe("sentences about fields", () => {
  it("are there in both languages", () => {
    const said = filesUnder("worker", isOurs)
      .flatMap((path) => [...readText(path).matchAll(/\b(?:reason|message): "([^"]+)"/g)])
      .map(([, text = ""]) => text)
      .filter(isSentence);
    expect(said.length).toBeGreaterThan(80);
    expect(said.filter((text) => !/\p{Script=Han}/u.test(inChinese(text)))).toEqual([]);
  });
});
