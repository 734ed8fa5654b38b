/** A built folder on loopback, as a web server beside a backend that does not answer would give it. */
import { readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

/** Tells the stand-in's answers from files. */
export const STAND_IN_HEADER = "x-stand-in";

/** What stands in for the backend. */
export interface Stub {
  readonly status: number;
  readonly body: string;
}

export interface FolderSite {
  readonly origin: string;
  readonly close: () => void;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

function fileAt(folder: string, path: string): string | null {
  const file = normalize(join(folder, path));
  // A path with dots must not lead out of the folder.
  if (!file.startsWith(normalize(folder) + sep)) return null;
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : null;
}

/** A page that the browser navigates to is the application's own route, and any such route begins with its index. */
const isNavigation = (request: IncomingMessage): boolean =>
  request.headers["sec-fetch-mode"] === "navigate";

/** `base` is the path under which the build expects to lie. */
export async function serveFolder(folder: string, base: string, stub: Stub): Promise<FolderSite> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://folder").pathname);
    const own = path.startsWith(base) ? fileAt(folder, path.slice(base.length)) : null;
    const file = own ?? (isNavigation(request) ? fileAt(folder, "index.html") : null);
    if (file === null) {
      const headers = { "content-type": "application/json", [STAND_IN_HEADER]: "1" };
      response.writeHead(stub.status, headers).end(stub.body);
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
