/** The scripts of a build and what each asks for: read by the budgets and by the build of the service worker. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** `start-home-CULK0fUZ.js` → `start-home`. */
export const stemOf = (file: string): string => file.replace(/-[\w-]{8}\.js$/, "");

/** File name → code. */
export function builtScripts(assets: string): Map<string, string> {
  const files = readdirSync(assets).filter((file) => file.endsWith(".js"));
  return new Map(files.map((file) => [file, readFileSync(join(assets, file), "utf8")]));
}

/** What a file asks for at once, whoever runs it. */
function importsOf(code: string): string[] {
  return [...code.matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)].map((match) => match[1] ?? "");
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
