import { describe, expect, it } from "vitest";
import { blank, functionsOf, importsOf, type Source } from "./source.ts";

const source = (code: string): Source => ({ path: "worker/a/b.ts", ...blank(code) });

describe("the scanner", () => {
  it("blanks comments and strings, and keeps every line where it was", () => {
    const written =
      "const a = 'x{'; // {\n/* { */ const b = `{${c({})}{`;\nconst d = /[/{]/.test(a);";
    const { code } = blank(written);
    expect(code).toHaveLength(written.length);
    expect(code.split("\n")).toHaveLength(3);
    expect(code.replaceAll(/[^{}]/g, "")).toBe("{{}}");
  });

  it("takes an apostrophe in a page's text for no string", () => {
    expect(blank("<p>don't</p>; { }").code).toContain("{ }");
  });

  it("finds imports, exports from elsewhere and imports for their types", () => {
    const found = importsOf(
      source(
        'import type { A } from "../c/index.ts";\nimport {\n  b,\n  type D,\n} from "./d.ts";\nexport * from "node:fs";\nimport "./e.css";\n// import x from "no";\nconst f = await import("./f.ts");',
      ),
    );
    expect(found.map(({ specifier, isTypeOnly }) => [specifier, isTypeOnly])).toEqual([
      ["../c/index.ts", true],
      ["./d.ts", false],
      ["node:fs", false],
      ["./e.css", false],
      ["./f.ts", false],
    ]);
    expect(found[0]?.path).toBe("worker/c/index.ts");
  });

  it("measures declarations, methods and arrows, and no calls or types", () => {
    const found = functionsOf(
      source(
        [
          "export function one(a: { b: number }): { c: number } | null {",
          "  if (a) {",
          "  }",
          "}",
          "class K {",
          "  async two<T>(x: () => void): Promise<Map<string, { y: T }>> {",
          "    call(x);",
          "  }",
          "}",
          "interface I {",
          "  three(x: number): void;",
          "}",
          "const four = () => {",
          "};",
        ].join("\n"),
      ),
    );
    expect(found.map(({ name, line, lines }) => [name, line, lines])).toEqual([
      ["one", 1, 4],
      ["two", 6, 3],
      ["four", 13, 2],
    ]);
  });
});
