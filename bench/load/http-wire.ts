/** HTTP/1.1 as the load tools speak it: requests as finished bytes, replies parsed no further than needed. */

export interface RequestParts {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
}

/** A request ready for the socket, so that a timed loop only copies bytes. */
export function serializeRequest(parts: RequestParts): Buffer {
  const { host, method, path, token, body } = parts;
  const text = body === undefined ? "" : JSON.stringify(body);
  const head = [`${method} ${path} HTTP/1.1`, `host: ${host}`, "accept-language: en"];
  if (token !== undefined) head.push(`authorization: Bearer ${token}`);
  if (body !== undefined) {
    head.push("content-type: application/json", `content-length: ${Buffer.byteLength(text)}`);
  }
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`);
}

/** Where a reply lies in the bytes; the same object is filled again and again. */
export interface ReplySpan {
  status: number;
  bodyStart: number;
  bodyEnd: number;
  /** First byte after the reply. */
  end: number;
  /** The body when it came in chunks and had to be joined. */
  joined: Buffer | null;
  closes: boolean;
}

export function newSpan(): ReplySpan {
  return { status: 0, bodyStart: 0, bodyEnd: 0, end: 0, joined: null, closes: false };
}

const HEAD_END = Buffer.from("\r\n\r\n");
const HEAD_BYTES_MAX = 64 * 1024;

/** Finds one whole reply in `bytes[0, length)`. False: more bytes are needed. */
export function readReply(bytes: Buffer, length: number, span: ReplySpan): boolean {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0 || headEnd + 4 > length) {
    if (length > HEAD_BYTES_MAX) throw new Error("the head of a reply is too long");
    return false;
  }
  span.status = (bytes[9] ?? 0) * 100 + (bytes[10] ?? 0) * 10 + (bytes[11] ?? 0) - 48 * 111;
  span.joined = null;
  span.bodyStart = headEnd + 4;
  const head = bytes.toString("latin1", 0, headEnd).toLowerCase();
  span.closes = head.includes("\r\nconnection: close");
  const lengthAt = head.indexOf("\r\ncontent-length:");
  if (lengthAt >= 0) {
    span.bodyEnd = span.bodyStart + Number.parseInt(head.slice(lengthAt + 17, lengthAt + 33), 10);
    span.end = span.bodyEnd;
    return span.end <= length;
  }
  if (head.includes("\r\ntransfer-encoding: chunked")) return readChunks(bytes, length, span);
  const hasNoBody = span.status < 200 || span.status === 204 || span.status === 304;
  if (!hasNoBody) throw new Error(`a reply of status ${span.status} does not say how long it is`);
  span.bodyEnd = span.bodyStart;
  span.end = span.bodyStart;
  return true;
}

function readChunks(bytes: Buffer, length: number, span: ReplySpan): boolean {
  const chunks: Buffer[] = [];
  let at = span.bodyStart;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at, "latin1");
    if (lineEnd < 0 || lineEnd + 2 > length) return false;
    const size = Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (next > length) return false;
    if (size === 0) {
      span.joined = Buffer.concat(chunks);
      span.bodyEnd = span.bodyStart + span.joined.length;
      span.end = next;
      return true;
    }
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}

/** The body of a reply as text. Valid only until the connection reads on. */
export function bodyText(bytes: Buffer, span: ReplySpan): string {
  return span.joined
    ? span.joined.toString()
    : bytes.toString("utf8", span.bodyStart, span.bodyEnd);
}
