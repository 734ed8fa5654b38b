/** `node bench/cost/cli.ts`: what the built product writes, calls and is billed for, counted by its own meter. */
import { optionsOf } from "../../worker/local/options.ts";
import { auditBreaches, untilQuiet } from "../load/scenario.ts";
import type { Counted } from "./counted.ts";
import { Phases } from "./phases.ts";
import { toMarkdown } from "./report.ts";
import { MeteredShop } from "./shop.ts";

const HELP = `npm run cost -- [options]

Starts the built product (npm run build) on a free loopback port with its data in a temporary directory and its meter
on, redeems, is refused and cancels a number of times, and prints what was written, called and sent for each: rows by
table, requests, messages, and the bill for a million at public prices. Nothing is timed but the waking time of objects.

Options
  --count N         operations of each phase, 50 to 5000 (default 1000)
  --connections N   requests in flight in a rush, 1 to 256 (default 64); they share commits
  --json            the counted figures as JSON instead of tables
  --help            this text

Progress goes to stderr. Exit 1 when the audit after it finds a breach.
`;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function between(text: string, low: number, high: number): number | null {
  const value = Number(text);
  return Number.isInteger(value) && value >= low && value <= high ? value : null;
}

async function countAll(shop: MeteredShop, count: number, connections: number): Promise<Counted[]> {
  say(`${count} members sign in and are granted points …`);
  const phases = new Phases(shop, await shop.enrol(count), { count, connections });
  const all: Counted[] = [];
  const steps: readonly [string, () => Promise<Counted | Counted[]>][] = [
    ["redemptions by the door", () => phases.door("door", "redemption by the door", count)],
    ["redemptions by HTTP, then cancels", () => phases.httpAndCancel()],
    ["redemptions one at a time", () => phases.alone()],
    ["refusals at the door", () => phases.door("refused_door", "refusal at the door", 1)],
    ["refusals by HTTP", () => phases.refused()],
  ];
  for (const [text, step] of steps) {
    say(`${text} …`);
    all.push(...[await step()].flat());
  }
  return all;
}

async function main(): Promise<number> {
  const { values } = optionsOf("npm run cost -- --help", {
    options: {
      count: { type: "string", default: "1000" },
      connections: { type: "string", default: "64" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const count = between(values.count, 50, 5_000);
  const connections = between(values.connections, 1, 256);
  if (values.help || count === null || connections === null) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const shop = await MeteredShop.open();
  try {
    const all = await countAll(shop, count, connections);
    const breaches = auditBreaches((await untilQuiet(shop.api)).rows);
    if (breaches.length > 0) {
      say(`INVARIANTS FAILED:\n${breaches.join("\n")}`);
      return 1;
    }
    process.stdout.write(values.json ? `${JSON.stringify(all, null, 1)}\n` : toMarkdown(all));
    return 0;
  } finally {
    await shop.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(`cost failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
