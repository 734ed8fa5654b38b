/** Every command that takes options tells a wrong one plainly. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const COMMANDS = [
  ...["start", "dev", "check"].map((name) => `worker/local/${name}.ts`),
  "worker/testing/gallery/shots.ts",
  ...["cli", "cost/cli", "crash/cli", "life/cli", "lists/cli", "model/cli", "peers/cli"].map(
    inBench,
  ),
  ...["rush/cli", "scale/cli", "simulator/cli"].map(inBench),
  ...["storefront/compare", "storefront/console", "storefront/routes"].map(inBench),
];

function inBench(name: string): string {
  return `bench/${name}.ts`;
}

interface Said {
  readonly status: number | null;
  readonly said: string;
}

function run(command: string, ...args: string[]): Promise<Said> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...args], { cwd: ROOT }, (_, out, errors) =>
      resolve({ status: child.exitCode, said: out + errors }),
    );
  });
}

/** Such as whoever mistypes gets, with the sentence last where the eye is: no stack, and no page of help above it. */
function expectSentence({ status, said }: Said): void {
  expect(status).toBe(2);
  expect(said).not.toMatch(/^ +at /m);
  expect(said.trim().split("\n").length).toBeLessThanOrEqual(3);
}

describe("a wrong option", () => {
  it.concurrent.each(COMMANDS)(
    "of %s is told in a sentence, with where to look",
    async (command) => {
      const told = await run(command, "--nope");
      expectSentence(told);
      expect(told.said).toContain("'--nope'");
      expect(told.said).toContain("--help");
    },
  );

  it.concurrent.each([
    [inBench("simulator/cli"), "--seeds", "0"],
    [inBench("simulator/cli"), "--mutant", "none"],
    [inBench("scale/cli"), "--members", "0"],
    [inBench("crash/cli"), "--rounds", "x"],
    [inBench("cli"), "door", "--sockets", "x"],
  ])("of %s: %s %s is told too", async (command, ...args) => {
    expectSentence(await run(command, ...args));
  });
});

describe("npm start", () => {
  it("says that its port is taken before it builds anything", async () => {
    const other = createServer();
    await once(other.listen(0, "127.0.0.1"), "listening");
    const { port } = other.address() as AddressInfo;
    const told = await run("worker/local/start.ts", "--port", String(port));
    other.close();
    expectSentence(told);
    expect(told.said).toBe(`port ${port} is taken: npm start -- --port N\n`);
  });
});
