/** The open loop goes on asking while the server stalls, and counts what everybody waited. */
import { createServer, type Server, type ServerResponse } from "node:http";
import * as fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { Histogram } from "./histogram.ts";
import { arrivalsOf, openLoop } from "./open-loop.ts";

const job = fc.record({
  ratePerSecond: fc.integer({ min: 1, max: 5_000 }),
  seconds: fc.integer({ min: 1, max: 3 }),
  arrivals: fc.constantFrom("even" as const, "poisson" as const),
  seed: fc.integer(),
});

describe("arrivals", () => {
  it("lie within their time, in order, and are the same for the same seed", () => {
    fc.assert(
      fc.property(job, (wish) => {
        const due = [...arrivalsOf(wish)];
        expect(due).toEqual([...arrivalsOf(wish)]);
        expect(due).toEqual([...due].sort((a, b) => a - b));
        expect(due.length).toBeGreaterThan(0);
        expect(due.at(-1)).toBeLessThan(wish.seconds * 1_000);
      }),
    );
  });

  it("come at the rate that was asked for: to the request where even, to five deviations where not", () => {
    fc.assert(
      fc.property(job, (wish) => {
        const mean = wish.ratePerSecond * wish.seconds;
        const count = arrivalsOf(wish).length;
        const slack = wish.arrivals === "even" ? 0 : 5 * Math.sqrt(mean) + 1;
        expect(Math.abs(count - mean)).toBeLessThanOrEqual(slack);
      }),
    );
  });
});

let server: Server | null = null;
afterEach(() => server?.close());

async function listen(answer: (response: ServerResponse) => void): Promise<string> {
  const own = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(response));
  });
  server = own;
  await new Promise<void>((resolve) => own.listen(0, "127.0.0.1", resolve));
  const address = own.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

const created = (response: ServerResponse): void => {
  response.writeHead(201, { "content-length": 2 });
  response.end("{}");
};

it("counts the wait of those whose request could not even leave", async () => {
  const stallMs = 400;
  // From the first request on: how long the load takes to begin is the machine's.
  let endsAtMs: number | null = null;
  const origin = await listen((response) => {
    endsAtMs ??= performance.now() + stallMs;
    setTimeout(() => created(response), Math.max(0, endsAtMs - performance.now()));
  });
  const ratePerSecond = 100;
  const report = await openLoop(
    {
      ...{
        origin,
        crew: "crew",
        sale: { saleId: "demo.x~1", epoch: 1 },
        orderPrefix: "bench-open-loop",
      },
      ...{ ratePerSecond, seconds: 1, connections: 1, arrivals: "even", seed: 1, serverPids: [] },
    },
    new Map([["crew", [{ memberId: "m", token: "t" }]]]),
    () => undefined,
  );
  expect(report).toMatchObject({ count: 100, failures: 0, unanswered: 0, statuses: { 201: 100 } });
  expect(report.timeline.reduce((sum, one) => sum + one, 0)).toBe(100);
  const fromIntended = Histogram.fromJSON(report.fromIntended);
  const fromSent = Histogram.fromJSON(report.fromSent);
  expect([fromIntended.count, fromSent.count]).toEqual([100, 100]);
  // With one connection a single request is under way during the stall: a closed loop would have counted one wait.
  // Here those due in the first half of the stall, a fifth of all, waited at least its other half.
  expect(fromIntended.percentile(0.85)).toBeGreaterThanOrEqual(stallMs / 2 - 30);
  expect(fromIntended.percentile(0.9)).toBeGreaterThan(fromSent.percentile(0.9));
});
