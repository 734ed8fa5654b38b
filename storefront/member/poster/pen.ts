/** Words and boxes on a canvas, in the tokens of the page. */

/** Colours of the light scheme, whatever the page has: a picture goes to others. */
interface Tone {
  readonly solid: string;
  readonly on: string;
  readonly text: string;
  readonly tint: string;
  readonly surface: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
}

export interface Pen {
  readonly ctx: CanvasRenderingContext2D;
  readonly tone: Tone;
  /** A colour of the page's data, tokens in it resolved. */
  color(css: string): string;
  width(text: string, px: number, weight: number): number;
  /** Answers how wide the words are. */
  text(
    text: string,
    x: number,
    y: number,
    px: number,
    weight: number,
    color: string,
    align?: CanvasTextAlign,
  ): number;
  /** The path of a box with round corners, to fill or to clip by. */
  box(x: number, y: number, width: number, height: number, radius: number): void;
  badge(text: string, x: number, y: number, widthMax: number): void;
}

function toneOf(read: (token: string) => string): Tone {
  return {
    ...{ solid: read("--l-solid"), on: read("--l-on"), text: read("--l-text") },
    ...{ tint: read("--l-tint"), surface: read("--surface"), ink: read("--text") },
    ...{ quiet: read("--text-2"), line: read("--line-control") },
  };
}

/** Null: this browser has no canvas. */
export function pen(canvas: HTMLCanvasElement): Pen | null {
  const ctx = canvas.getContext("2d");
  if (ctx === null) return null;
  const light = document.createElement("i");
  light.dataset["scheme"] = "light";
  light.style.display = "none";
  document.body.append(light);
  const style = getComputedStyle(light);
  const read = (token: string): string => style.getPropertyValue(token).trim();
  const tone = toneOf(read);
  const family = read("--font-text");
  light.remove();
  const font = (px: number, weight: number): void => {
    ctx.font = `${weight} ${px}px ${family}`;
  };
  const self: Pen = {
    ctx,
    tone,
    color: (css) => (css.startsWith("var(") ? tone.tint : css),
    width(text, px, weight) {
      font(px, weight);
      return ctx.measureText(text).width;
    },
    text(text, x, y, px, weight, color, align = "left") {
      font(px, weight);
      ctx.fillStyle = color;
      ctx.textAlign = align;
      ctx.fillText(text, x, y);
      return ctx.measureText(text).width;
    },
    // `roundRect` is younger than the oldest engine.
    box(x, y, width, height, radius) {
      ctx.beginPath();
      ctx.moveTo(x + radius, y);
      ctx.arcTo(x + width, y, x + width, y + height, radius);
      ctx.arcTo(x + width, y + height, x, y + height, radius);
      ctx.arcTo(x, y + height, x, y, radius);
      ctx.arcTo(x, y, x + width, y, radius);
      ctx.closePath();
    },
    badge(text, x, y, widthMax) {
      const [line = ""] = lines(self, text, widthMax - 48, 30, 600, 1);
      self.box(x, y, self.width(line, 30, 600) + 48, 56, 28);
      ctx.fillStyle = tone.tint;
      ctx.fill();
      self.text(line, x + 24, y + 39, 30, 600, tone.text);
    },
  };
  return self;
}

/** Words broken to a width: Latin between words, Chinese anywhere; what is beyond the last line ends with an ellipsis. */
export function lines(
  p: Pick<Pen, "width">,
  text: string,
  widthMax: number,
  px: number,
  weight: number,
  linesMax: number,
): string[] {
  const found: string[] = [];
  let line = "";
  const fits = (candidate: string): boolean => p.width(candidate.trimEnd(), px, weight) <= widthMax;
  for (const piece of text.match(/[\w'’.,%+:/-]+\s*|[^]/gu) ?? []) {
    if (fits(line + piece)) {
      line += piece;
      continue;
    }
    if (line !== "") found.push(line.trimEnd());
    line = piece;
    // A word longer than a line is cut where it must.
    while (!fits(line)) {
      let most = [...line].length - 1;
      while (most > 1 && !fits([...line].slice(0, most).join(""))) most -= 1;
      found.push([...line].slice(0, most).join(""));
      line = [...line].slice(most).join("");
    }
  }
  if (line.trim() !== "") found.push(line.trimEnd());
  if (found.length <= linesMax) return found;
  const kept = found.slice(0, linesMax);
  let last = [...(kept[linesMax - 1] ?? "")];
  while (last.length > 1 && !fits(`${last.join("")}…`)) last = last.slice(0, -1);
  return [...kept.slice(0, -1), `${last.join("").trimEnd()}…`];
}
