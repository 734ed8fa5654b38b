/** Documents point at things that are there, and say the same in both languages. */
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { filesUnder, isScript, isTest, isThere, readText, ROOT } from "./source.ts";

const documents = filesUnder(".", (path) => path.endsWith(".md"));
const withoutFences = (text: string): string => text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, "");

/** As GitHub makes anchors: lower case, punctuation gone, blanks to hyphens. */
function anchorsOf(path: string): Set<string> {
  const anchors = new Set<string>();
  for (const match of withoutFences(readText(path)).matchAll(/^#{1,6}\s+(.+)$/gm)) {
    const plain = (match[1] ?? "")
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[`*]/g, "");
    anchors.add(
      plain
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
        .trim()
        .replaceAll(/\s/g, "-"),
    );
  }
  return anchors;
}

function brokenLinks(path: string): string[] {
  const text = withoutFences(readText(path)).replaceAll(/`[^`\n]*`/g, "");
  const broken: string[] = [];
  const links = text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|<img src="([^"]+)"/g);
  for (const [, ofText, ofPicture] of links) {
    const link = ofText ?? ofPicture ?? "";
    if (/^[a-z][a-z+.-]*:/i.test(link)) continue;
    const [file = "", anchor] = link.split("#", 2);
    const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
    if (!isThere(target)) broken.push(`${path} → ${link}`);
    else if (
      anchor &&
      target.endsWith(".md") &&
      !anchorsOf(target).has(decodeURIComponent(anchor))
    ) {
      broken.push(`${path} → ${link}`);
    }
  }
  return broken;
}

/** `worker/app.ts` in a document names a file of ours. Patterns and places of generated files are none. */
function brokenPaths(path: string): string[] {
  const named = [
    ...readText(path).matchAll(/`((?:worker|storefront|migrations|bench|docs)\/[\w./-]+)`/g),
  ];
  return named
    .map((match) => match[1] ?? "")
    .filter((name) => !isThere(name))
    .map((name) => `${path} → ${name}`);
}

describe("documents", () => {
  it("link to what is there", () => {
    expect(documents.length).toBeGreaterThan(8);
    expect(documents.flatMap(brokenLinks)).toEqual([]);
  });

  it("name files that are there", () => {
    expect(documents.flatMap(brokenPaths)).toEqual([]);
  });

  it("number the decisions without a gap", () => {
    const numbers = filesUnder("docs/adr", (path) => path.endsWith(".md")).map((path) =>
      Number(posix.basename(path).slice(0, 3)),
    );
    expect(numbers).toEqual(numbers.map((_, at) => at));
    const listed = readText("docs/architecture.md").matchAll(/^- \[(\d{3}) [^\]]+\]\(adr\/\1-/gm);
    expect([...listed].map(([, number]) => Number(number))).toEqual(numbers);
  });

  it("list the changes of a version under each heading once", () => {
    const twice = readText("CHANGELOG.md")
      .split(/^## /m)
      .flatMap((version) => {
        const headings = [...version.matchAll(/^###+ (.+)$/gm)].map(([, heading]) => heading);
        return headings.filter((heading, at) => headings.indexOf(heading) !== at);
      });
    expect(twice).toEqual([]);
  });

  it("map every folder of the worker", () => {
    const map = /^```\nworker\/$([\s\S]*?)^```$/m.exec(readText("docs/architecture.md"))?.[1] ?? "";
    const folders = filesUnder("worker", () => true).flatMap(
      (path) => /^worker\/([^/]+)\//.exec(path)?.[1] ?? [],
    );
    const lost = [...new Set(folders)].filter((folder) => !map.includes(`\n  ${folder}/ `));
    expect(lost).toEqual([]);
  });

  it("tell an operator about every row of the audit and every line to alert on", () => {
    const manual = readText("docs/operations.md");
    const sources = filesUnder("worker", (path) => isScript(path) && !isTest(path));
    const code = sources.map((path) => readText(path)).join("\n");
    const rows = [...code.matchAll(/(?:name: |Row\()"((?:I\d+|d1)_\w+)"/g)].map(([, name]) => name);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((name) => !manual.includes(`\`${name}\``))).toEqual([]);
    const alerts = /^## Logs$([\s\S]*?)^## /m.exec(manual)?.[1] ?? "";
    const events = [...alerts.matchAll(/`([a-z]+_[a-z_]+)`/g)].map(([, name]) => name);
    expect(events.filter((name) => !code.includes(`log("${name}"`))).toEqual([]);
  });

  it("keep the two readmes in step", () => {
    const shape = (path: string): string[] =>
      [...withoutFences(readText(path)).matchAll(/^(#{1,6})\s/gm)].map((match) => match[1] ?? "");
    expect(shape("README.zh-CN.md")).toEqual(shape("README.md"));
    const commands = (path: string): string[] =>
      [...readText(path).matchAll(/^```(?:bash|sh)\n([\s\S]*?)^```/gm)].map((match) =>
        (match[1] ?? "").replaceAll(/\s*#.*$/gm, ""),
      );
    expect(commands("README.zh-CN.md")).toEqual(commands("README.md"));
  });
});

type Leaf = string;
function leavesOf(value: unknown, path: string): Leaf[] {
  if (typeof value === "function") return [`${path}()`];
  if (Array.isArray(value)) return value.flatMap((one, at) => leavesOf(one, `${path}.${at}`));
  if (typeof value !== "object" || value === null) return [`${path}:${typeof value}`];
  return Object.entries(value).flatMap(([key, one]) => leavesOf(one, `${path}.${key}`));
}

const chinese = filesUnder("storefront/locales", (path) => path.endsWith("zh-CN.ts"));

describe("locales", () => {
  it("has a pair of files for every kind of words", () => {
    expect(chinese.length).toBeGreaterThan(0);
    expect(chinese.filter((path) => !isThere(path.replace("zh-CN", "en")))).toEqual([]);
  });

  it.each(chinese)("%s has the keys of its English twin", async (path) => {
    const load = async (file: string): Promise<unknown[]> =>
      Object.values(
        (await import(/* @vite-ignore */ pathToFileURL(join(ROOT, file)).href)) as object,
      ).filter((value) => typeof value === "object");
    const [left, right] = await Promise.all([load(path), load(path.replace("zh-CN", "en"))]);
    expect(leavesOf(left, "").sort()).toEqual(leavesOf(right, "").sort());
  });
});
