import { deflateSync } from "node:zlib";
import { assert, constantFrom, nat, property, record, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { sniffPicture } from "./sniff.ts";

const ascii = (text: string): number[] => [...text].map((sign) => sign.charCodeAt(0));
const big = (n: number): number[] => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const little = (n: number): number[] => big(n).reverse();

const chunk = (kind: string, body: readonly number[]): number[] => [
  ...big(body.length),
  ...ascii(kind),
  ...body,
  ...big(0),
];
const pngOf = (width: number, height: number): Uint8Array =>
  new Uint8Array([
    ...[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10],
    ...chunk("IHDR", [...big(width), ...big(height), 8, 2, 0, 0, 0]),
    ...chunk("IDAT", [...deflateSync(Buffer.from([0, 0, 0, 0]))]),
    ...chunk("IEND", []),
  ]);
const jpegOf = (width: number, height: number): Uint8Array =>
  new Uint8Array([
    ...[0xff, 0xd8, 0xff, 0xe0, 0, 16, ...ascii("JFIF\0"), 1, 1, 0, 0, 1, 0, 1, 0, 0],
    ...[0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3, 0xff, 0xd9],
  ]);
const webpOf = (width: number, height: number): Uint8Array => {
  const bits = (width - 1) | ((height - 1) << 14);
  const body = [...ascii("WEBPVP8L"), ...little(9), 0x2f, ...little(bits >>> 0), 0, 0, 0, 0, 0];
  return new Uint8Array([...ascii("RIFF"), ...little(body.length), ...body]);
};

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

describe("pictures", () => {
  it.each([
    ["image/png", pngOf(640, 480)],
    ["image/jpeg", jpegOf(640, 480)],
    ["image/webp", webpOf(640, 480)],
  ])("of the kind %s tell their size", (type, bytes) => {
    expect(sniffPicture(bytes)).toEqual({ type, width: 640, height: 480 });
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["an SVG", bytesOf('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    [
      "an SVG with a declaration",
      bytesOf('<?xml version="1.0"?><svg onload="alert(1)"/>' + " ".repeat(40)),
    ],
    ["HTML", bytesOf("<!doctype html><script>alert(1)</script>".padEnd(60))],
    ["a GIF", bytesOf("GIF89a".padEnd(60, "\0"))],
    ["a PDF", bytesOf("%PDF-1.7".padEnd(60))],
    ["a ZIP", new Uint8Array([0x50, 0x4b, 3, 4, ...Array.from({ length: 60 }, () => 0)])],
    [
      "HTML behind the first bytes of a PNG",
      joined(pngOf(9, 9).subarray(0, 33), bytesOf("<script>".padEnd(40))),
    ],
    ["HTML behind a whole PNG", joined(pngOf(9, 9), bytesOf("<script>alert(1)</script>"))],
    ["HTML behind a whole JPEG", joined(jpegOf(9, 9), bytesOf("<script>alert(1)</script>"))],
    ["HTML behind a whole WebP", joined(webpOf(9, 9), bytesOf("<script>alert(1)</script>"))],
    ["half a PNG", pngOf(9, 9).subarray(0, 50)],
    ["half a WebP", webpOf(9, 9).subarray(0, 29)],
    [
      "a JPEG without a frame",
      new Uint8Array([0xff, 0xd8, 0xff, 0xda, ...Array.from({ length: 30 }, () => 0), 0xff, 0xd9]),
    ],
  ])("are not %s", (_what, bytes) => {
    expect(sniffPicture(bytes)).toBeNull();
  });

  it("are never found in what chance wrote, and nothing makes it throw", () => {
    assert(property(uint8Array({ maxLength: 200 }), (bytes) => sniffPicture(bytes) === null));
    const broken = record({
      bytes: constantFrom(pngOf(9, 9), jpegOf(9, 9), webpOf(9, 9)),
      at: nat(60),
      value: nat(255),
    });
    assert(
      property(broken, ({ bytes, at, value }) => {
        const copy = new Uint8Array(bytes);
        if (at < copy.length) copy[at] = value;
        sniffPicture(copy);
      }),
    );
  });
});
