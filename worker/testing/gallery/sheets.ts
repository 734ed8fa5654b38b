/**
 * Contact sheets of the pictures that `npm run shots` took: many pages side by side, in files of their own for each width, scheme and
 * language, so that somebody can look at all of them. `node worker/testing/gallery/sheets.ts [folder]` makes them anew.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launchBrowser } from "../../../storefront/testing/launch-browser.ts";

const COLUMNS = 8;
const COLUMN_PX = 232;
/** What a screen shows at once: pictures are added until a sheet is so high. */
const SHEET_PX = 1_500;
const CAPTION_PX = 18;
const GAP_PX = 8;

interface Picture {
  readonly path: string;
  readonly name: string;
  /** As it stands on the sheet. */
  readonly heightPx: number;
}

/** `name.locale.scheme.width.png`, as shots.ts names them; the size stands at the head of a PNG. */
function pictureOf(folder: string, file: string): { group: string; picture: Picture } {
  const path = join(folder, file);
  const [name = "", ...group] = file.replace(/\.png$/, "").split(".");
  const head = readFileSync(path).subarray(16, 24);
  const heightPx = Math.round((head.readUInt32BE(4) / head.readUInt32BE(0)) * COLUMN_PX);
  return { group: group.join("."), picture: { path, name, heightPx } };
}

/** Into the shortest column, until none has room; each sheet is a list of columns. */
export function laidOut(pictures: readonly Picture[]): Picture[][][] {
  const sheets: Picture[][][] = [];
  let columns: { pictures: Picture[]; heightPx: number }[] = [];
  for (const picture of pictures) {
    const heightPx = picture.heightPx + CAPTION_PX + GAP_PX;
    let column = columns.toSorted((a, b) => a.heightPx - b.heightPx)[0];
    if (!column || (column.heightPx > 0 && column.heightPx + heightPx > SHEET_PX)) {
      columns = Array.from({ length: COLUMNS }, () => ({ pictures: [], heightPx: 0 }));
      sheets.push(columns.map((one) => one.pictures));
      column = columns[0];
    }
    column?.pictures.push(picture);
    if (column) column.heightPx += heightPx;
  }
  return sheets;
}

const figure = ({ path, name }: Picture): string => {
  const data = readFileSync(path).toString("base64");
  return `<figure><figcaption>${name}</figcaption><img src="data:image/png;base64,${data}"></figure>`;
};

const sheetOf = (columns: readonly (readonly Picture[])[]): string => `<!doctype html>
<style>
  body { margin: ${GAP_PX}px; display: flex; gap: ${GAP_PX}px; align-items: flex-start; background: #777; font: 11px/${CAPTION_PX}px sans-serif; }
  figure { margin: 0 0 ${GAP_PX}px; width: ${COLUMN_PX}px; }
  figcaption { color: #fff; white-space: nowrap; overflow: hidden; }
  img { display: block; width: 100%; }
</style>
${columns.map((column) => `<div>${column.map(figure).join("")}</div>`).join("")}`;

/** Writes the sheets of a folder of pictures into its folder `sheets`; says how many. */
export async function makeSheets(folder: string): Promise<number> {
  const groups = new Map<string, Picture[]>();
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".png")) continue;
    const { group, picture } = pictureOf(folder, file);
    groups.set(group, [...(groups.get(group) ?? []), picture]);
  }
  const out = join(folder, "sheets");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const browser = await launchBrowser();
  const width = COLUMNS * (COLUMN_PX + GAP_PX) + GAP_PX;
  const page = await browser.newPage({ viewport: { width, height: SHEET_PX } });
  let made = 0;
  for (const [group, pictures] of groups) {
    for (const [at, columns] of laidOut(pictures).entries()) {
      await page.setContent(sheetOf(columns));
      const path = join(out, `${group}.${String(at + 1).padStart(2, "0")}.png`);
      await page.screenshot({ path, fullPage: true });
      made += 1;
    }
  }
  await browser.close();
  return made;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const folder = resolve(process.argv[2] ?? ".shots");
  console.log(`${await makeSheets(folder)} sheets in ${join(folder, "sheets")}`);
}
