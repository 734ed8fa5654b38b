/** JSON values, a line each, over the pipes between two processes. */
import type { Readable, Writable } from "node:stream";

/** A line longer than this is no message of ours. */
const LINE_CHARS_MAX = 64 * 1024 * 1024;

/** Calls `onValue` for every line; a line that is no JSON ends the reading with `onBroken`. */
export function readLines(
  stream: Readable,
  onValue: (value: unknown) => void,
  onBroken: (reason: string) => void,
): void {
  let parts: string[] = [];
  let chars = 0;
  let isBroken = false;
  const fail = (reason: string): void => {
    isBroken = true;
    parts = [];
    onBroken(reason);
  };
  const take = (line: string): void => {
    if (line === "" || isBroken) return;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return fail(`a line that is no JSON: ${line.slice(0, 80)}`);
    }
    onValue(value);
  };
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    if (isBroken) return;
    const lines = text.split("\n");
    for (let at = 0; at < lines.length - 1; at += 1) {
      parts.push(lines[at] ?? "");
      const line = parts.join("");
      parts = [];
      chars = 0;
      take(line);
    }
    const rest = lines.at(-1) ?? "";
    parts.push(rest);
    chars += rest.length;
    if (chars > LINE_CHARS_MAX) fail("a line without an end");
  });
}

export function writeLine(stream: Writable, value: unknown): void {
  stream.write(`${JSON.stringify(value)}\n`);
}

/** Latencies as a text: four bytes each are exact to a ten-millionth. */
export function packFloats(values: Float64Array): string {
  return Buffer.from(Float32Array.from(values).buffer).toString("base64");
}

export function unpackFloats(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return Float64Array.from(new Float32Array(bytes.buffer));
}
