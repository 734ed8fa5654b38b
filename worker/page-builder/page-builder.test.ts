import { assert, integer, property, string } from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { DEFAULT_HOME, DEFAULT_LOOK, linkSchema, lookSchema, pageBodySchema } from "./document.ts";
import { applyPageCommand, EMPTY_HEAD, shownVersion, type PageHead } from "./history.ts";
import { parseRichText } from "./rich-text.ts";
import { contrastRatio, deriveTheme, GROUNDS, PRESET_COLORS, themeCss } from "./theme.ts";

describe("a page document", () => {
  it("takes the defaults", () => {
    expect(pageBodySchema.safeParse(DEFAULT_HOME).success).toBe(true);
    expect(lookSchema.safeParse(DEFAULT_LOOK).success).toBe(true);
  });

  it("refuses two blocks of one id, unknown blocks and unknown fields", () => {
    const block = { type: "spacer", id: "a", size: 8 };
    const page = (blocks: unknown[]): boolean =>
      pageBodySchema.safeParse({ ...DEFAULT_HOME, blocks }).success;
    expect(page([block])).toBe(true);
    expect(page([block, block])).toBe(false);
    expect(page([{ ...block, html: "<script>" }])).toBe(false);
    expect(page([{ type: "html", id: "a", html: "<b>" }])).toBe(false);
  });

  it("lets links lead to paths of the mall and to https only", () => {
    const good = ["/", "/p/tea", "/s/demo.cup~1?a=1#b", "https://example.com", "https://a.cn/x?y"];
    const bad = [
      ...["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "http://a.cn"],
      ...["//evil.example", "/\\evil.example", "https://user@evil.example", "/a b", "", "p/tea"],
      ...["https://", "https:///x", "\tjavascript:x", "/\u0009/evil"],
    ];
    expect(good.filter((link) => !linkSchema.safeParse(link).success)).toEqual([]);
    expect(bad.filter((link) => linkSchema.safeParse(link).success)).toEqual([]);
  });
});

describe("rich text", () => {
  it("knows headings, lists, strong words and links", () => {
    expect(parseRichText("## 规则\n第一 **必读** [看](/p/a)\n- 一\n- 二")).toEqual([
      { kind: "heading", spans: [{ kind: "text", text: "规则" }] },
      {
        kind: "paragraph",
        spans: [
          { kind: "text", text: "第一 " },
          { kind: "strong", text: "必读" },
          { kind: "text", text: " " },
          { kind: "link", text: "看", link: "/p/a" },
        ],
      },
      {
        kind: "list",
        items: [[{ kind: "text", text: "一" }], [{ kind: "text", text: "二" }]],
      },
    ]);
  });

  it("takes the brackets next to each other for a link, and the rest as typed", () => {
    expect(parseRichText("[[看](/p/a)")).toEqual([
      {
        kind: "paragraph",
        spans: [
          { kind: "text", text: "[" },
          { kind: "link", text: "看", link: "/p/a" },
        ],
      },
    ]);
  });

  it("keeps what it does not know as the words that were typed", () => {
    const typed = '<img src=x onerror="alert(1)"> [x](javascript:alert(1))';
    expect(parseRichText(typed)).toEqual([
      {
        kind: "paragraph",
        spans: [{ kind: "text", text: typed }],
      },
    ]);
  });

  it("never makes a link of what no link may be", () => {
    assert(
      property(string({ maxLength: 80 }), (target) => {
        const links = parseRichText(`[a](${target})`).flatMap((part) =>
          part.kind === "list" ? part.items.flat() : part.spans,
        );
        for (const span of links) {
          if (span.kind === "link") expect(linkSchema.safeParse(span.link).success).toBe(true);
        }
      }),
    );
  });
});

const color = integer({ min: 0, max: 0xffffff }).map(
  (value) => `#${value.toString(16).padStart(6, "0")}`,
);

describe("a theme", () => {
  it("measures as WCAG does", () => {
    expect(contrastRatio("#ffffff", "#000000")).toBeCloseTo(21, 5);
    expect(contrastRatio("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });

  it("makes every colour legible in both schemes", () => {
    assert(
      property(color, (given) => {
        const { light, dark, checks } = deriveTheme(given);
        for (const check of checks) expect(check.ratio).toBeGreaterThanOrEqual(check.needed);
        for (const [tokens, ground] of [
          [light, GROUNDS.light],
          [dark, GROUNDS.dark],
        ] as const) {
          for (const behind of [ground.bg, ground.surface, ground.well, tokens.tint]) {
            expect(contrastRatio(tokens.text, behind)).toBeGreaterThanOrEqual(4.5);
          }
          expect(contrastRatio(tokens.on, tokens.solid)).toBeGreaterThanOrEqual(4.5);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("says what it corrected", () => {
    const { checks } = deriveTheme(PRESET_COLORS.market);
    const light = checks.filter(({ scheme }) => scheme === "light");
    expect(light.find(({ key }) => key === "price")).toMatchObject({ isCorrected: true });
    expect(deriveTheme(PRESET_COLORS.bank).checks.find(({ key }) => key === "price")).toMatchObject(
      { isCorrected: false },
    );
  });

  it("measures against the grounds that the pages have", () => {
    const css = readFileSync("storefront/ui/tokens.css", "utf8").toLowerCase();
    for (const { bg, surface, well } of Object.values(GROUNDS)) {
      for (const [name, value] of Object.entries({ bg, surface, "surface-2": well })) {
        expect(css).toMatch(new RegExp(`--${name}:\\s*${value}\\b`));
      }
    }
    for (const value of Object.values(PRESET_COLORS)) expect(css).toContain(`--l-solid: ${value}`);
  });

  it("writes no style for a theme of the house, and only colours for another", () => {
    expect(themeCss("tea", "small")).toBe("");
    expect(themeCss("#123456", "round")).toMatch(
      /^html:root\{--r-1:6px[^{}<]*\}html:root\{--l-solid:#123456[^{}<]*\}$/,
    );
  });
});

const T = 1_900_000_000_000;

function run(...steps: readonly Parameters<typeof applyPageCommand>[2][]): PageHead {
  let head: PageHead = EMPTY_HEAD;
  for (const step of steps) {
    const outcome = applyPageCommand(head, head.revision, step, T);
    if (!outcome.ok) throw new Error(outcome.reason);
    ({ head } = outcome);
  }
  return head;
}

describe("the history of a page", () => {
  const draft = { kind: "save", body: { a: 1 } } as const;

  it("refuses who saw an older revision, and changes nothing", () => {
    const head = run(draft);
    expect(applyPageCommand(head, 0, { kind: "save", body: {} }, T)).toEqual({
      ok: false,
      reason: "revision",
    });
  });

  it("shows a scheduled version from its moment on, and then lets it stand", () => {
    const head = run(
      draft,
      { kind: "publish", atMs: null, of: null },
      { kind: "publish", atMs: T + 60_000, of: null },
    );
    expect(shownVersion(head, T)).toBe(1);
    expect(shownVersion(head, T + 59_999)).toBe(1);
    expect(shownVersion(head, T + 60_000)).toBe(2);
    const later = applyPageCommand(head, head.revision, draft, T + 70_000);
    expect(later.ok && later.head).toMatchObject({ publishedVersion: 2, scheduledVersion: null });
  });

  it("takes a schedule back while it has not come", () => {
    const head = run(
      draft,
      { kind: "publish", atMs: T + 60_000, of: null },
      { kind: "unschedule" },
    );
    expect(shownVersion(head, T + 120_000)).toBeNull();
    expect(applyPageCommand(head, head.revision, { kind: "unschedule" }, T)).toMatchObject({
      reason: "not_scheduled",
    });
  });

  it("rolls back by publishing the old content anew, and edits on from it", () => {
    const before = run(draft, { kind: "publish", atMs: null, of: null });
    const outcome = applyPageCommand(
      before,
      before.revision,
      { kind: "roll_back", version: 1, body: { a: 0 }, keepsDraft: false },
      T,
    );
    expect(outcome).toMatchObject({
      ok: true,
      head: { publishedVersion: 2, draft: { a: 0 } },
      version: { version: 2, restores: 1 },
    });
  });

  it("takes a publication back and leaves the draft, also the first one", () => {
    const first = run(draft, { kind: "publish", atMs: null, of: null });
    const none = applyPageCommand(
      first,
      first.revision,
      { kind: "roll_back", version: 0, body: null, keepsDraft: true },
      T,
    );
    expect(none).toMatchObject({ head: { publishedVersion: null, draft: { a: 1 } } });
    expect(none).toMatchObject({ ok: true, version: null });
    const second = applyPageCommand(
      first,
      first.revision,
      { kind: "roll_back", version: 1, body: { a: 0 }, keepsDraft: true },
      T,
    );
    expect(second).toMatchObject({ head: { publishedVersion: 2, draft: { a: 1 } } });
  });

  it("publishes nothing that was never written, and nothing in the past", () => {
    expect(
      applyPageCommand(EMPTY_HEAD, 0, { kind: "publish", atMs: null, of: null }, T),
    ).toMatchObject({
      reason: "no_draft",
    });
    const head = run(draft);
    const at = (atMs: number): unknown =>
      applyPageCommand(head, head.revision, { kind: "publish", atMs, of: null }, T);
    expect(at(T)).toMatchObject({ reason: "time" });
    expect(at(T + 181 * 86_400_000)).toMatchObject({ reason: "time" });
  });
});
