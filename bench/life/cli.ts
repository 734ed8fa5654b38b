/** `npm run life`: two years of 10,000 members through the points core, on one core, and the audit at the end. */
import { optionsOf } from "../../worker/local/options.ts";
import { liveTwoYears } from "../../worker/testing/points/two-years.ts";

const HELP = `npm run life -- [options]

Lives two years of members in simulated time: orders, returns, check-ins, tasks, invites, tiers, redemptions, cancels,
expiry and reminders. Every ledger is replayed and its chain is hashed again. Exits 1 when anything does not agree.

Options
  --members N  1 to 100,000 (default 10,000)
  --seed N     a whole number (default 1)
  --help       this text
`;

const { values } = optionsOf("npm run life -- --help", {
  options: {
    members: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const members = Number(values.members);
const seed = Number(values.seed);
if (values.help) {
  process.stdout.write(HELP);
} else if (!Number.isInteger(members) || members < 1 || members > 100_000) {
  process.stderr.write("--members is a whole number from 1 to 100,000\n");
  process.exitCode = 2;
} else if (!Number.isInteger(seed)) {
  process.stderr.write("--seed is a whole number\n");
  process.exitCode = 2;
} else {
  const before = process.cpuUsage();
  const startedAtMs = performance.now();
  const audit = liveTwoYears(members, seed);
  const used = process.cpuUsage(before);
  const row = (name: string, figure: number): string => `${name.padEnd(24)}${figure}\n`;
  process.stdout.write(
    [
      row("members", audit.members),
      row("entries", audit.entries),
      row("repeated commands", audit.repeats),
      row("reminders", audit.reminders),
      ...Object.entries(audit.sums).map(([name, points]) => row(`points ${name}`, points)),
      row("seconds", Math.round((performance.now() - startedAtMs) / 100) / 10),
      row("seconds of processor", Math.round((used.user + used.system) / 1e5) / 10),
      row("faults", audit.faults.length),
      ...audit.faults.slice(0, 20).map((fault) => `${fault}\n`),
    ].join(""),
  );
  process.exitCode = audit.faults.length === 0 ? 0 : 1;
}
