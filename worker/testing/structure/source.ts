/** Reads the repository as text: enough of TypeScript's lexis to find imports, functions and their lengths. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";

export const ROOT = join(import.meta.dirname, "../../..");

const SKIPPED = new Set([
  "node_modules",
  "dist",
  "coverage",
  "results",
  ".git",
  ".data",
  ".wrangler",
  ".vitest",
]);

/** Paths from the root, with forward slashes, sorted. */
export function filesUnder(folder: string, isWanted: (path: string) => boolean): string[] {
  const found: string[] = [];
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) visit(path);
        continue;
      }
      const name = relative(ROOT, path).replaceAll("\\", "/");
      if (isWanted(name)) found.push(name);
    }
  };
  const start = join(ROOT, folder);
  if (existsSync(start)) visit(start);
  return found.sort();
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

export const isScript = (path: string): boolean =>
  /\.(ts|tsx|js|mjs)$/.test(path) && !path.endsWith(".d.ts");
export const isTest = (path: string): boolean =>
  /\.test\.tsx?$/.test(path) || /(^|\/)testing\//.test(path);

export interface Source {
  readonly path: string;
  /** Comments blanked, so that text in them is never taken for code. */
  readonly text: string;
  /** Comments and the insides of strings blanked; every character keeps its place. */
  readonly code: string;
}

export function readSource(path: string): Source {
  return { path, ...blank(readText(path)) };
}

/** A slash after one of these begins a regular expression, elsewhere it divides. */
const BEFORE_REGEX = /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield))\s*$/;

/** Walks the text once and blanks what is no code. Line breaks stay, so lines keep their numbers. */
export function blank(source: string): { text: string; code: string } {
  const text = [...source];
  const code = [...source];
  // Depth of braces at which each open `${` returns to its template.
  const templates: number[] = [];
  let depth = 0;
  let at = 0;
  const wipe = (list: string[], from: number, to: number): void => {
    for (let place = from; place < to; place += 1) if (list[place] !== "\n") list[place] = " ";
  };
  const endOfTemplate = (from: number): number => {
    let place = from;
    while (place < text.length && source[place] !== "`") {
      if (source[place] === "\\") place += 1;
      else if (source[place] === "$" && source[place + 1] === "{") {
        templates.push(depth);
        depth += 1;
        return place + 2;
      }
      place += 1;
    }
    return place + 1;
  };
  while (at < source.length) {
    const here = source[at] ?? "";
    const next = source[at + 1] ?? "";
    let end = at + 1;
    if (here === "/" && next === "/") {
      end = indexOrEnd(source, "\n", at);
      wipe(text, at, end);
      wipe(code, at, end);
    } else if (here === "/" && next === "*") {
      end = indexOrEnd(source, "*/", at + 2) + 2;
      wipe(text, at, end);
      wipe(code, at, end);
    } else if (here === '"' || here === "'") {
      end = endOfQuoted(source, at, here);
      wipe(code, at + 1, end - 1);
    } else if (here === "`") {
      end = endOfTemplate(at + 1);
      wipe(code, at + 1, end - 1);
    } else if (here === "/" && BEFORE_REGEX.test(source.slice(Math.max(0, at - 16), at))) {
      end = endOfRegex(source, at);
      wipe(code, at, end);
    } else if (here === "{") {
      depth += 1;
    } else if (here === "}") {
      depth -= 1;
      if (templates.at(-1) === depth) {
        templates.pop();
        end = endOfTemplate(at + 1);
        wipe(code, at + 1, end - 1);
      }
    }
    at = end;
  }
  return { text: text.join(""), code: code.join("") };
}

function indexOrEnd(source: string, wanted: string, from: number): number {
  const found = source.indexOf(wanted, from);
  return found < 0 ? source.length : found;
}

/** A quote that is not closed on its line is an apostrophe in the text of a page. */
function endOfQuoted(source: string, from: number, quote: string): number {
  for (let at = from + 1; at < source.length && source[at] !== "\n"; at += 1) {
    if (source[at] === "\\") at += 1;
    else if (source[at] === quote) return at + 1;
  }
  return from + 1;
}

function endOfRegex(source: string, from: number): number {
  let isInClass = false;
  for (let at = from + 1; at < source.length && source[at] !== "\n"; at += 1) {
    const here = source[at];
    if (here === "\\") at += 1;
    else if (here === "[") isInClass = true;
    else if (here === "]") isInClass = false;
    else if (here === "/" && !isInClass) return at + 1;
  }
  return from + 1;
}

// ---- imports

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** Path from the root when it is relative, else null. */
  readonly path: string | null;
  readonly isTypeOnly: boolean;
}

const FROM = /\b(?:import|export)\s+(type\s+)?(?:[\w*{][^;'"`]*?)\sfrom\s*["']([^"']+)["']/g;
const BARE = /\bimport\s*\(?\s*["']([^"']+)["']/g;

export function importsOf({ path, text }: Source): Import[] {
  const folder = posix.dirname(path);
  const at = (specifier: string, isTypeOnly: boolean): Import => ({
    specifier,
    path: specifier.startsWith(".") ? posix.normalize(posix.join(folder, specifier)) : null,
    isTypeOnly,
  });
  const found: Import[] = [];
  for (const match of text.matchAll(FROM)) found.push(at(match[2] ?? "", match[1] !== undefined));
  for (const match of text.matchAll(BARE)) found.push(at(match[1] ?? "", false));
  return found;
}

// ---- functions

export interface FunctionSpan {
  readonly name: string;
  /** 1 for the first line of the file. */
  readonly line: number;
  readonly lines: number;
}

const NO_METHOD = new Set([
  "if",
  "for",
  "while",
  "switch",
  "catch",
  "return",
  "await",
  "function",
  "new",
  "super",
  "typeof",
  "with",
]);
const NAMED = /\bfunction\s*\*?\s*([\w$]*)\s*(?:<[^(]*>)?\s*\(/g;
const METHOD =
  /^[ \t]+(?:(?:public|private|protected|static|override|async|get|set)\s+)*\*?(#?[\w$]+)\s*(?:<[^(\n]*>)?\(/gm;
const ARROW = /=>\s*([{(])/g;

/** Every function with a body: declarations, methods and arrows, outer ones and inner ones. */
export function functionsOf({ code }: Source): FunctionSpan[] {
  const found: FunctionSpan[] = [];
  const lineOf = lineCounter(code);
  const add = (name: string, from: number, to: number): void => {
    const line = lineOf(from);
    found.push({ name, line, lines: lineOf(to) - line + 1 });
  };
  const declared = (match: RegExpExecArray, name: string): void => {
    const parens = match.index + match[0].length - 1;
    const body = bodyAfter(code, closing(code, parens) + 1);
    if (body !== null)
      add(name, match.index + (match[0].length - match[0].trimStart().length), closing(code, body));
  };
  for (const match of code.matchAll(NAMED)) declared(match, match[1] || "(function)");
  for (const match of code.matchAll(METHOD)) {
    const name = match[1] ?? "";
    if (!NO_METHOD.has(name)) declared(match, name);
  }
  for (const match of code.matchAll(ARROW)) {
    const open = match.index + match[0].length - 1;
    add(nameOfArrow(code, match.index), match.index, closing(code, open));
  }
  return found;
}

function nameOfArrow(code: string, at: number): string {
  const line = code.slice(code.lastIndexOf("\n", at) + 1, at);
  return /\b(?:const|let)\s+([\w$]+)/.exec(line)?.[1] ?? "(arrow)";
}

const PAIRS: Readonly<Record<string, string>> = { "(": ")", "{": "}", "[": "]" };

/** The place of the bracket that closes the one at `open`; the end of the text when none does. */
function closing(code: string, open: number): number {
  const opener = code[open] ?? "";
  const closer = PAIRS[opener];
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    if (code[at] === opener) depth += 1;
    else if (code[at] === closer) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return code.length - 1;
}

/** The brace that opens a body after a list of parameters and a return type; null for a call or a signature. */
function bodyAfter(code: string, from: number): number | null {
  const rest = code.slice(from);
  if (/^\s*\{/.test(rest)) return from + rest.indexOf("{");
  if (!/^\s*:/.test(rest)) return null;
  for (let at = from; at < code.length; at += 1) {
    const here = code[at];
    if (here === ";" || here === ")" || here === "}") return null;
    // In a type a brace follows punctuation; the body follows the end of a type.
    if (here === "{") {
      const before = code.slice(0, at).trimEnd();
      if (!/(?:[:|&<,(]|=>)$/.test(before)) return at;
      at = closing(code, at);
    } else if (here === "(" || here === "[") {
      at = closing(code, at);
    }
  }
  return null;
}

function lineCounter(code: string): (at: number) => number {
  const starts = [0];
  for (let at = code.indexOf("\n"); at >= 0; at = code.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

/** Whether a path from the root names a file or folder that exists. */
export function isThere(path: string): boolean {
  return existsSync(join(ROOT, path));
}

export function folderOf(path: string): string {
  return dirname(path);
}
