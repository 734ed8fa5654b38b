/** One line on a terminal, few lines elsewhere. */
import { expect, it } from "vitest";
import { Progress } from "./progress.ts";

function output(isTTY: boolean): {
  text: string;
  isTTY: boolean;
  columns: number;
  write: (text: string) => void;
} {
  const kept = { text: "", isTTY, columns: 40, write: (text: string) => void (kept.text += text) };
  return kept;
}

it("rewrites its line on a terminal, never wider than it, and wipes it before a line that stays", () => {
  const terminal = output(true);
  const progress = new Progress(terminal, () => 0);
  progress.tell(`door ${"x".repeat(100)}`);
  progress.tell("short");
  progress.say("done");
  const lines = terminal.text.split("\n").flatMap((line) => line.split("\r"));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(40);
  expect(terminal.text.split("\n")).toHaveLength(2);
  expect(terminal.text.endsWith("\rdone\n")).toBe(true);
});

it("says a plain line now and then where nothing can be rewritten", () => {
  let nowMs = 0;
  const file = output(false);
  const progress = new Progress(file, () => nowMs);
  for (; nowMs < 60_000; nowMs += 100) progress.tell(`at ${nowMs}`);
  const lines = file.text.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.length).toBeLessThan(10);
  expect(file.text).not.toContain("\r");
});
