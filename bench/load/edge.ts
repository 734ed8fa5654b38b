/** What stands before a deployment and not before a local one: an edge that compresses text. A relay over HTTP, sockets through it. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";

/** As Cloudflare does by default; its brotli would be smaller still. */
const TEXT = /^(?:text\/|application\/(?:json|javascript|problem\+json)|image\/svg)/;
/** A middling level, as servers take. */
const LEVEL = 6;

export interface Edge {
  readonly origin: string;
  close(): Promise<void>;
}

function relay(from: IncomingMessage, to: ServerResponse, target: URL): void {
  const { method, url: path, headers } = from;
  const onward = request({ host: target.hostname, port: target.port, method, path, headers });
  onward.on("response", (answer) => {
    // The phone has left meanwhile.
    if (to.destroyed) {
      answer.destroy();
      return;
    }
    const isText = TEXT.test(answer.headers["content-type"] ?? "");
    const accepts = (headers["accept-encoding"] ?? "").includes("gzip");
    if (!isText || !accepts || answer.headers["content-encoding"] || method === "HEAD") {
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, to, () => undefined);
      return;
    }
    const { "content-length": _length, ...rest } = answer.headers;
    to.writeHead(answer.statusCode ?? 502, { ...rest, "content-encoding": "gzip" });
    pipeline(answer, createGzip({ level: LEVEL }), to, () => undefined);
  });
  onward.on("error", () => to.destroy());
  from.pipe(onward);
}

function tunnel(from: IncomingMessage, socket: Socket, head: Buffer, target: URL): void {
  const onward = connect(Number(target.port), target.hostname, () => {
    const lines = from.rawHeaders.reduce(
      (text, part, at) => text + part + (at % 2 === 0 ? ": " : "\r\n"),
      `${from.method ?? "GET"} ${from.url ?? "/"} HTTP/1.1\r\n`,
    );
    onward.write(`${lines}\r\n`);
    onward.write(head);
    onward.pipe(socket);
    socket.pipe(onward);
  });
  onward.on("error", () => socket.destroy());
  socket.on("error", () => onward.destroy());
}

export async function openEdge(origin: string): Promise<Edge> {
  const target = new URL(origin);
  const server = createServer((from, to) => relay(from, to, target));
  server.on("upgrade", (from, socket, head) => tunnel(from, socket as Socket, head, target));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
