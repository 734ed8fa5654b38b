/** A demo is brought once; one that was interrupted is begun anew; a reset takes what is its own. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demoOf, forgetHalfDemo, forgetState } from "./demo.ts";

const DEMO = { running: "a~1", next: "b~1", soldOut: "c~1", member: "m", newcomer: "n" };

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "qiangdui-demo-"));
  for (const folder of ["state", "empty", "dev"]) mkdirSync(join(dataDir, folder));
  writeFileSync(join(dataDir, "state", "rows"), "some");
  for (const file of ["secrets.json", "bank-keys.json", "bank-trades.json"]) {
    writeFileSync(join(dataDir, file), "{}");
  }
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const writeDemo = (): void => writeFileSync(join(dataDir, "demo.json"), JSON.stringify(DEMO));

describe("a demo", () => {
  it("that is there is found again, and nothing is asked of the server", async () => {
    writeDemo();
    forgetHalfDemo(dataDir);
    const server = { origin: "http://nobody.invalid", setupKey: "none" };
    const onSeed = (): never => {
      throw new Error("it is there");
    };
    expect(await demoOf(dataDir, server, onSeed)).toEqual(DEMO);
    expect(readdirSync(join(dataDir, "state"))).toEqual(["rows"]);
  });

  it("that was interrupted is forgotten, for half of it cannot be gone on with", () => {
    forgetHalfDemo(dataDir);
    expect(readdirSync(dataDir).sort()).toEqual(["dev", "empty"]);
  });

  it("is forgotten without the malls beside it", () => {
    writeDemo();
    forgetState(dataDir);
    expect(readdirSync(dataDir).sort()).toEqual(["dev", "empty"]);
  });
});
