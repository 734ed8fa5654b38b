/** What an eye finds on a page: accessibility, what stands out of the window, what nobody translated. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DOUBLE_PX = 32;

interface Axe {
  run(options: RunOptions): Promise<AxeResults>;
}

/** Every finding of axe, whatever its weight, as `rule: where`; of these rules only, when some are named. */
async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // By the debugger and not by a script element, which the page's policy forbids.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  const results = await page.evaluate(
    (asked) => (window as unknown as { axe: Axe }).axe.run(asked),
    {
      resultTypes: ["violations"],
      ...(rules === undefined ? {} : { runOnly: { type: "rule", values: rules } }),
    } satisfies RunOptions,
  );
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(" ")}`),
  );
}

/** By every rule, in this colour scheme. */
export async function axeFindings(page: Page, scheme: "light" | "dark"): Promise<string[]> {
  await page.emulateMedia({ colorScheme: scheme });
  return (await violations(page)).map((one) => `${scheme}: ${one}`);
}

/** Words that cannot be read in a merchant's colours: as a theme's sheet says them, in both schemes. */
export async function unreadable(page: Page, themeSheet: string): Promise<string[]> {
  await page.evaluate((css) => {
    document.documentElement.dataset["theme"] = "custom";
    const sheet = document.getElementById("tried") ?? document.createElement("style");
    sheet.id = "tried";
    sheet.textContent = css;
    document.head.append(sheet);
  }, themeSheet);
  const found: string[] = [];
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    found.push(...(await violations(page, ["color-contrast"])).map((one) => `${scheme}: ${one}`));
  }
  return found;
}

/** Whether the document stands out of the window sideways, and which of its elements do. */
export async function overflow(page: Page, widths: readonly number[]): Promise<string[]> {
  const found: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 740 });
    const out = await page.evaluate(() => {
      if (document.documentElement.scrollWidth <= innerWidth) return [];
      return [...document.querySelectorAll("main *, .actbar *, .tabbar *, [role=dialog] *")]
        .filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5)
        .map((node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class")}`);
    });
    found.push(...out.map((one) => `${width} px: ${one}`));
  }
  return found;
}

/** The same with the reader's own text size at 200 %. */
export async function overflowOfLargeText(
  page: Page,
  widths: readonly number[],
): Promise<string[]> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.enable");
  await devtools.send("Page.setFontSizes", {
    fontSizes: { standard: DOUBLE_PX, fixed: DOUBLE_PX },
  });
  const found = await overflow(page, widths);
  return found.map((one) => `200 % ${one}`);
}

/** Names in the tab bar that are broken, run into the next, or stand out of the window. */
export async function crampedTabs(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const names = [...document.querySelectorAll(".tabbar span")].map((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const { left, right } = range.getBoundingClientRect();
      return { text: node.textContent ?? "", lines: range.getClientRects().length, left, right };
    });
    return names
      .filter(({ lines, left, right }, at) => {
        const untilPx = names[at + 1]?.left ?? innerWidth;
        return lines !== 1 || left < 0 || right + 2 > untilPx;
      })
      .map(({ text }) => text);
  });
}

/** Texts that stand in so narrow a column that hardly a letter is beside another. */
export async function squeezed(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const node of document.querySelectorAll("main *")) {
      const own = [...node.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
      for (const text of own) {
        const words = text.textContent?.trim() ?? "";
        const range = document.createRange();
        range.selectNodeContents(text);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (words.length > 3 && lines.size > words.length / 2) found.push(words);
      }
    }
    return found;
  });
}

/** Chinese words on an English page that are ours: those of the merchant came with the page's data or from the API. */
export async function untranslated(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const data = document.getElementById("page-data")?.textContent ?? "";
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? "";
      const around = node.parentElement;
      if (!/[\u3400-\u9fff]/.test(text) || around === null) continue;
      if (around.closest("script, style, [lang='zh-CN'], [data-merchant]") !== null) continue;
      const words = text.match(/[\u3400-\u9fff]+/g) ?? [];
      if (words.some((word) => !data.includes(word))) found.push(text);
    }
    return found;
  });
}

/** What a finger misses: of all that can be pressed, what takes no tap somewhere in a square of 24 px around its middle (WCAG 2.5.8). */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const PRESSED = "a[href], button, input, select, textarea, summary, [role=menuitem]";
    const HALF_PX = 11.5;
    const isWord = (node: ChildNode): boolean =>
      node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim().length > 1;
    // A link in a sentence is as high as its line.
    const isInSentence = (node: Element): boolean =>
      getComputedStyle(node).display === "inline" &&
      [...(node.parentElement?.childNodes ?? [])].some(isWord);
    const takes = (node: Element, x: number, y: number): boolean => {
      const hit = document.elementFromPoint(x, y);
      return hit !== null && (node.contains(hit) || hit.closest("label")?.control === node);
    };
    // Below a dialog nothing can be pressed.
    const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
    const found: string[] = [];
    for (const node of place.querySelectorAll(`:is(${PRESSED}):not(:disabled)`)) {
      if (!node.checkVisibility({ visibilityProperty: true }) || isInSentence(node)) continue;
      node.scrollIntoView({ block: "center", inline: "nearest" });
      // What has a label is pressed on all of it.
      const [box] = (node.closest("label") ?? node).getClientRects();
      if (!box || box.width <= 1) continue;
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      if (x < 0 || x > innerWidth || y < 0 || y > innerHeight) continue;
      const isWhole = [
        [0, 0],
        [-HALF_PX, 0],
        [HALF_PX, 0],
        [0, -HALF_PX],
        [0, HALF_PX],
      ].every(([right = 0, down = 0]) => takes(node, x + right, y + down));
      const name = node.getAttribute("aria-label") ?? node.textContent ?? "";
      const size = `${Math.round(box.width)} × ${Math.round(box.height)}`;
      if (!isWhole) found.push(`${node.tagName.toLowerCase()} ${name.slice(0, 30)} of ${size}`);
    }
    scrollTo(0, 0);
    return found;
  });
}
