/** The code on the picture and where it stands: what draws it and what scans it agree here. */
import { encode } from "uqr";

export const WIDTH_PX = 750;
export const EDGE = 32;
export const INNER = 40;
/** Below the tear line. */
export const STUB_HEIGHT = 264;
export const QR_PX = 208;
/** Light modules around a code, without which scanners miss it. */
const QUIET = 2;

export const codeOf = (url: string): readonly (readonly boolean[])[] =>
  encode(url, { ecc: "M", border: 0 }).data;

/** The size of a module, and the corner of the first one, from the left and from the bottom. */
export function codePlace(modules: number): { modulePx: number; x: number; fromBottom: number } {
  const modulePx = Math.floor(QR_PX / (modules + 2 * QUIET));
  const size = modulePx * modules;
  const margin = Math.round((QR_PX - size) / 2);
  return {
    modulePx,
    x: WIDTH_PX - EDGE - INNER - QR_PX + margin,
    fromBottom: EDGE + Math.round((STUB_HEIGHT - QR_PX) / 2) + margin + size,
  };
}
