/** A picture file → the widths that phones ask for, made in the browser, then stored. */
import type { Picture } from "../../../worker/catalog/wire.ts";
import type { Call } from "../kit/index.ts";

const WIDTHS = [400, 800, 1_200] as const;
const QUALITY = 0.82;

interface Stored {
  readonly path: string;
  readonly width: number;
  readonly height: number;
}

/** Widths worth storing: none larger than the picture, and at least one. */
export function widthsFor(width: number): number[] {
  const fitting = WIDTHS.filter((one) => one <= width);
  return fitting.length > 0 ? [...fitting] : [width];
}

async function sized(bitmap: ImageBitmap, width: number): Promise<Blob | null> {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.max(1, Math.round((bitmap.height * width) / bitmap.width));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const made = await new Promise<Blob | null>((give) => canvas.toBlob(give, "image/webp", QUALITY));
  // A browser that writes no WebP gives a PNG; what it says it is, is what is sent.
  return made;
}

/** Null: the file is no picture, or the server would not have it. Drawing anew leaves places and names of cameras behind. */
export async function storePicture(file: Blob, call: Call): Promise<Picture | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const stored: Stored[] = [];
  for (const width of widthsFor(bitmap.width)) {
    const blob = await sized(bitmap, width);
    const answer =
      blob && (await call<Stored>("POST", "/api/v1/staff/media", blob, { timeoutMs: 60_000 }));
    if (!answer?.ok) return null;
    stored.push(answer.value);
  }
  const largest = stored.at(-1);
  if (!largest) return null;
  const { path, width, height } = largest;
  return {
    path,
    width,
    height,
    alt: "",
    sources: stored.map((one) => ({ path: one.path, width: one.width })),
  };
}
