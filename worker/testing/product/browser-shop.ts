/** The built product with a browser before it: phones of members, and what they see on the sale page. */
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Locator,
  Page,
} from "playwright-core";
import { launchBrowser } from "./browser-launch.ts";
import { Caller, makeMember, startProduct, until, type Product } from "./product.ts";

const MOBILE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  locale: "zh-CN",
  timezoneId: "Asia/Shanghai",
  isMobile: true,
  hasTouch: true,
};

/** What a page must never do: collected from every page of every phone. */
export interface Complaints {
  readonly errors: string[];
  readonly missing: string[];
}

export interface OrderSeen {
  readonly orderId: string;
  readonly saleId: string;
  readonly state: string;
  readonly code: string | null;
  readonly outcome: string;
}

let members = 0;
let skus = 0;

/** A built product of the test file's own, its staff, and the phones that look at it. */
export class Shop {
  readonly product: Product;
  readonly staff: Caller;
  readonly browser: Browser;
  readonly complaints: Complaints = { errors: [], missing: [] };
  readonly #open = new Set<BrowserContext>();

  private constructor(product: Product, staff: Caller, browser: Browser) {
    this.product = product;
    this.staff = staff;
    this.browser = browser;
  }

  static async open(...start: Parameters<typeof startProduct>): Promise<Shop> {
    const [product, browser] = await Promise.all([startProduct(...start), launchBrowser()]);
    const staff = await new Caller(product.origin).login("browser-staff", "staff");
    return new Shop(product, staff, browser);
  }

  async close(): Promise<void> {
    await this.putAway();
    await this.browser.close();
    await this.product.close();
  }

  get origin(): string {
    return this.product.origin;
  }

  /** Closes the phones of a test, so that the next one starts with none. */
  async putAway(): Promise<void> {
    for (const context of this.#open) await context.close();
    this.#open.clear();
  }

  async context(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.browser.newContext({ ...MOBILE, baseURL: this.origin, ...options });
    this.#open.add(context);
    context.setDefaultTimeout(15_000);
    context.on("page", (page) => this.#listen(page));
    return context;
  }

  /** A phone whose owner has signed in. */
  async phoneOf(memberId: string, options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await this.context(options);
    await context.request.post("/api/v1/dev/login", { data: { memberId } });
    return context;
  }

  /** The sale page on a new page of this phone, once it answers taps. */
  async visit(context: BrowserContext, saleId: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(salePath(saleId));
    await isLive(page);
    return page;
  }

  async member(points: number): Promise<{ memberId: string; caller: Caller }> {
    members += 1;
    const memberId = `walker-${String(members).padStart(3, "0")}`;
    return { memberId, caller: await makeMember(this.staff, memberId, points) };
  }

  /** A scheduled sale with a picture. `opensInMs` is counted from now. */
  async sale(terms: SaleTerms = {}): Promise<string> {
    const { opensInMs = -1_000, lastsMs = 3_600_000, ...rest } = terms;
    skus += 1;
    const skuId = `walk-${skus}`;
    await this.must("/api/v1/staff/skus", {
      skuId,
      title: "云山白随行保温杯",
      subtitle: "480 ml · 墨绿",
      picture: "/goods/travel-cup.svg",
      groundColor: "#fbeee9",
      marketPriceFen: 16_800,
      limitPerMember: 1,
    });
    const opensAtMs = Date.now() + opensInMs;
    const { saleId } = await this.must<{ saleId: string }>("/api/v1/staff/sales", {
      skuId,
      pricePoints: 600,
      priceFen: 990,
      units: 5,
      limitPerMember: 1,
      quantityMax: 1,
      opensAtMs,
      closesAtMs: opensAtMs + lastsMs,
      ...rest,
    });
    await this.command(saleId, "schedule");
    return saleId;
  }

  /** Goods that anybody may redeem at any hour; answers the address of their standing sale. */
  async goods(): Promise<string> {
    skus += 1;
    const skuId = `shelf-${skus}`;
    await this.must("/api/v1/staff/skus", {
      skuId,
      title: "云山杯垫 四片",
      subtitle: "硅藻土与软木底，吸水不粘杯",
      picture: "/goods/coaster-set.svg",
      groundColor: "#e4ebe8",
      pricePoints: 160,
      units: 20,
      limitPerMember: 2,
    });
    const listed = await until(
      async () => (await fetch(`${this.origin}/`)).text(),
      (html) => html.includes(`"skuId":"${skuId}"`),
    );
    const saleId = new RegExp(`"skuId":"${skuId}","saleId":"([^"]+)"`).exec(listed)?.[1];
    if (saleId === undefined) throw new Error(`${skuId} is not on the home page`);
    return saleId;
  }

  async command(saleId: string, verb: string, body?: unknown): Promise<void> {
    await this.must(`/api/v1/staff/sales/${saleId}/${verb}`, body);
  }

  async must<T>(path: string, body?: unknown): Promise<T> {
    const answer = await this.staff.post<T>(path, body);
    if (answer.status >= 300)
      throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async epochOf(saleId: string): Promise<number> {
    const { body } = await this.staff.get<{ epoch: number }>(`/api/v1/sales/${saleId}`);
    return body.epoch;
  }

  /** Another member takes a unit by the API; returns the order and who has it. */
  async taken(saleId: string, points = 600): Promise<{ caller: Caller; orderId: string }> {
    const { caller } = await this.member(points);
    const orderId = `other-${crypto.randomUUID().replaceAll("-", "").slice(0, 26)}`;
    const body = { orderId, quantity: 1, epoch: await this.epochOf(saleId) };
    const answer = await caller.post(`/api/v1/sales/${saleId}/redemptions`, body);
    if (answer.status !== 201) throw new Error(`not taken: ${JSON.stringify(answer.body)}`);
    return { caller, orderId };
  }

  async remainingOf(saleId: string): Promise<number> {
    const { body } = await this.staff.get<{ remaining: number }>(`/api/v1/sales/${saleId}`);
    return body.remaining;
  }

  #listen(page: Page): void {
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      // The browser logs every refusal of the API and every cut line by itself; those are answers, not faults.
      const isAnswer = message.location().url.includes("/api/");
      if (isAnswer || /ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(message.text())) return;
      this.complaints.errors.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.errors.push(`${page.url()}: ${String(error)}`));
    page.on("response", (response) => {
      const path = new URL(response.url()).pathname;
      // An order that never arrived is asked for and answered 404: that is how the page learns it.
      const isAnswer = path.startsWith("/api/") || response.request().isNavigationRequest();
      if (response.status() >= 400 && !isAnswer) this.complaints.missing.push(path);
    });
  }
}

export type SaleTerms = Readonly<Record<string, unknown>> & {
  readonly opensInMs?: number;
  readonly lastsMs?: number;
};

export const salePath = (saleId: string): string => `/s/${encodeURIComponent(saleId)}`;

export async function isLive(page: Page): Promise<void> {
  await page.waitForSelector('html[data-live="1"]', { state: "attached" });
}

/**
 * A step to another page of the history. One that the browser gives out of its cache is read anew by itself, but for a sale, which has
 * its line to hear from; and whoever steps on before that steps from a page that is being replaced.
 */
export async function step(page: Page, to: "back" | "forward"): Promise<void> {
  await (to === "back"
    ? page.goBack({ waitUntil: "commit" })
    : page.goForward({ waitUntil: "commit" }));
  await page.waitForFunction(() => {
    const [opened] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const isOutOfCache =
      opened?.type === "back_forward" && opened.workerStart === 0 && !opened.transferSize;
    const isSettled = !isOutOfCache || location.pathname.startsWith("/s/");
    // Asked while one page gives way to the next, a document has no root for a moment.
    return isSettled && document.querySelector('html[data-live="1"]') !== null;
  });
}

/** Waits until the one button is in a state, and answers what it says. */
export async function inState(page: Page, state: string, timeout = 15_000): Promise<string> {
  try {
    await page.waitForSelector(`#grab[data-state="${state}"]`, { timeout });
  } catch {
    const now = await page.locator("#grab").getAttribute("data-state");
    throw new Error(
      `the button did not get to ${state}; it is ${now ?? "missing"}: ${await textOf(page, "body")}`,
    );
  }
  return textOf(page, "#grab");
}

/** From a grant to its order, as a reader would: a tap on the heels of the grab is taken for its echo. */
export async function openOrder(page: Page): Promise<void> {
  await page.waitForTimeout(600);
  await page.tap("#grab");
  await page.waitForURL(/\/orders\//);
  await isLive(page);
}

/** A finger down at once: the tool's own tap looks before it presses, and by then the page has moved on. */
export async function press(page: Page): Promise<void> {
  await page.evaluate(() => {
    const down = new PointerEvent("pointerdown", { bubbles: true, button: 0 });
    document.getElementById("grab")?.dispatchEvent(down);
  });
}

export async function stateOf(page: Page): Promise<string> {
  return (await page.locator("#grab").getAttribute("data-state")) ?? "";
}

/** Whoever has no mouse goes there by the Tab key alone, and sees all the way where they are. */
export async function tabTo(page: Page, to: Locator, key = "Tab"): Promise<void> {
  for (let presses = 0; presses < 90; presses += 1) {
    await page.keyboard.press(key);
    const ring = await page.evaluate(() => {
      const at = document.activeElement;
      return at === null || at === document.body ? "" : getComputedStyle(at).outlineStyle;
    });
    if (ring === "none") throw new Error(`the focus is not seen on the way to ${String(to)}`);
    if (await isFocused(to)) return;
  }
  throw new Error(`the Tab key never came to ${String(to)}`);
}

export const isFocused = (one: Locator): Promise<boolean> =>
  one.evaluate((element) => element === document.activeElement);

/** Text as it is read: runs of white space are one blank. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.locator(selector).first().innerText()).replaceAll(/\s+/g, " ").trim();
}

export async function shows(
  page: Page,
  selector: string,
  pattern: RegExp,
  boundMs = 10_000,
): Promise<string> {
  return until(
    async () => ((await page.locator(selector).count()) > 0 ? textOf(page, selector) : ""),
    (text) => pattern.test(text),
    boundMs,
  );
}

/** What the page has stored as its order of this sale. */
export async function storedOrder(
  page: Page,
): Promise<{ orderId: string; phase: string; epoch: number } | null> {
  return page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith("qd:order:"));
    return key === undefined ? null : JSON.parse(localStorage.getItem(key) ?? "null");
  });
}

export async function ordersOf(caller: Caller): Promise<OrderSeen[]> {
  const { body } = await caller.get<{ orders: OrderSeen[] }>("/api/v1/orders");
  return body.orders;
}

/** Orders after the door's grants have reached the account, which they do a moment later. */
export async function settledOrders(caller: Caller): Promise<{ orderId: string; state: string }[]> {
  const orders = await until(
    () => ordersOf(caller),
    (list) => list.length > 0 && list.every(({ state }) => !["held", "in_doubt"].includes(state)),
  );
  return orders.map(({ orderId, state }) => ({ orderId, state }));
}

export interface Balance {
  readonly active: number;
  readonly held: number;
}

export async function balanceOf(caller: Caller): Promise<Balance> {
  const { body } = await caller.get<Balance>("/api/v1/me/points");
  return { active: body.active, held: body.held };
}
