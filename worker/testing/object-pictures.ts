/** Pictures for the tests of uploads. */

export const PIXEL = Uint8Array.from(
  atob(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  ),
  (letter) => letter.charCodeAt(0),
);

const END_BYTES = 12;

/** The pixel with a comment inside: bytes of its own, by which it is found again wherever it lies open. */
export function pictureSaying(text: string): Uint8Array<ArrayBuffer> {
  const words = Buffer.from(`Comment\0${text}`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(words.length);
  const comment = Buffer.concat([length, Buffer.from("tEXt"), words, Buffer.alloc(4)]);
  const [body, end] = [PIXEL.subarray(0, -END_BYTES), PIXEL.subarray(-END_BYTES)];
  return new Uint8Array(Buffer.concat([body, comment, end]));
}
