/** What a picture is: taken by its content, named by the hash of its bytes, given out as a picture and as nothing else. */
import { PICTURE_FILE } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { SECURITY_HEADERS } from "../platform/http/security.ts";
import { sniffPicture, type PictureType } from "./sniff.ts";
import type { PictureWidth } from "./wire.ts";

const ENDINGS: Readonly<Record<PictureType, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
};
const TYPES: Readonly<Record<string, PictureType>> = {
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
};

/** As a route declares a body that is a picture. */
export const PICTURE_BYTES = {
  types: Object.keys(ENDINGS),
  bytesMax: LIMITS.pictureBytesMax,
  description: `At most ${LIMITS.pictureBytesMax} bytes and ${LIMITS.pictureSideMax} pixels a side.`,
};

const PICTURE_WIDTHS: readonly PictureWidth[] = [200, 400, 800];

/** Null: the picture as it was stored. Undefined: a width that nobody is given. */
export function askedWidth(asked: string | null): PictureWidth | null | undefined {
  return asked === null ? null : PICTURE_WIDTHS.find((width) => String(width) === asked);
}

/** As WebP, which every engine of the target reads, and never wider than it was stored. */
export async function sizedPicture(
  images: ImagesBinding,
  picture: ReadableStream,
  width: PictureWidth,
): Promise<ReadableStream> {
  const sized = images.input(picture).transform({ width, fit: "scale-down" });
  return (await sized.output({ format: "image/webp", quality: 82 })).image();
}

export interface TakenPicture {
  readonly name: string;
  readonly type: PictureType;
  readonly width: number;
  readonly height: number;
}

/** Null: a file of that name is no picture of ours. */
export function pictureTypeOf(file: string): PictureType | null {
  const ending = PICTURE_FILE.exec(file)?.[2];
  return ending === undefined ? null : (TYPES[ending] ?? null);
}

/** What these bytes are, whatever they were called; a text says why they are not taken. */
export async function takePicture(
  bytes: Uint8Array<ArrayBuffer>,
  bytesType: string,
): Promise<TakenPicture | string> {
  const picture = sniffPicture(bytes);
  if (!picture) return "no whole PNG, JPEG or WebP picture";
  const { type, width, height } = picture;
  if (type !== bytesType) return `the content is ${type}, not ${bytesType}`;
  const sideMax = LIMITS.pictureSideMax;
  if (width < 1 || height < 1 || width > sideMax || height > sideMax)
    return `${width} × ${height}: at most ${sideMax} pixels a side`;
  return { name: `${await hashOf(bytes)}.${ENDINGS[type]}`, type, width, height };
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest).subarray(0, 16)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

/** Headers that make a picture a picture and nothing else, whatever somebody managed to store. */
export function pictureHeaders(type: PictureType, file: string): Record<string, string> {
  return {
    ...SECURITY_HEADERS,
    "content-type": type,
    "content-disposition": `inline; filename="${file}"`,
    "content-security-policy": "default-src 'none'; sandbox",
    etag: `"${file}"`,
  };
}
