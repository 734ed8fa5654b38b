/** People who work here, in a real browser: opening the shop, second steps, passkeys, colleagues, hostile names, every eye. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser-launch.ts";
import { startProduct, type Product } from "./product.ts";
import { codeOf, OWNER, SETUP_KEY, StaffBrowser } from "./staff-client.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SECTIONS = [
  "people",
  "roles",
  "stores",
  "security",
  "audit-log",
  "approvals",
  "approvals/thresholds",
];
/** As a name: markup, a script, the end of a script, an attribute's end. */
const HOSTILE = `"><img src=x onerror=pwned=1></script><script>pwned=1`.slice(0, 40);

let product: Product;
let browser: Browser;
let origin: string;
const open = new Set<BrowserContext>();
beforeAll(async () => {
  [product, browser] = await Promise.all([
    startProduct({ SETUP_KEY, DEV_LOGIN: "off" }),
    launchBrowser(),
  ]);
  // A passkey belongs to a name: browsers take none for a bare address.
  origin = product.origin.replace("127.0.0.1", "localhost");
});
afterEach(async () => {
  await Promise.all([...open].map((context) => context.close()));
  open.clear();
});
afterAll(async () => {
  await browser.close();
  await product.close();
});

interface Desk {
  readonly page: Page;
  readonly errors: string[];
}

async function desk(
  options: { locale?: string; colorScheme?: "light" | "dark"; width?: number } = {},
): Promise<Desk> {
  const { locale = "zh-CN", colorScheme = "light", width = 1_280 } = options;
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport: { width, height: 860 },
  });
  open.add(context);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // A refused sign-in is what some of these ask for.
    if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
      errors.push(message.text());
  });
  return { page, errors };
}

async function signIn(
  page: Page,
  { email, password } = OWNER as { email: string; password: string },
): Promise<void> {
  await page.goto(`${origin}/console`);
  await page.fill("#auth-email", email);
  await page.fill("#auth-password", password);
  await page.keyboard.press("Enter");
}

/** The console stands when its navigation does. */
const inside = (page: Page): Promise<unknown> => page.waitForSelector("aside.side");

async function goTo(page: Page, section: string): Promise<void> {
  await page.goto(`${origin}/console/${section}`);
  await page.waitForSelector(".page-head h1");
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
}

async function violations(page: Page): Promise<string[]> {
  // The page's policy takes no script but its own files: this one comes by the debugger.
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

const overflows = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);

describe("whoever deployed the shop", () => {
  it("opens it with the setup key, by keyboard, and stays on this site", async () => {
    const { page, errors } = await desk();
    await page.goto(`${origin}/console?returnTo=https://evil.example&next=//evil.example`);
    await page.waitForSelector("#auth-setupKey:focus");
    for (const text of [SETUP_KEY, "屿岸茶社", OWNER.name, OWNER.email, "1q2w3e4r5t"]) {
      await page.keyboard.type(text);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector("#auth-password[aria-invalid=true]");
    expect(await page.textContent("#auth-password-help")).toContain("常见密码");
    await page.fill("#auth-password", OWNER.password);
    await page.keyboard.press("Enter");
    await inside(page);
    expect(new URL(page.url()).origin).toBe(origin);
    expect(await page.textContent("aside.side .foot-name")).toContain(OWNER.name);
    expect(errors).toEqual([]);
  });

  it("finds no set-up and no development sign-in afterwards, and is told plainly what is wrong", async () => {
    const { page } = await desk({ locale: "en-GB" });
    await signIn(page, { email: OWNER.email, password: "something else entirely" });
    expect(await page.waitForSelector(".refusal").then((box) => box.textContent())).toContain(
      "E-mail or password is wrong",
    );
    expect(await page.$("#auth-setupKey,.development")).toBeNull();
    await page.waitForSelector("#auth-email:focus");
  });
});

describe("a passkey", () => {
  it("is set up on this device and signs in by itself", async () => {
    const { page, errors } = await desk();
    const debug = await page.context().newCDPSession(page);
    await debug.send("WebAuthn.enable");
    await debug.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        ...{ protocol: "ctap2", transport: "internal", hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
      },
    });
    await signIn(page);
    await inside(page);
    await goTo(page, "security");
    await page.getByRole("button", { name: "添加通行密钥" }).click();
    await page.getByLabel("名称").fill("柜台电脑");
    await page.getByLabel("当前密码").fill(OWNER.password);
    await page.getByRole("button", { name: "继续" }).click();
    await page.getByText("柜台电脑").waitFor();
    await page.getByRole("button", { name: "退出登录" }).click();
    await page.getByRole("button", { name: "用通行密钥登录" }).click();
    await inside(page);
    await goTo(page, "security");
    await page.getByText("用过").waitFor();
    expect(errors).toEqual([]);
  });
});

describe("a colleague", () => {
  it("joins by the link, sees what their role allows, and signs in with two steps from then on", async () => {
    const { page } = await desk();
    await signIn(page);
    await inside(page);
    await goTo(page, "people");
    await page.getByRole("button", { name: "邀请同事" }).click();
    await page.getByLabel("邮箱").fill("newcomer@example.com");
    await page.getByLabel("运营").uncheck();
    await page.getByLabel("审计").check();
    await page.getByRole("button", { name: "生成链接" }).click();
    const link = await page.getByRole("textbox", { name: "链接只显示这一次" }).inputValue();

    const { page: theirs, errors } = await desk();
    await theirs.goto(link);
    await theirs.getByLabel("你的姓名").fill(HOSTILE);
    await theirs.getByLabel("新密码").fill("a long walk by the sea");
    await theirs.keyboard.press("Enter");
    await inside(theirs);
    expect(await theirs.getByRole("link", { name: "操作日志" }).count()).toBe(1);
    expect(new URL(theirs.url()).pathname).toMatch(/^\/console/);
    await goTo(theirs, "people");
    expect(await theirs.getByRole("button", { name: "邀请同事" }).count()).toBe(0);
    // An auditor sees the page with its preview, and nothing that would change it.
    await goTo(theirs, "pages");
    await theirs.frameLocator(".pb-phone iframe").locator("[data-block]").first().waitFor();
    expect(await theirs.locator(".pb-add button, [draggable=true]").count()).toBe(0);

    await goTo(theirs, "security");
    await theirs.getByRole("button", { name: "开启" }).click();
    await theirs.getByLabel("当前密码").fill("a long walk by the sea");
    await theirs.getByRole("button", { name: "继续" }).click();
    const secret = ((await theirs.textContent(".modal code")) ?? "").replaceAll(" ", "");
    await theirs.getByRole("textbox", { name: "六位数字" }).fill(codeOf(secret));
    await theirs.getByRole("button", { name: "确认开启" }).click();
    const recovery = await theirs.textContent(".codes li");
    await theirs.getByRole("button", { name: "我存好了" }).click();
    await theirs.getByRole("button", { name: "退出登录" }).click();
    // The sign-out goes to the sign-in by itself: another way there at the same time would cut it off.
    await theirs.waitForSelector("#auth-email");
    await signIn(theirs, { email: "newcomer@example.com", password: "a long walk by the sea" });
    await theirs.fill("#auth-code", "abcde");
    await theirs.keyboard.press("Enter");
    await theirs.waitForSelector(".refusal");
    await theirs.fill("#auth-code", recovery ?? "");
    await theirs.keyboard.press("Enter");
    await inside(theirs);
    expect(errors).toEqual([]);

    const { page: late } = await desk();
    await late.goto(link);
    await late.getByText("链接已失效").waitFor();
  });
});

describe("a shop that asks everybody for a second step", () => {
  it("leads whoever has none to where it is set up, and opens when it is", async () => {
    const owner = new StaffBrowser(product.origin);
    await owner.signIn(OWNER.email, OWNER.password);
    const invite = { email: "stepless@example.com", roleIds: ["operations"], storeIds: null };
    const { path } = await owner.do<{ path: string }>("POST", "/api/v1/staff/invites", invite);
    const account = { email: invite.email, password: "no second step as yet" };
    const join = { token: path.split("#")[1], name: "小郑", password: account.password };
    await new StaffBrowser(product.origin).do("POST", "/api/v1/staff-auth/join", join);
    const policy = await owner.do<{ version: number }>("GET", "/api/v1/staff/policy");
    const asked = { needsSecondStep: true, version: policy.version };
    const { version } = await owner.do<{ version: number }>("PUT", "/api/v1/staff/policy", asked);
    const { page } = await desk();
    await signIn(page, account);
    await inside(page);
    await page.getByText("这家店要求每个人都开启两步验证").waitFor();
    expect(await page.locator("aside.side nav a").count()).toBe(1);
    await owner.do("PUT", "/api/v1/staff/policy", { needsSecondStep: false, version });
  });
});

describe("two who edit the same thing", () => {
  it("lose nothing: the later one sees both and chooses", async () => {
    const owner = new StaffBrowser(product.origin);
    await owner.signIn(OWNER.email, OWNER.password);
    const store = { storeId: "shared", brandId: "main", name: "栈桥店", address: "" };
    await owner.do("POST", "/api/v1/staff/stores", store);
    const { page } = await desk();
    await signIn(page);
    await inside(page);
    await goTo(page, "stores");
    await page.getByRole("button", { name: "修改 栈桥店" }).click();
    await page.getByLabel("名称").fill("我的新名字");
    const { storeId, ...theirs } = { ...store, name: "别人的新名字" };
    await owner.do("PUT", `/api/v1/staff/stores/${storeId}`, {
      ...theirs,
      state: "active",
      version: 1,
    });
    await page.getByRole("button", { name: "保存" }).click();
    const dialog = page.getByRole("dialog").last();
    await dialog.getByText("别人的新名字").waitFor();
    expect(await dialog.textContent()).toContain("我的新名字");
    await dialog.getByRole("button").last().click();
    await page.getByText("我的新名字").waitFor();
  });
});

describe("what takes something away", () => {
  it("says what is lost and asks, and does nothing for who thinks better of it", async () => {
    const owner = new StaffBrowser(product.origin);
    await owner.signIn(OWNER.email, OWNER.password);
    const email = "unwanted@example.com";
    const invite = { email, roleIds: ["auditor"], storeIds: null };
    await owner.do("POST", "/api/v1/staff/invites", invite);
    const { page } = await desk();
    await signIn(page);
    await inside(page);
    const asked = page.getByRole("dialog");
    const thinksTwice = async (button: string | RegExp, lost: string): Promise<void> => {
      await page.getByRole("button", { name: button }).first().click();
      await asked.getByText(lost).waitFor();
      await page.keyboard.press("Escape");
      await asked.waitFor({ state: "hidden" });
      await page.getByRole("button", { name: button }).first().click();
      await asked.getByRole("button").last().click();
    };
    await goTo(page, "people");
    await thinksTwice(`撤回 ${email}`, "链接立刻失效");
    await page.getByText("邀请已撤回").waitFor();
    await goTo(page, "security");
    const rows = page.getByRole("button", { name: /^退出 / });
    const before = await rows.count();
    await thinksTwice(/^退出 /, "立刻退出登录");
    await page.getByText("已退出。").waitFor();
    await rows.nth(before - 1).waitFor({ state: "detached" });
  });

  it("cannot be refused while it is being agreed to", async () => {
    const owner = new StaffBrowser(product.origin);
    await owner.signIn(OWNER.email, OWNER.password);
    const second = { email: "second@example.com", roleIds: ["owner"], storeIds: null };
    const { path } = await owner.do<{ path: string }>("POST", "/api/v1/staff/invites", second);
    const account = { email: second.email, password: "four eyes see more" };
    const join = { token: path.split("#")[1], name: "小周", password: account.password };
    await new StaffBrowser(product.origin).do("POST", "/api/v1/staff-auth/join", join);
    const grant = { points: 200_000, reason: "补发", internalNote: "", idempotencyKey: "slowly" };
    const asked = await owner.send("POST", "/api/v1/staff/members/slow/grants", grant);
    expect(asked.status).toBe(202);
    const { page } = await desk();
    await signIn(page, account);
    await inside(page);
    await goTo(page, "approvals");
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    await page.route("**/approve", async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole("row").filter({ hasText: "slow" }).getByRole("button").first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "同意" }).click();
    await dialog.locator("[aria-busy=true]").waitFor();
    expect(await dialog.getByRole("button", { name: "驳回" }).isDisabled()).toBe(true);
    goOn();
    await dialog.waitFor({ state: "hidden" });
  });
});

describe("hostile names", () => {
  it("stay text on every page of the console (stored XSS)", async () => {
    const owner = new StaffBrowser(product.origin);
    await owner.signIn(OWNER.email, OWNER.password);
    const name = HOSTILE;
    await owner.do("POST", "/api/v1/staff/brands", { brandId: "evil", name, storeMaySet: [] });
    await owner.do("POST", "/api/v1/staff/stores", {
      storeId: "evil",
      brandId: "evil",
      name,
      address: name,
    });
    await owner.do("POST", "/api/v1/staff/roles", {
      roleId: "evil",
      name,
      permissions: ["goods.read"],
    });
    const grant = { points: 200_000, reason: name, internalNote: name, idempotencyKey: "evil" };
    expect((await owner.send("POST", "/api/v1/staff/members/evil/grants", grant)).status).toBe(202);
    const { page, errors } = await desk();
    await signIn(page);
    await inside(page);
    for (const section of SECTIONS) {
      await goTo(page, section);
      const seen = await page.evaluate(() => ({
        pwned: "pwned" in globalThis,
        images: document.querySelectorAll('img[src="x"]').length,
      }));
      expect({ section, ...seen }).toEqual({ section, pwned: false, images: 0 });
    }
    await goTo(page, "stores");
    expect(await page.textContent("main")).toContain(HOSTILE);
    await goTo(page, "approvals");
    await page.getByRole("row").filter({ hasText: "evil" }).getByRole("button").first().click();
    expect(await page.getByRole("dialog").textContent()).toContain(HOSTILE);
    expect(errors).toEqual([]);
  });
});

describe("every page of people and rights", () => {
  for (const look of [
    { locale: "zh-CN", colorScheme: "light", width: 1_280 },
    { locale: "en-GB", colorScheme: "dark", width: 820 },
  ] as const) {
    it(`is clean for axe and fits ${look.width} px, ${look.locale}, ${look.colorScheme}`, async () => {
      const { page, errors } = await desk(look);
      await page.goto(`${origin}/console`);
      await page.waitForSelector("#auth-email");
      const found: Record<string, unknown> = {};
      const lookAt = async (name: string): Promise<void> => {
        const bad = await violations(page);
        if (bad.length > 0) found[name] = bad;
        if (await overflows(page)) found[`${name} overflows`] = true;
      };
      await lookAt("sign-in");
      await signIn(page);
      await inside(page);
      for (const section of SECTIONS) {
        await goTo(page, section);
        await lookAt(section);
      }
      expect(found).toEqual({});
      expect(errors).toEqual([]);
    });
  }
});
