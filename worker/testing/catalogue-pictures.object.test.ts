/** Pictures of goods: what is taken, and how they are given out. */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { sniffPicture } from "../blobs/sniff.ts";
import { Caller, migrate, type Reply } from "./object-catalogue.ts";

const guest = new Caller();
let staff: Caller;
beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("pictures-staff", "staff");
});

describe("pictures", () => {
  // A whole picture of one pixel.
  const PNG = Uint8Array.from(
    atob(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    ),
    (sign) => sign.charCodeAt(0),
  );
  const chunk = (kind: string, body: Uint8Array): Buffer => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const whole = Buffer.alloc(named.length + 8);
    whole.writeUInt32BE(body.length);
    named.copy(whole, 4);
    whole.writeUInt32BE(crc32(named), named.length + 4);
    return whole;
  };
  /** A grey picture that can be read, of that size. */
  const pngOf = (width: number, height: number): Buffer => {
    const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
    head.writeUInt32BE(width);
    head.writeUInt32BE(height, 4);
    return Buffer.concat([
      PNG.subarray(0, 8),
      chunk("IHDR", head),
      chunk("IDAT", deflateSync(Buffer.alloc((width + 1) * height))),
      chunk("IEND", Buffer.alloc(0)),
    ]);
  };
  const send = (bytes: Uint8Array | string, type: string): Promise<Reply> =>
    staff.send("POST", "/api/v1/staff/media", bytes, type);

  it("are given out for ever as what they are", async () => {
    const stored = await send(PNG, "image/png");
    expect(stored.body).toMatchObject({
      type: "image/png",
      width: 1,
      height: 1,
      bytes: PNG.length,
    });
    expect((await send(PNG, "image/png")).body.path).toBe(stored.body.path);
    const given = await guest.get(stored.body.path);
    expect(given.status).toBe(200);
    expect(Object.fromEntries(given.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "content-disposition": expect.stringContaining("inline"),
      "content-security-policy": "default-src 'none'; sandbox",
    });
  });

  it("are made as small as a page asks for, where somebody can do that", async () => {
    const { path } = (await send(pngOf(600, 300), "image/png")).body;
    const sized = await guest.get(`${path}?w=200`);
    expect(Object.fromEntries(sized.headers)).toMatchObject({
      "content-type": "image/webp",
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect(sniffPicture(sized.bytes)).toEqual({ type: "image/webp", width: 200, height: 100 });
    expect((await guest.get(`${path}?w=201`)).status).toBe(404);
  });

  it("go out as they were stored, for a day, where nobody could make them smaller", async () => {
    const unreadable = pngOf(600, 300).fill(7, 45, 60);
    const { path } = (await send(unreadable, "image/png")).body;
    const given = await guest.get(`${path}?w=200`);
    expect(given.status).toBe(200);
    expect(Object.fromEntries(given.headers)).toMatchObject({
      "content-type": "image/png",
      "cache-control": "public, max-age=86400",
    });
  });

  it("that are none are refused, whatever they are called", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'.padEnd(80);
    expect((await send(svg, "image/svg+xml")).status).toBe(415);
    expect((await send("<script>", "text/html")).status).toBe(415);
    for (const type of ["image/png", "image/jpeg", "image/webp"]) {
      expect((await send(svg, type)).status, type).toBe(422);
    }
    expect((await send(PNG, "image/webp")).status).toBe(422);
    const behind = new Uint8Array([
      ...PNG,
      ...new TextEncoder().encode("<script>alert(1)</script>"),
    ]);
    expect((await send(behind, "image/png")).status).toBe(422);
    const wide = new Uint8Array(PNG);
    wide.set([0, 1, 0, 0], 16);
    expect((await send(wide, "image/png")).status).toBe(422);
    expect((await send(new Uint8Array(2_097_153), "image/png")).status).toBe(413);
  });

  it("are found under their own names only", async () => {
    for (const path of ["demo/none.png", "demo/..%2f..%2fx.png", "demo/a.svg"]) {
      expect((await guest.get(`/media/${path}`)).status, path).toBe(404);
    }
  });
});
