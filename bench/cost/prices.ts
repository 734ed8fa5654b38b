/** Public prices and what they make of a usage. No I/O. */

export interface Price {
  readonly name: keyof Usage;
  readonly title: string;
  /** Dollars for this many. */
  readonly dollars: number;
  readonly per: number;
  readonly perText: string;
  readonly includedAMonth: number;
  readonly source: string;
}

/** What is billed, counted over any stretch of time. */
export interface Usage {
  readonly workerRequests: number;
  readonly workerCpuMs: number;
  /** Calls and alarms of objects, and their incoming WebSocket messages at 20 : 1. */
  readonly objectRequests: number;
  readonly objectGbSeconds: number;
  /** Index entries, deletes and alarms that were set are rows too. */
  readonly objectRowsWritten: number;
  readonly objectRowsRead: number;
  readonly d1RowsWritten: number;
  readonly d1RowsRead: number;
}

/** When the pages below were read last. */
export const PRICES_READ_AT = "2026-11-22";
const WORKERS = "https://developers.cloudflare.com/workers/platform/pricing/";
const OBJECTS = "https://developers.cloudflare.com/durable-objects/platform/pricing/";
const D1 = "https://developers.cloudflare.com/d1/platform/pricing/";

const MILLION = 1_000_000;
/** Incoming WebSocket messages that are billed as one request. */
export const MESSAGES_PER_REQUEST = 20;
/** Memory an object is billed for while it is awake, GB. */
export const OBJECT_MEMORY_GB = 0.128;

export const PRICES: readonly Price[] = [
  price("workerRequests", "Worker requests", 0.3, MILLION, 10 * MILLION, WORKERS),
  price("workerCpuMs", "Worker CPU ms", 0.02, MILLION, 30 * MILLION, WORKERS),
  price("objectRequests", "object requests", 0.15, MILLION, MILLION, OBJECTS),
  price("objectGbSeconds", "object GB-s", 12.5, MILLION, 400_000, OBJECTS),
  price("objectRowsWritten", "object rows written", 1, MILLION, 50 * MILLION, OBJECTS),
  price("objectRowsRead", "object rows read", 0.001, MILLION, 25_000 * MILLION, OBJECTS),
  price("d1RowsWritten", "D1 rows written", 1, MILLION, 50 * MILLION, D1),
  price("d1RowsRead", "D1 rows read", 0.001, MILLION, 25_000 * MILLION, D1),
];

function price(
  name: keyof Usage,
  title: string,
  dollars: number,
  per: number,
  includedAMonth: number,
  source: string,
): Price {
  return { name, title, dollars, per, perText: "million", includedAMonth, source };
}

export const NO_USAGE: Usage = {
  workerRequests: 0,
  workerCpuMs: 0,
  objectRequests: 0,
  objectGbSeconds: 0,
  objectRowsWritten: 0,
  objectRowsRead: 0,
  d1RowsWritten: 0,
  d1RowsRead: 0,
};

export interface BillLine {
  readonly name: keyof Usage;
  readonly title: string;
  readonly quantity: number;
  readonly dollars: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  readonly dollars: number;
}

/** At the prices beyond what a plan includes, so that bills add up. */
export function billOf(usage: Usage): Bill {
  const lines = PRICES.map(({ name, title, dollars, per }) => ({
    name,
    title,
    quantity: usage[name],
    dollars: (usage[name] / per) * dollars,
  }));
  return { lines, dollars: lines.reduce((sum, line) => sum + line.dollars, 0) };
}

export function scaled(usage: Usage, factor: number): Usage {
  const copy: { -readonly [Name in keyof Usage]: number } = { ...usage };
  for (const { name } of PRICES) copy[name] *= factor;
  return copy;
}
