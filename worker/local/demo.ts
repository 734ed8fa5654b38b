/** The demo of a data folder: brought once, found again at every later start. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seedStaff } from "./seed-staff.ts";
import { seedDemo, type Demo } from "./seed.ts";
import type { Server } from "./server.ts";

const fileOf = (dataDir: string): string => join(dataDir, "demo.json");

/** Forgets what one server keeps in its folder; those of other servers may lie inside it, and stay. */
export function forgetState(dataDir: string): void {
  for (const name of ["demo.json", "state", "secrets.json", "bank-keys.json", "bank-trades.json"]) {
    rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

/** Before the server starts: a demo that was not brought whole cannot be gone on with, so it is begun anew. */
export function forgetHalfDemo(dataDir: string): void {
  if (!existsSync(fileOf(dataDir))) forgetState(dataDir);
}

/** Once the server has started: the demo as it was brought, now or before. `onSeed` hears that it takes a while. */
export async function demoOf(
  dataDir: string,
  { origin, setupKey }: Pick<Server, "origin" | "setupKey">,
  onSeed: () => void,
): Promise<Demo> {
  if (!existsSync(fileOf(dataDir))) {
    onSeed();
    await seedStaff(origin, setupKey);
    writeFileSync(fileOf(dataDir), JSON.stringify(await seedDemo(origin)));
  }
  return JSON.parse(readFileSync(fileOf(dataDir), "utf8")) as Demo;
}
