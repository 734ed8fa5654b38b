/** The load generator as a process: jobs in, reports out, and an end with its parent. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sleep } from "./api.ts";
import { Generator } from "./generator-process.ts";
import { packFloats, readLines, unpackFloats } from "./line-protocol.ts";

describe("lines", () => {
  it("are read as they were written, however the pipe cuts them", async () => {
    const values = fc.array(fc.jsonValue(), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(values, fc.array(fc.nat(40), { minLength: 1 }), async (sent, cuts) => {
        const stream = new PassThrough();
        const heard: unknown[] = [];
        readLines(
          stream,
          (value) => heard.push(value),
          () => heard.push("broken"),
        );
        let rest = Buffer.from(sent.map((value) => `${JSON.stringify(value)}\n`).join(""));
        for (let at = 0; rest.length > 0; at += 1) {
          const length = Math.max(1, cuts[at % cuts.length] ?? 1);
          stream.write(rest.subarray(0, length));
          rest = rest.subarray(length);
        }
        stream.end();
        await once(stream, "end");
        expect(heard).toEqual(sent.map((value) => JSON.parse(JSON.stringify(value)) as unknown));
      }),
    );
  });

  it("that are no JSON end the reading", async () => {
    const stream = new PassThrough();
    const heard: unknown[] = [];
    readLines(
      stream,
      (value) => heard.push(value),
      () => heard.push("broken"),
    );
    stream.end("1\noh no\n2\n");
    await once(stream, "end");
    expect(heard).toEqual([1, "broken"]);
  });

  it("carry latencies to a ten-millionth", () => {
    fc.assert(
      fc.property(fc.float64Array({ min: 0, max: 1e6, noNaN: true }), (values) => {
        const read = unpackFloats(packFloats(values));
        expect(read).toHaveLength(values.length);
        values.forEach((value, at) =>
          expect(Math.abs((read[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(
            value * 1e-7 + 1e-30,
          ),
        );
      }),
    );
  });
});

describe("a generator process", () => {
  let generator: Generator;
  let server: Server;
  let origin = "";
  let asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume();
      const isRefused = request.url?.includes("sold-out") === true;
      const body = isRefused ? '{"code":"sold_out"}' : "{}";
      response.writeHead(isRefused ? 409 : 201, { "content-length": body.length });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    generator = await Generator.start();
  });
  afterEach(() => {
    asked = [];
  });
  afterAll(async () => {
    await generator.stop();
    server.close();
  });

  it("drives a closed loop: every request once, counted by status, code and time", async () => {
    await generator.run("crew", {
      crew: "two",
      members: [1, 2].map((n) => ({ memberId: `m${n}`, token: `t${n}` })),
    });
    const sales = [
      { saleId: "open", epoch: 1 },
      { saleId: "sold-out", epoch: 2 },
    ];
    const report = await generator.run("drive", {
      ...{ origin, count: 30, connections: 4, serverPids: [process.pid] },
      requests: { kind: "redeem", crew: "two", sales, orderPrefix: "bench-test", from: 0 },
    });
    expect(report).toMatchObject({ count: 30, failures: 0, statuses: { 201: 15, 409: 15 } });
    expect(report.codes).toEqual({ sold_out: 15 });
    expect(report.created.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 15 }, (_, at) => at * 2),
    );
    expect(unpackFloats(report.latencies)).toHaveLength(30);
    expect(report.timeline.reduce((sum, one) => sum + one, 0)).toBe(30);
    expect(asked.filter((line) => line === "POST /api/v1/sales/open/redemptions")).toHaveLength(15);
  });

  it("stops sending when its time is over", async () => {
    const report = await generator.run("drive", {
      ...{ origin, count: 1_000_000, seconds: 0.3, connections: 2, serverPids: [] },
      requests: { kind: "get", paths: ["/"] },
    });
    expect(report.count).toBe(asked.length);
    expect(report.count).toBeGreaterThan(0);
    expect(report.elapsedMs).toBeGreaterThanOrEqual(299);
  });

  it("says why a job failed, and goes on", async () => {
    const grab = generator.run("grab", { mode: "all", notBeforeMs: 0, serverPids: [] });
    await expect(grab).rejects.toThrow("nobody has gathered");
    await expect(generator.run("nonsense" as "leave", {})).rejects.toThrow("no such job");
    await expect(generator.run("leave", {})).resolves.toEqual({});
  });

  it("fails what is under way when its process is gone", async () => {
    const own = await Generator.start();
    const job = own.run("drive", {
      ...{ origin, count: 1_000_000, seconds: 60, connections: 1, serverPids: [] },
      requests: { kind: "get", paths: ["/"] },
    });
    process.kill(own.pid, "SIGKILL");
    await expect(job).rejects.toThrow("the load generator ended");
    await expect(own.run("leave", {})).rejects.toThrow("the load generator ended");
  });
});

it("ends when its parent is killed in the middle of a job", async () => {
  const module = join(import.meta.dirname, "generator-process.ts");
  const script = `
    const { Generator } = await import(${JSON.stringify(module)});
    const generator = await Generator.start();
    await generator.run("crew", { crew: "one", members: [{ memberId: "m", token: "t" }] });
    generator.run("openLoop", { origin: "http://127.0.0.1:9", crew: "one", sale: { saleId: "s", epoch: 0 },
      orderPrefix: "p", ratePerSecond: 1, seconds: 60, connections: 1, arrivals: "even", seed: 1, serverPids: [] }).catch(() => {});
    process.stdout.write(String(generator.pid) + "\\n");`;
  const parent = spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(parent.stdout, "data")) as [Buffer];
  const pid = Number(said.toString());
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  const endsAtMs = Date.now() + 10_000;
  while (isAlive(pid) && Date.now() < endsAtMs) await sleep(20);
  expect(isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
