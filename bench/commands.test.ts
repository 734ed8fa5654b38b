/** Every command that takes options tells a wrong one plainly. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const COMMANDS = [
  "worker/local/start.ts",
  ...["cli", "cost/cli", "crash/cli", "life/cli", "lists/cli", "model/cli", "peers/cli"].map(
    inBench,
  ),
  ...["rush/cli", "scale/cli", "simulator/cli"].map(inBench),
  ...["storefront/compare", "storefront/console", "storefront/routes"].map(inBench),
];

function inBench(name: string): string {
  return `bench/${name}.ts`;
}

function run(command: string): Promise<{ status: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, "--nope"], { cwd: ROOT }, (_, out, errors) =>
      resolve({ status: child.exitCode, said: out + errors }),
    );
  });
}

describe("a wrong option", () => {
  it.concurrent.each(COMMANDS)(
    "of %s is told in a sentence, with where to look",
    async (command) => {
      const { status, said } = await run(command);
      expect(status).toBe(2);
      expect(said).toContain("'--nope'");
      expect(said).toContain("--help");
      expect(said).not.toMatch(/^ +at /m);
    },
  );
});
