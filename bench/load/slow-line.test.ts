/** The line never lets anything through sooner than it may, and never changes a byte. */
import { createHash, randomBytes } from "node:crypto";
import { connect, createServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { SlowLine, type Line } from "./slow-line.ts";

let echo: Server | null = null;
let line: SlowLine | null = null;
afterEach(async () => {
  await line?.close();
  await new Promise((resolve) => (echo ? echo.close(resolve) : resolve(null)));
});

async function openEcho(wish: Line): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  echo = server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  line = await SlowLine.open(`http://127.0.0.1:${port}`, wish);
  return Number(new URL(line.origin).port);
}

interface Echoed {
  readonly bytes: Buffer;
  readonly firstMs: number;
  readonly lastMs: number;
}

function send(port: number, bytes: Buffer): Promise<Echoed> {
  return new Promise((resolve, reject) => {
    const startedMs = performance.now();
    const parts: Buffer[] = [];
    let firstMs = 0;
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    socket.end(bytes);
    socket.on("data", (part: Buffer) => {
      firstMs ||= performance.now() - startedMs;
      parts.push(part);
    });
    socket.on("error", reject);
    socket.on("end", () =>
      resolve({ bytes: Buffer.concat(parts), firstMs, lastMs: performance.now() - startedMs }),
    );
  });
}

const digest = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

it("takes a round trip to connect and one to answer", async () => {
  const port = await openEcho({ roundTripMs: 60, down: 1e9, up: 1e9 });
  const { firstMs, bytes } = await send(port, Buffer.from("ping"));
  expect(bytes.toString()).toBe("ping");
  // Two of them and not one; a timer may be a little early.
  expect(firstMs).toBeGreaterThan(100);
});

it("carries no more than its bandwidth, over all connections together, byte for byte", async () => {
  const port = await openEcho({ roundTripMs: 0, down: 8e6, up: 80e6 });
  const sent = Array.from({ length: 3 }, () => randomBytes(100_000));
  const echoed = await Promise.all(sent.map((bytes) => send(port, bytes)));
  expect(echoed.map(({ bytes }) => digest(bytes))).toEqual(sent.map(digest));
  // 300 KB at a million bytes a second.
  expect(Math.max(...echoed.map(({ lastMs }) => lastMs))).toBeGreaterThan(250);
});
