/** `npm run demo:rush`: sends synthetic members into the next sale of a running demo, so that a person sees the stock fall. */
import { optionsOf } from "../../worker/local/options.ts";
import { inParallel, ProductApi, sleep, type Member, type SaleView } from "../load/api.ts";
import { DoorSocket, type StockFrame } from "../load/door-client.ts";
import { Random } from "../load/random.ts";
import { countDown, RushMember, type CrowdOptions, type Tally } from "./crowd.ts";

const HELP = `npm run demo:rush -- [options]

Sends synthetic members (rush-001 …) into the next scheduled sale of a running demo (npm start), or into an open one
with stock. They sign in by the development login, get points, take tickets, wait at the door and tap within some
seconds after the opening. Open the sale's page beside it and watch the stock fall.

Options
  --url URL      the running demo, on this machine only (default http://127.0.0.1:8787)
  --members N    1 to 5000 (default 400)
  --sale ID      this sale instead of the next one
  --spread S     seconds over which they tap, 0 to 120 (default 12)
  --wait M       minutes to wait for the opening at most, 0 to 60 (default 15)
  --seed N       makes their hesitation the same again
  --help         this text
`;

const SETUP_WIDTH = 24;
const LIVE_EVERY_MS = 200;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Something to tell the person, not a bug. */
class Trouble extends Error {}

interface Options {
  readonly origin: string;
  readonly members: number;
  readonly saleId: string | null;
  readonly spreadMs: number;
  readonly waitMs: number;
  readonly seed: number;
}

function numberIn(text: string, name: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= low && value <= high))
    throw new Trouble(`--${name} takes ${low} to ${high}`);
  return value;
}

function readOptions(): Options | null {
  const { values } = optionsOf("npm run demo:rush -- --help", {
    options: {
      url: { type: "string", default: "http://127.0.0.1:8787" },
      members: { type: "string", default: "400" },
      sale: { type: "string" },
      spread: { type: "string", default: "12" },
      wait: { type: "string", default: "15" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  return {
    origin: loopbackOrigin(values.url),
    members: Math.floor(numberIn(values.members, "members", 1, 5_000)),
    saleId: values.sale ?? null,
    spreadMs: numberIn(values.spread, "spread", 0, 120) * 1_000,
    waitMs: numberIn(values.wait, "wait", 0, 60) * 60_000,
    seed: numberIn(values.seed, "seed", 0, 0xffff_ffff),
  };
}

/** Synthetic members are for a demo on this machine; anything else is somebody's shop. */
function loopbackOrigin(text: string): string {
  const url = URL.parse(text);
  if (!url || url.protocol !== "http:")
    throw new Trouble(`--url takes an http:// address, not "${text}"`);
  if (!LOOPBACK.has(url.hostname))
    throw new Trouble(`--url must be this machine (127.0.0.1, localhost), not ${url.hostname}`);
  return url.origin.replace("localhost", "127.0.0.1");
}

async function chooseSale(api: ProductApi, options: Options): Promise<SaleView> {
  const sale = options.saleId === null ? nextOf(await api.sales()) : await api.sale(options.saleId);
  if (!sale)
    throw new Trouble(
      "no sale is scheduled or open with stock; start the demo with --reset for new ones",
    );
  const waitMs = sale.opensAtMs - sale.serverTimeMs;
  if (waitMs > options.waitMs) {
    throw new Trouble(
      `"${sale.title}" opens in ${Math.round(waitMs / 60_000)} minutes; --wait allows ${options.waitMs / 60_000}`,
    );
  }
  // The list is a mirror; the sale itself is asked before members are sent to it.
  return api.sale(sale.saleId);
}

function nextOf(sales: readonly SaleView[]): SaleView | undefined {
  const scheduled = sales
    .filter((sale) => sale.status === "scheduled")
    .sort((a, b) => a.opensAtMs - b.opensAtMs);
  return scheduled[0] ?? sales.find((sale) => sale.status === "open" && sale.remaining > 0);
}

/** Signs them in and gives each what one unit costs; a second run finds them with points and gives what is missing. */
async function enrol(api: ProductApi, options: Options, sale: SaleView): Promise<Member[]> {
  const ids = Array.from(
    { length: options.members },
    (_, at) => `rush-${String(at + 1).padStart(3, "0")}`,
  );
  return inParallel(ids, SETUP_WIDTH, async (id) => {
    const member = await api.login(id);
    if (sale.pricePoints > 0)
      await api.grant(
        id,
        sale.pricePoints,
        `rush:${sale.saleId.replace("~", ".")}:${options.seed}`,
      );
    return member;
  });
}

const line = (text: string): void => {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}`);
  else console.log(text);
};

async function rush(api: ProductApi, options: Options): Promise<void> {
  const sale = await chooseSale(api, options);
  console.log(
    `${sale.title} · ${sale.remaining} units at ${sale.pricePoints} points · ${options.origin}/s/${sale.saleId}`,
  );
  const members = await enrol(api, options, sale);
  const asked = await api.sale(sale.saleId);
  const aheadMs = asked.serverTimeMs - Date.now();
  const serverNowMs = (): number => Date.now() + aheadMs;
  const tally: Tally = { granted: 0, units: 0, waiting: 0, refused: new Map() };
  let remaining = asked.remaining;
  const crowdOptions: CrowdOptions = {
    api,
    origin: options.origin,
    sale: asked,
    random: new Random(options.seed),
    spreadMs: options.spreadMs,
  };
  const crowd = members.map((member) => new RushMember(crowdOptions, member, tally));
  const hasTicket = await inParallel(crowd, SETUP_WIDTH, (member) => member.takeTicket());
  const holders = crowd.filter((_, at) => hasTicket[at] === true);
  console.log(`${holders.length} of ${crowd.length} members hold a ticket and wait at the door`);
  const verdicts = Promise.all(holders.map((member) => member.grab(serverNowMs)));
  const watcher = watchStock(options.origin, sale.saleId, (frame) => (remaining = frame.remaining));
  await countDown(serverNowMs, asked.opensAtMs, line);
  const timer = setInterval(() => line(liveLine(asked, remaining, tally)), LIVE_EVERY_MS);
  await verdicts;
  clearInterval(timer);
  await sleep(LIVE_EVERY_MS);
  watcher.close();
  await sumUp(api, sale.saleId, tally);
}

/** Somebody who only looks on, as the page of a passer-by does. */
function watchStock(
  origin: string,
  saleId: string,
  onStock: (frame: StockFrame) => void,
): DoorSocket {
  const ignore = (): void => undefined;
  return new DoorSocket(origin, `/api/v1/sales/${saleId}/door?watch=1`, {
    onClock: ignore,
    onVerdict: ignore,
    onStock,
    onLost: ignore,
  });
}

function liveLine(sale: SaleView, remaining: number, tally: Tally): string {
  const share = sale.remaining === 0 ? 0 : remaining / sale.remaining;
  const bar = "█".repeat(Math.ceil(share * 30)).padEnd(30, "·");
  return `${bar} ${remaining} left · ${tally.granted} granted · ${total(tally.refused)} refused · ${tally.waiting} undecided`;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

async function sumUp(api: ProductApi, saleId: string, tally: Tally): Promise<void> {
  const sale = await api.sale(saleId);
  const refusals = [...tally.refused].map(([code, count]) => `${count} ${code}`).join(", ");
  line("");
  console.log(
    `granted ${tally.granted}, refused ${total(tally.refused)}${refusals === "" ? "" : ` (${refusals})`}`,
  );
  const { units, remaining, returned, status, soldOut } = sale;
  console.log(
    `the sale: ${units} units, ${remaining} left, ${returned} returned, ${soldOut ? "sold out" : status}`,
  );
}

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) {
    console.log(HELP);
    return 0;
  }
  const api = new ProductApi(options.origin);
  try {
    await api.http.request("GET", "/healthz", { patienceMs: 5_000 }).catch(() => {
      throw new Trouble(`no demo answers at ${options.origin}; start one with npm start`);
    });
    const probe = await api.http.request("POST", "/api/v1/dev/login", {
      body: { memberId: "rush-001" },
    });
    if (probe.status === 404)
      throw new Trouble("the development login is off there (DEV_LOGIN), so nobody can be sent");
    await rush(api, options);
    return 0;
  } finally {
    api.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Trouble ? error.message : `demo:rush failed: ${String(error)}`);
  process.exitCode = 1;
}
