/** The demo merchant's people, brands and stores: an owner to sign in as, and colleagues with less. */

export const DEMO_OWNER = {
  email: "owner@demo.test",
  password: "spring tea on seven islands",
} as const;
export const COLLEAGUE_PASSWORD = "autumn tea on seven islands";

const STORES = [
  ["jetty", "main", "栈桥店", "滨海路 12 号"],
  ["old-town", "main", "老城店", "青石巷 3 号"],
  ["museum", "ware", "美术馆店", "中山路 88 号 1 层"],
] as const;

const COLLEAGUES = [
  ["operations@demo.test", "周运营", ["operations"], null],
  ["shipping@demo.test", "何发货", ["fulfilment"], null],
  ["service@demo.test", "吴客服", ["service"], null],
  ["jetty@demo.test", "郑店员", ["clerk"], ["jetty"]],
  ["finance@demo.test", "钱财务", ["finance"], null],
  ["audit@demo.test", "孙审计", ["auditor"], null],
] as const;

const GRANTS = "/api/v1/staff/members/tea-007/grants";
const GRANT = { points: 120_000, reason: "年度答谢", idempotencyKey: "seed-thanks" };

/** Keeps the cookie of one person, as a browser does. */
class StaffClient {
  readonly #origin: string;
  #cookie = "";

  constructor(origin: string) {
    this.#origin = origin;
  }

  async send<T>(method: string, path: string, body: unknown): Promise<T> {
    const response = await fetch(this.#origin + path, {
      method,
      headers: { "content-type": "application/json", origin: this.#origin, cookie: this.#cookie },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const own = response.headers.getSetCookie().map((line) => line.split(";", 1)[0] ?? "");
    if (own.length > 0) this.#cookie = own.filter((one) => !one.endsWith("=")).join("; ");
    return (await response.json()) as T;
  }
}

/** Does nothing where somebody owns the shop already. */
export async function seedStaff(origin: string, setupKey: string): Promise<void> {
  const state = await fetch(`${origin}/api/v1/staff-auth/state`);
  const { needsSetup } = (await state.json()) as { needsSetup: boolean };
  if (!needsSetup) return;
  const owner = new StaffClient(origin);
  await owner.send("POST", "/api/v1/staff-auth/setup", {
    ...{ setupKey, merchantName: "屿岸茶社", name: "林店主" },
    ...DEMO_OWNER,
  });
  await owner.send("PUT", "/api/v1/staff/brands/main", {
    ...{ name: "屿岸茶社", state: "active", version: 1 },
    storeMaySet: ["price", "stock", "visibility", "till_codes"],
  });
  await owner.send("POST", "/api/v1/staff/brands", {
    brandId: "ware",
    name: "屿岸器物",
    storeMaySet: [],
  });
  for (const [storeId, brandId, name, address] of STORES) {
    await owner.send("POST", "/api/v1/staff/stores", { storeId, brandId, name, address });
  }
  for (const [email, name, roleIds, storeIds] of COLLEAGUES) {
    const rights = { email, roleIds, storeIds };
    const { path } = await owner.send<{ path: string }>("POST", "/api/v1/staff/invites", rights);
    const join = { token: path.split("#")[1], name, password: COLLEAGUE_PASSWORD };
    const colleague = new StaffClient(origin);
    await colleague.send("POST", "/api/v1/staff-auth/join", join);
    // Something for the owner to decide: more than one person grants alone.
    if (roleIds[0] === "operations") await colleague.send("POST", GRANTS, GRANT);
  }
}
