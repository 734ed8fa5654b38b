/** The scripts of a build and what each asks for: read by the budgets and by the build of the service worker. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `start-home-CULK0fUZ.js` → `start-home`. */
export const stemOf = (file: string): string => file.replace(/-[\w-]{8}\.js$/, "");

/** Pages that are kept on the phone, and what they fetch by themselves; the service worker has their files. */
const KEPT = [
  ...["entry", "en", "offline", "start-home", "other-pages", "start-points", "start-mine"],
  "start-voucher",
];

/** Paths of the files that kept pages need; every stem must be there, since a page would open without its script. */
export function keptAssets(assets: string): string[] {
  const codes = builtScripts(assets);
  const stems = new Set([...codes.keys()].map(stemOf));
  const missing = KEPT.filter((stem) => !stems.has(stem));
  if (missing.length > 0) throw new Error(`kept pages miss ${missing.join(", ")}`);
  return [...reached(codes, KEPT)].sort().map((file) => `/assets/${file}`);
}

/** File name → code. */
export function builtScripts(assets: string): Map<string, string> {
  const files = readdirSync(assets).filter((file) => file.endsWith(".js"));
  return new Map(files.map((file) => [file, readFileSync(join(assets, file), "utf8")]));
}

/** What a file asks for at once, whoever runs it. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map((match) => match[1] ?? "");
}

/** What a file may ask for later: at a tap, or once the page answers. */
function laterImportsOf(code: string): string[] {
  return [...code.matchAll(/import\(\s*[`"]\.\/([^`"]+\.js)[`"]\s*\)/g)].map(
    (match) => match[1] ?? "",
  );
}

/** Files that these may ask for later, with all that those import at once; the entry's own are every page there is. */
export function reachedLater(
  codes: ReadonlyMap<string, string>,
  files: ReadonlySet<string>,
): Set<string> {
  const seen = new Set(files);
  for (const file of seen) {
    if (stemOf(file) === "entry") continue;
    const stems = laterImportsOf(codes.get(file) ?? "").map(stemOf);
    // A set goes on to what is added to it while it is walked.
    for (const later of reached(codes, stems)) seen.add(later);
  }
  return seen;
}

/** Files of these stems with all that they import at once. */
export function reached(codes: ReadonlyMap<string, string>, stems: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const reach = (file: string): void => {
    if (seen.has(file) || !codes.has(file)) return;
    seen.add(file);
    for (const next of importsOf(codes.get(file) ?? "")) reach(next);
  };
  for (const file of codes.keys()) if (stems.includes(stemOf(file))) reach(file);
  return seen;
}
