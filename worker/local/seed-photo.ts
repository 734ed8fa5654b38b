/** A picture as a member takes it of a damaged parcel: a tea tin on a table, its side pressed in. Drawn, so that no file has to be kept. */
import { crc32, deflateSync } from "node:zlib";

const WIDTH = 480;
const HEIGHT = 640;

type Colour = readonly [red: number, green: number, blue: number];

const shade = ([red, green, blue]: Colour, by: number): Colour => [red * by, green * by, blue * by];

const WALL: Colour = [226, 221, 210];
const TABLE: Colour = [156, 116, 82];
const TIN: Colour = [86, 116, 104];
const LABEL: Colour = [240, 233, 216];
const CREASE: Colour = [40, 52, 48];

/** How far the tin's right side is pressed in at this height. */
const dentAt = (y: number): number => 62 * Math.exp(-(((y - 390) / 62) ** 2));

function colourAt(x: number, y: number): Colour {
  const right = 340 - dentAt(y);
  const isTin = x > 140 && x < right && y > 190 && y < 560;
  const isLid = x > 132 && x < 348 && y > 150 && y <= 206 + (x - 132) * 0.06;
  if (isLid) return shade(TIN, 0.62 + 0.5 * Math.sin(((x - 132) / 216) * Math.PI));
  if (!isTin) {
    const shadow = y > 540 && y < 586 && x > 120 && x < 400 ? 0.72 : 1;
    return shade(y > 430 ? TABLE : WALL, shadow * (1.04 - 0.14 * (y / HEIGHT)));
  }
  const round = 0.66 + 0.44 * Math.sin(((x - 140) / (right - 140)) * Math.PI);
  // Light breaks at the edge of the dent.
  const isCrease = Math.abs(x - (right - 26 - dentAt(y) * 0.3)) < 2.5 && dentAt(y) > 8;
  if (isCrease) return CREASE;
  const isLabel = y > 270 && y < 480 && x > 172 && x < 292;
  const isLine = isLabel && y > 310 && y < 440 && (y - 310) % 30 < 7 && x > 196 && x < 268;
  return shade(isLine ? TIN : isLabel ? LABEL : TIN, round);
}

function chunk(name: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** As PNG. */
export function dentedTin(): Uint8Array<ArrayBuffer> {
  const rows = Buffer.alloc(HEIGHT * (WIDTH * 3 + 1));
  for (let y = 0; y < HEIGHT; y += 1) {
    const row = y * (WIDTH * 3 + 1) + 1;
    for (let x = 0; x < WIDTH; x += 1) {
      const colour = colourAt(x, y).map((part) => Math.min(255, Math.round(part)));
      rows.set(colour, row + x * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  // Eight bits of red, green and blue each.
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const parts = [
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", head.subarray(13)),
  ];
  return new Uint8Array(Buffer.concat([signature, ...parts]));
}
