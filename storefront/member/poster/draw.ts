/** Draws the picture to share: the merchant's mark and colour, what it is, and the code that leads there. */
import type { PageBase } from "../../../worker/pages/page-data.ts";
import { codeOf, codePlace, EDGE, INNER, QR_PX, STUB_HEIGHT, WIDTH_PX } from "./code-place.ts";
import { lines, pen, type Pen } from "./pen.ts";
import type { PosterCard } from "./poster-card.ts";

const HEAD_HEIGHT = 128;
const CARD_X = EDGE;
const CARD_WIDTH = WIDTH_PX - 2 * EDGE;
const TEXT_X = CARD_X + INNER;
const TEXT_WIDTH = CARD_WIDTH - 2 * INNER;
const PICTURE_HEIGHT = 600;
const NOTCH = 18;
const INVITE_HEIGHT = 470;

/** A picture of this origin, or null: a poster without its picture is a poster still. */
function load(path: string | null): Promise<HTMLImageElement | null> {
  return new Promise((resolve) => {
    if (path === null) {
      resolve(null);
      return;
    }
    const image = new Image();
    image.addEventListener("load", () => resolve(image));
    image.addEventListener("error", () => resolve(null));
    image.src = path;
  });
}

/** Fills a box as `object-fit: cover` does. */
function cover(p: Pen, image: HTMLImageElement, x: number, y: number, w: number, h: number): void {
  // A drawing without a size of its own is as large as it is asked to be.
  const width = image.naturalWidth || w;
  const height = image.naturalHeight || w;
  const scale = Math.max(w / width, h / height);
  const [dw, dh] = [width * scale, height * scale];
  p.ctx.drawImage(image, x + (w - dw) / 2, y + (h - dh) / 2, dw, dh);
}

function head(p: Pen, name: string, logo: HTMLImageElement | null): void {
  const { ctx, tone } = p;
  const [x, y, size] = [EDGE + 8, 32, 64];
  ctx.save();
  p.box(x, y, size, size, 16);
  ctx.clip();
  ctx.fillStyle = tone.on;
  ctx.fillRect(x, y, size, size);
  if (logo === null)
    p.text([...name][0] ?? "", x + size / 2, y + 46, 36, 700, tone.solid, "center");
  else cover(p, logo, x, y, size, size);
  ctx.restore();
  const [line = ""] = lines(p, name, CARD_WIDTH - size - 40, 34, 600, 1);
  p.text(line, x + size + 20, y + 44, 34, 600, tone.on);
}

/** A name in two lines at most; smaller, where a letter or two would stand alone in the second. */
function titleOf(p: Pen, title: string): { lines: string[]; px: number } {
  const sizes = [42, 38].map((px) => ({ px, lines: lines(p, title, TEXT_WIDTH, px, 600, 2) }));
  const [large, small] = sizes as [(typeof sizes)[0], (typeof sizes)[0]];
  const isLonely = large.lines.length === 2 && [...(large.lines[1] ?? "")].length < 3;
  return isLonely && small.lines.length === 1 ? small : large;
}

function goodsFace(
  p: Pen,
  card: PosterCard,
  picture: HTMLImageElement | null,
  top: number,
): number {
  if (card.face.kind !== "goods") return top;
  const { ctx, tone } = p;
  const { face } = card;
  ctx.save();
  p.box(CARD_X, top, CARD_WIDTH, PICTURE_HEIGHT + 40, 28);
  ctx.clip();
  ctx.fillStyle = tone.tint;
  ctx.fillRect(CARD_X, top, CARD_WIDTH, PICTURE_HEIGHT);
  ctx.fillStyle = p.color(face.groundColor);
  ctx.fillRect(CARD_X, top, CARD_WIDTH, PICTURE_HEIGHT);
  if (picture !== null) cover(p, picture, CARD_X, top, CARD_WIDTH, PICTURE_HEIGHT);
  ctx.fillStyle = tone.surface;
  ctx.fillRect(CARD_X, top + PICTURE_HEIGHT, CARD_WIDTH, 40);
  ctx.restore();
  let y = top + PICTURE_HEIGHT + 24;
  const title = titleOf(p, card.title);
  for (const line of title.lines) {
    y += 52;
    p.text(line, TEXT_X, y, title.px, 600, tone.ink);
  }
  for (const line of lines(p, face.subtitle, TEXT_WIDTH, 28, 400, 1)) {
    y += 44;
    p.text(line, TEXT_X, y, 28, 400, tone.quiet);
  }
  y += 88;
  let x = TEXT_X + p.text(face.points, TEXT_X, y, 72, 700, tone.text) + 10;
  x += p.text(face.unit, x, y, 30, 600, tone.text) + 14;
  if (face.beside !== "") x += p.text(face.beside, x, y, 38, 600, tone.text) + 24;
  if (face.market !== "") {
    const width = p.text(face.market, x, y, 26, 400, tone.quiet);
    ctx.fillStyle = tone.quiet;
    ctx.fillRect(x, y - 9, width, 2);
  }
  if (face.badge !== "") {
    y += 32;
    p.badge(face.badge, TEXT_X, y, TEXT_WIDTH);
    y += 56;
  }
  return y + 36;
}

function inviteFace(p: Pen, card: PosterCard, top: number): number {
  if (card.face.kind !== "invite") return top;
  const { tone } = p;
  const { face } = card;
  const middle = WIDTH_PX / 2;
  p.text(face.head, middle, top + 84, 32, 400, tone.quiet, "center");
  let y = top + 84;
  for (const line of lines(p, card.title, TEXT_WIDTH, 56, 700, 2)) {
    y += 72;
    p.text(line, middle, y, 56, 700, tone.ink, "center");
  }
  if (face.points !== "") {
    p.text(face.gift, middle, y + 76, 30, 400, tone.quiet, "center");
    y += 188;
    const total = p.width(face.points, 104, 700) + 14 + p.width(face.unit, 36, 600);
    const x = middle - total / 2;
    const used = p.text(face.points, x, y, 104, 700, tone.text);
    p.text(face.unit, x + used + 14, y, 36, 600, tone.text);
    p.text(face.act, middle, y + 52, 26, 400, tone.quiet, "center");
    y += 52;
  }
  const width = p.width(face.code, 30, 600) + 48;
  p.badge(face.code, middle - width / 2, y + 36, TEXT_WIDTH);
  return Math.max(top + INVITE_HEIGHT, y + 36 + 56 + 40);
}

/** Below the tear line: what to do with the code, and the code. */
function stub(p: Pen, card: PosterCard, top: number): void {
  const { ctx, tone } = p;
  ctx.fillStyle = tone.line;
  for (let x = CARD_X + NOTCH + 14; x < CARD_X + CARD_WIDTH - NOTCH - 14; x += 18) {
    ctx.fillRect(x, top - 1, 10, 2);
  }
  ctx.fillStyle = tone.solid;
  for (const x of [CARD_X, CARD_X + CARD_WIDTH]) {
    ctx.beginPath();
    ctx.arc(x, top, NOTCH, 0, 2 * Math.PI);
    ctx.fill();
  }
  const width = TEXT_WIDTH - QR_PX - 24;
  let y = top + 92;
  for (const line of lines(p, card.call, width, 38, 600, 2)) {
    p.text(line, TEXT_X, y, 38, 600, tone.ink);
    y += 48;
  }
  p.text(card.scan, TEXT_X, y + 4, 28, 400, tone.quiet);
  const [host = ""] = lines(p, new URL(card.url).host, width, 24, 400, 1);
  p.text(host, TEXT_X, y + 48, 24, 400, tone.quiet);
  const code = codeOf(card.url);
  const place = codePlace(code.length);
  const first = p.ctx.canvas.height - place.fromBottom;
  // Dark on light in every theme: a scanner reads contrast, not taste.
  ctx.fillStyle = tone.ink;
  code.forEach((row, at) =>
    row.forEach((isDark, nth) => {
      if (!isDark) return;
      const { modulePx } = place;
      ctx.fillRect(place.x + nth * modulePx, first + at * modulePx, modulePx, modulePx);
    }),
  );
}

/** A JPEG as a data address: WeChat's web view saves and forwards such a picture at a long press, and no blob. Null: no canvas here. */
export async function drawPoster(
  card: PosterCard,
  programme: PageBase["programme"],
): Promise<string | null> {
  const canvas = document.createElement("canvas");
  const { face } = card;
  const [logo, picture] = await Promise.all([
    load(programme.logo),
    load(face.kind === "goods" ? face.picture : null),
  ]);
  const paint = (height: number): number => {
    canvas.width = WIDTH_PX;
    canvas.height = height;
    const p = pen(canvas);
    if (p === null) return 0;
    p.ctx.fillStyle = p.tone.solid;
    p.ctx.fillRect(0, 0, WIDTH_PX, height);
    head(p, programme.name, logo);
    p.ctx.fillStyle = p.tone.surface;
    p.box(CARD_X, HEAD_HEIGHT, CARD_WIDTH, height - HEAD_HEIGHT - EDGE, 28);
    p.ctx.fill();
    const tear =
      face.kind === "goods"
        ? goodsFace(p, card, picture, HEAD_HEIGHT)
        : inviteFace(p, card, HEAD_HEIGHT);
    stub(p, card, tear);
    return tear + STUB_HEIGHT + EDGE;
  };
  // How high it is, its words decide: the first time measures, the second one stays.
  const height = paint(WIDTH_PX * 2);
  if (height === 0) return null;
  paint(height);
  return canvas.toDataURL("image/jpeg", 0.92);
}
