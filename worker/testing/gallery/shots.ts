/** `npm run shots`: a picture of every page in every state, light and dark, zh-CN and en, at four widths, and contact sheets of them; outside of git. */
import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { optionsOf } from "../../local/options.ts";
import { ROOMS } from "./rooms.ts";
import { makeSheets } from "./sheets.ts";
import { openWorld } from "./world.ts";

const HELP = `npm run shots [-- options]

  --only T      routes and states whose name has this text in it
  --out F       the folder to write to (default .shots)
  --widths W    commas between (default 320,360,390,430)
  --schemes S   light, dark or both (default light,dark)
  --locales L   zh-CN, en or both (default zh-CN,en)
  --help        this text`;

const { values } = optionsOf("npm run shots -- --help", {
  options: {
    only: { type: "string", default: "" },
    out: { type: "string", default: ".shots" },
    widths: { type: "string", default: "320,360,390,430" },
    schemes: { type: "string", default: "light,dark" },
    locales: { type: "string", default: "zh-CN,en" },
    help: { type: "boolean", default: false },
  },
});

const HEIGHT = 780;
const HEIGHT_MAX = 2_600;

const fileName = (text: string): string =>
  text
    .replace(/^\/ /, "home ")
    .replaceAll(/[^0-9a-z]+/gi, "-")
    .replaceAll(/^-|-$/g, "");

/** Not before the pictures below the fold are there and everything that was to move has. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const image of document.images) image.loading = "eager";
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  });
}

/** The whole page in one window, so that what is fixed to its foot is at its foot. */
async function heightOf(page: Page): Promise<number> {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  return Math.min(HEIGHT_MAX, Math.max(HEIGHT, height));
}

/** In a window that has just grown, what is fixed to its foot is painted there a frame later. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(done));
      }),
  );
}

async function main(): Promise<void> {
  if (values.help) return console.log(HELP);
  const out = resolve(values.out);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const chosen = Object.entries(ROOMS)
    .flatMap(([path, states]) =>
      Object.entries(states).map(([name, state]) => ({ name: `${path} ${name}`, state })),
    )
    .filter(({ name }) => name.includes(values.only));
  const world = await openWorld();
  let taken = 0;
  const failed: string[] = [];
  for (const locale of values.locales.split(",")) {
    for (const { name, state } of chosen) {
      try {
        const viewport = { width: 390, height: HEIGHT };
        const page = await state.open(world, { locale, viewport, reducedMotion: "reduce" });
        await settle(page);
        for (const scheme of values.schemes.split(",") as ("light" | "dark")[]) {
          await page.emulateMedia({ colorScheme: scheme });
          for (const width of values.widths.split(",").map(Number)) {
            await page.setViewportSize({ width, height: HEIGHT });
            const path = join(out, `${fileName(name)}.${locale}.${scheme}.${width}.png`);
            await page.setViewportSize({ width, height: await heightOf(page) });
            await painted(page);
            await page.screenshot({ path });
            taken += 1;
          }
        }
      } catch (error) {
        failed.push(`${locale} ${name}: ${String(error).split("\n", 1)[0]}`);
      }
      await world.shop.putAway();
    }
  }
  await world.shop.close();
  const sheets = await makeSheets(out);
  console.log(`${taken} pictures in ${out}, and side by side on ${sheets} sheets in ${out}/sheets`);
  for (const line of failed) console.error(line);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

void main();
