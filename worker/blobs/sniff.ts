/** What bytes really are, whatever they are called: a PNG, JPEG or WebP with its size, or none of these. Pure. */

export type PictureType = "image/png" | "image/jpeg" | "image/webp";

export interface SniffedPicture {
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
}

/**
 * Null: no picture of a kind that is taken, or one with something hidden behind its end. A file that is two things at once
 * is shown as the one it should not be, so a picture has to end where its format says it ends.
 */
export function sniffPicture(bytes: Uint8Array): SniffedPicture | null {
  return png(bytes) ?? jpeg(bytes) ?? webp(bytes);
}

const text = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));
const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const PNG_SIGNATURE = "\u0089PNG\r\n\u001a\n";

function png(bytes: Uint8Array): SniffedPicture | null {
  if (bytes.length < 45 || text(bytes, 0, 8) !== PNG_SIGNATURE) return null;
  const data = view(bytes);
  if (text(bytes, 12, 16) !== "IHDR") return null;
  // Chunk after chunk to the one that ends it, which must be the last thing in the file.
  let at = 8;
  while (at + 12 <= bytes.length) {
    const length = data.getUint32(at);
    const kind = text(bytes, at + 4, at + 8);
    at += 12 + length;
    if (kind === "IEND") break;
  }
  if (at !== bytes.length || text(bytes, bytes.length - 8, bytes.length - 4) !== "IEND")
    return null;
  return { type: "image/png", width: data.getUint32(16), height: data.getUint32(20) };
}

/** Frame headers that carry the size: all of C0–CF but tables and arithmetic coding. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpeg(bytes: Uint8Array): SniffedPicture | null {
  const { length } = bytes;
  if (length < 24 || bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) return null;
  if (bytes[length - 2] !== 0xff || bytes[length - 1] !== 0xd9) return null;
  const data = view(bytes);
  let at = 2;
  while (at + 9 < length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker))
      return { type: "image/jpeg", width: data.getUint16(at + 7), height: data.getUint16(at + 5) };
    // The picture's data begins before any frame told its size.
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + data.getUint16(at + 2);
  }
  return null;
}

function webp(bytes: Uint8Array): SniffedPicture | null {
  if (bytes.length < 30 || text(bytes, 0, 4) !== "RIFF" || text(bytes, 8, 12) !== "WEBP")
    return null;
  const data = view(bytes);
  if (data.getUint32(4, true) + 8 !== bytes.length) return null;
  const size = webpSize(bytes, data);
  return size && { type: "image/webp", ...size };
}

function webpSize(bytes: Uint8Array, data: DataView): { width: number; height: number } | null {
  switch (text(bytes, 12, 16)) {
    case "VP8X": {
      const three = (at: number): number => data.getUint16(at, true) + ((bytes[at + 2] ?? 0) << 16);
      return { width: three(24) + 1, height: three(27) + 1 };
    }
    case "VP8L": {
      if (bytes[20] !== 0x2f) return null;
      const bits = data.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ": {
      if (text(bytes, 23, 26) !== "\u009d\u0001\u002a") return null;
      return {
        width: data.getUint16(26, true) & 0x3fff,
        height: data.getUint16(28, true) & 0x3fff,
      };
    }
    default:
      return null;
  }
}
