import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const HUES = "white|black|red|green|blue|yellow|orange|purple|gray|grey|silver|gold|brown|pink";
const RAW = new RegExp(
  `#[0-9a-fA-F]{3,8}\\b(?!["'\`)]?[\\w-])|\\b(?:rgba?|hsla?|oklch|lab|color-mix)\\(|(?:color|background|border[\\w-]*|fill|stroke|shadow)\\s*:[^;"]*\\b(?:${HUES})\\b`,
);
/** Beyond the browser floor of the storefront (Chrome 87, Safari 14). */
const TOO_NEW =
  /(?:^|[\s;{])(?:gap|row-gap|column-gap|aspect-ratio|inset(?:-\w+)?)\s*:|:has\(|\d(?:dvh|svh|lvh)\b|@container|@layer/;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

const sources = ["ui", "member", "client", "console"].flatMap((folder) =>
  files(join(root, folder)),
);
const components = sources.filter(
  (path) => /\.(css|tsx)$/.test(path) && !/tokens\.css$|\.test\.tsx?$/.test(path),
);
const stripped = (path: string): string =>
  readFileSync(path, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");

it("finds the components it is about", () => expect(components.length).toBeGreaterThan(15));

it.each(components.map((path) => [path.slice(root.length), path]))(
  "%s names no raw colour",
  (_name, path) => {
    const bad = stripped(path)
      .split("\n")
      .filter((line) => RAW.test(line) && !line.includes("href={`#"));
    expect(bad).toEqual([]);
  },
);

// Staff bring a browser of the last two years; members bring whatever their phone has.
it.each(
  components
    .filter((path) => path.endsWith(".css") && !path.includes("/console/"))
    .map((path) => [path.slice(root.length), path]),
)("%s stays on the browser floor", (_name, path) => {
  expect(
    stripped(path)
      .split("\n")
      .filter((line) => TOO_NEW.test(line)),
  ).toEqual([]);
});

it.each(
  components.filter((path) => path.endsWith(".css")).map((path) => [path.slice(root.length), path]),
)("%s reads only tokens that exist", (_name, path) => {
  const tokens = new Set(
    [...readFileSync(join(root, "ui/tokens.css"), "utf8").matchAll(/(--[\w-]+):/g)].map(
      ([, name]) => name,
    ),
  );
  const read = [...stripped(path).matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name);
  expect(read.filter((name) => !tokens.has(name))).toEqual([]);
});

it("has no token that nothing reads", () => {
  const tokens = stripped(join(root, "ui/tokens.css"));
  const readers = sources
    .filter((path) => /\.(css|tsx?)$/.test(path) && !/\.test\.tsx?$/.test(path))
    .map(stripped)
    .join("\n");
  const read = new Set([...readers.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
  const named = new Set([...tokens.matchAll(/(--[\w-]+)\s*:/g)].map(([, name]) => name));
  expect([...named].filter((name) => !read.has(name))).toEqual([]);
});
