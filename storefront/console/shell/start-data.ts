import type { ConsoleStart } from "../../../worker/console/wire.ts";

/** What the Worker put into the page: who is signed in, in which language and look. */
export function readStart(): ConsoleStart {
  const text = document.getElementById("console-data")?.textContent;
  if (!text) throw new Error("the page carries no data");
  return JSON.parse(text) as ConsoleStart;
}

const YEAR_S = 31_536_000;

/** Kept where the Worker reads it, so that the next page comes right in its first paint. */
export function keep(name: "qd_lang" | "qd_scheme", value: string): void {
  document.cookie = `${name}=${value};path=/;max-age=${YEAR_S};samesite=lax`;
}
