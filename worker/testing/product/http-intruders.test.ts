/**
 * What somebody tries who should not be there: other people's ids, pages of other sites, files that are not what they say. Routes come from the
 * OpenAPI document, so a new one is tried by itself.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseKeyRing, signToken } from "../../kernel/key-ring.ts";
import { FREE_FORM } from "./http-earning-bodies.ts";
import { Hoard, MARK, withoutClock } from "./http-hoard.ts";
import { HostileMall, SETUP_KEY } from "./http-hostile-mall.ts";
import { fillPath, operationsOf, type OpenApi, type Operation } from "./http-openapi.ts";
import { HttpShop, raw, type Reply } from "./http-shop.ts";
import { FITTING } from "./http-siege.ts";
import { Caller, newOrderId, rowsOf, until } from "./product.ts";

const KEYS = `intruders:${"s".repeat(40)}`;

let shop: HttpShop;
let hoard: Hoard;
let operations: readonly Operation[];
beforeAll(async () => {
  const vars = { SESSION_KEYS: KEYS, SETUP_KEY, MEMBER_RATE: "1000000/1000000" };
  shop = await HttpShop.open(vars, { hasBank: true });
  hoard = await Hoard.fill(shop);
  const mall = await HostileMall.fill(shop, hoard.victim);
  for (const name of ["orderId", "voucherId", "skuId"]) {
    hoard.ids[name]?.push(mall.ids[name] ?? "");
  }
  Object.assign(hoard.ids, { id: ["hostile"], pageId: ["home"], version: ["1"] });
  const { body } = await shop.send<OpenApi>(shop.staff, "GET", "/api/openapi.json");
  operations = operationsOf(body);
  await shop.expectAuditAtRest();
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

function somebody(programmeId: string, memberId: string, role: "member" | "staff"): Caller {
  const claims = [programmeId, memberId, role, Date.now() + 3_600_000];
  const token = signToken(parseKeyRing(KEYS), "session.v1", claims);
  return Object.assign(new Caller(shop.origin), { token });
}

const paramsOf = ({ path }: Operation): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");

const bodyOf = ({ path, spec }: Operation): object | undefined =>
  spec.requestBody?.content["application/json"]
    ? { ...FITTING[path], ...FREE_FORM[path] }
    : undefined;

/** Path parts that name nobody's own: shown to everybody, or looked up under whoever asks. */
const OPEN: Readonly<Record<string, string>> = {
  ...{ saleId: "demo.none~1", goodsId: "none", skuId: "none", programmeId: "demo", seq: "1" },
  ...{ provider: "wechat", taskId: "none", sessionId: "none-0000000000001" },
};

/** The paths of an operation with each of somebody's ids that fits, all of one place of the list at a time. */
function pathsWith(operation: Operation, ids: Readonly<Record<string, readonly string[]>>) {
  const names = paramsOf(operation);
  const most = Math.max(1, ...names.map((name) => ids[name]?.length ?? 1));
  return Array.from({ length: most }, (_, at) =>
    fillPath(operation.path, {
      ...OPEN,
      ...Object.fromEntries(
        names.flatMap((name) => {
          const own = ids[name];
          return own ? [[name, own[at % own.length] ?? ""]] : [];
        }),
      ),
    }),
  );
}

/** Ids beside a real one: the next of a sequence, and one by chance; a file keeps its ending. */
function neighbours(id: string): string[] {
  const [name = "", ending] = id.split(".");
  const last = name.at(-1) === "1" ? "2" : "1";
  const whole = (text: string): string => (ending === undefined ? text : `${text}.${ending}`);
  return [whole(`${name.slice(0, -1)}${last}`), whole(newOrderId())];
}

const call = (who: Caller, operation: Operation, path: string): Promise<Reply> =>
  shop.send(who, operation.method.toUpperCase(), path, bodyOf(operation));

describe("ids of somebody else (IDOR)", () => {
  /** What staff of every merchant are told alike while nobody has set or had anything of it. */
  const ALIKE: ReadonlySet<string> = new Set(
    [
      ...["earning/schemas", "carriers", "theme/contrast", "rehearsals/{rehearsalId}"],
      ...["earning/terms/{kind}", "policy", "approval-kinds", "finance/in-doubt"],
      ...["top-ups/troubled", "write-offs/expected", "finance/moves", "channels"],
      ...["finance", "stored-value", "vault", "goods-figures", "earning/invites"],
      ...["reminders", "merge", "stored-value"].map((of) => `members/{memberId}/${of}`),
      // Asks for a supplier whose parcels wait.
      "orders/supplier-file",
    ].map((path) => `/api/v1/staff/${path}`),
  );
  /** What a list cannot do without, or shows something by. */
  const QUERIES: Readonly<Record<string, string>> = {
    "/api/v1/staff/sales/{saleId}/report": "?of=grants",
    "/api/v1/staff/ratings": "?state=shown",
  };
  const OWN = ["orderId", "addressId", "voucherId", "file", "caseId", "topUpId", "sessionId"];

  it("are of a kind this test knows", () => {
    const names = operations
      .filter(({ spec }) => spec["x-access"] !== "staff")
      .flatMap(paramsOf)
      .filter((name) => !(name in OPEN) && !OWN.includes(name));
    expect(names).toEqual([]);
    expect(OWN.filter((name) => (hoard.ids[name] ?? []).length === 0)).toEqual([]);
  });

  it("open nothing to another member, to a namesake of another merchant, and to nobody", async () => {
    const before = await hoard.seen();
    const own = Object.fromEntries(OWN.map((name) => [name, hoard.ids[name] ?? []]));
    const others = {
      member: somebody("demo", "intruder", "member"),
      namesake: somebody("other", hoard.victim.id, "member"),
      nobody: new Caller(shop.origin),
    };
    const wrong: string[] = [];
    let tried = 0;
    for (const operation of operations.filter(({ spec }) => spec["x-access"] !== "staff")) {
      if (!paramsOf(operation).some((name) => OWN.includes(name))) continue;
      for (const path of pathsWith(operation, own)) {
        for (const [name, who] of Object.entries(others)) {
          const { status, text } = await call(who, operation, path);
          tried += 1;
          const isRefused = status === 401 || status === 404;
          // A ticket and an address are named by who makes them, and an upload without a picture is none.
          const isOwnName = /\/(?:addresses|tickets)\//.test(path) || status === 415;
          if ((!isRefused && !isOwnName) || text.includes(MARK))
            wrong.push(`${name} ${operation.method} ${path}: ${status}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(150);
    expect(await hoard.seen()).toBe(before);
  });

  it("are told from ids that nobody has by no answer", async () => {
    const intruder = somebody("demo", "intruder", "member");
    const own = Object.fromEntries(OWN.map((name) => [name, hoard.ids[name] ?? []]));
    const told: string[] = [];
    for (const operation of operations.filter(({ spec }) => spec["x-access"] === "member")) {
      const names = paramsOf(operation).filter((name) => OWN.includes(name));
      if (names.length === 0 || operation.path.includes("/addresses/")) continue;
      for (const at of [0, 1]) {
        const beside = Object.fromEntries(
          OWN.map((name) => [name, (own[name] ?? []).map((id) => neighbours(id)[at] ?? "")]),
        );
        const [real] = pathsWith(operation, own);
        const [made] = pathsWith(operation, beside);
        const [first, second] = [
          await call(intruder, operation, real ?? ""),
          await call(intruder, operation, made ?? ""),
        ];
        const said = ({ status, text }: Reply, path = ""): string =>
          `${status} ${text.replaceAll(path, "")}`;
        if (said(first, real) !== said(second, made))
          told.push(`${operation.method} ${operation.path}: ${said(first)} · ${said(second)}`);
      }
    }
    expect(told).toEqual([]);
  });

  it("open nothing to the staff of another merchant, and change nothing of this one's", async () => {
    await settled();
    const [before, rows] = [await hoard.seen(), await rowsNow()];
    expect(rows).toContain(MARK);
    const stranger = somebody("other", "their-owner", "staff");
    const told: string[] = [];
    const answers: { operation: Operation; path: string; text: string }[] = [];
    const ofStaff = operations.filter(
      ({ path, spec }) =>
        spec["x-access"] === "staff" && !/^\/api\/v1\/staff\/me(?:\/|$)/.test(path),
    );
    // Who looks first has nothing of their own yet that could be taken for this merchant's.
    const isLook = ({ method }: Operation): boolean => method === "get";
    for (const operation of [...ofStaff.filter(isLook), ...ofStaff.filter((one) => !isLook(one))]) {
      const nobodys = Object.fromEntries(
        paramsOf(operation)
          .filter((name) => !(name in hoard.ids))
          .map((name) => [name, ["none-0000000000001"]]),
      );
      for (const at of pathsWith(operation, { ...nobodys, ...hoard.ids })) {
        const path = at + (QUERIES[operation.path] ?? "");
        const { text } = await call(stranger, operation, path);
        if (tells(text, path)) told.push(`${operation.method} ${path}`);
        if (operation.method === "get") answers.push({ operation, path, text });
      }
    }
    expect(told).toEqual([]);
    expect(await rowsNow()).toBe(rows);
    expect(await hoard.seen()).toBe(before);
    // A list that shows its own people nothing either would prove nothing.
    const unproved = new Set(answers.map(({ operation }) => operation.path));
    for (const { operation, path, text } of answers) {
      if (!unproved.has(operation.path)) continue;
      const own = await call(shop.staff, operation, path);
      const differs = withoutClock(own.text) !== withoutClock(text);
      if (tells(own.text, path) || differs) unproved.delete(operation.path);
    }
    expect([...unproved].filter((path) => !ALIKE.has(path))).toEqual([]);
  }, 120_000);
});

/** Whether an answer holds what only this merchant's people know: a text of the hoard, or an id that the question did not bring. */
function tells(text: string, path: string): boolean {
  // The stranger's own log has what the stranger asked for.
  if (path.includes("/audit-log")) return text.includes(MARK);
  const ids = [...hoard.secretIds].filter((id) => !path.includes(id));
  return [MARK, "onerror", ...ids].some((secret) => text.includes(secret));
}

/** The digest has counted what there is, so that nobody's look makes it count. */
async function settled(): Promise<void> {
  await shop.expectAuditAtRest();
  await until(
    async () => {
      const before = await rowsNow();
      await shop.send(shop.staff, "GET", "/api/v1/staff/dashboard");
      return (await rowsNow()) === before;
    },
    (isSame) => isSame,
  );
}

/** All but figures that the dashboard counts anew by the clock. */
const rowsNow = (): Promise<string> => rowsOf(shop.product, "demo", ["slow_figures"]);

describe("a page of another site (CSRF)", () => {
  it("writes nothing with the cookie of a member", async () => {
    const cookie = `qd_session=${hoard.victim.token}`;
    const before = await hoard.seen();
    const done: string[] = [];
    for (const operation of operations.filter(({ method }) => method !== "get")) {
      const [path = ""] = pathsWith(operation, {
        ...Object.fromEntries(paramsOf(operation).map((name) => [name, ["none-0000000000001"]])),
        ...hoard.ids,
      });
      for (const headers of [
        { "sec-fetch-site": "cross-site", "content-type": "application/json" },
        { origin: "https://evil.example", "content-type": "application/json" },
        // What a form can send without asking first.
        { origin: "https://evil.example", "content-type": "text/plain" },
        { origin: "null", "content-type": "application/x-www-form-urlencoded" },
        {
          origin: `${shop.origin}.evil.example`,
          "content-type": "multipart/form-data; boundary=x",
        },
      ]) {
        const { status } = await raw(shop.origin, {
          ...{ method: operation.method.toUpperCase(), path },
          headers: { cookie, ...headers },
          body: JSON.stringify(bodyOf(operation) ?? {}),
        });
        if (status !== 403) done.push(`${operation.method} ${path} ${headers.origin}: ${status}`);
      }
    }
    expect(done).toEqual([]);
    expect(await hoard.seen()).toBe(before);
  });

  it("finds a cookie that browsers send to it with no write, and no script reads", async () => {
    const login = { memberId: "cookie-reader" };
    const reply = await shop.send(new Caller(shop.origin), "POST", "/api/v1/dev/login", login);
    const cookie = reply.headers["set-cookie"] ?? "";
    expect(cookie).toMatch(/^qd_session=[^;]+; Path=\/; HttpOnly; Max-Age=\d+; SameSite=Lax/);
  });

  it("is told nothing it may read: no answer allows another origin", async () => {
    const headers = { origin: "https://evil.example", cookie: `qd_session=${hoard.victim.token}` };
    for (const path of ["/api/v1/me", "/api/v1/orders", "/api/openapi.json", "/", "/orders"]) {
      const reply = await raw(shop.origin, { method: "GET", path, headers });
      const preflight = await raw(shop.origin, { method: "OPTIONS", path, headers });
      for (const one of [reply, preflight]) {
        expect(one.headers["access-control-allow-origin"], path).toBeUndefined();
        expect(one.headers["access-control-allow-credentials"], path).toBeUndefined();
      }
    }
  });
});

describe("a file that is not what it says", () => {
  const PNG = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  const SCRIPT = "<!doctype html><script>alert(1)</script>".padEnd(80);
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'.padEnd(80);
  const sized = (width: number, height: number): Buffer => {
    const copy = Buffer.from(PNG);
    copy.writeUInt32BE(width, 16);
    copy.writeUInt32BE(height, 20);
    return copy;
  };
  const DISGUISED: readonly (readonly [string, string | Buffer])[] = [
    ["HTML", SCRIPT],
    ["SVG", SVG],
    ["SVG with a declaration", `<?xml version="1.0"?>${SVG}`],
    ["a GIF", "GIF89a".padEnd(60, "\0")],
    ["a GIF that is a script", "GIF89a/*".padEnd(60) + "*/=1;alert(1)"],
    ["a PDF", "%PDF-1.7".padEnd(60)],
    ["a ZIP", Buffer.concat([Buffer.from("PK\u0003\u0004"), Buffer.alloc(60)])],
    [
      "the signature of a PNG before HTML",
      Buffer.concat([PNG.subarray(0, 8), Buffer.from(SCRIPT)]),
    ],
    ["HTML behind a whole PNG", Buffer.concat([PNG, Buffer.from(SCRIPT)])],
    [
      "a ZIP behind a whole PNG",
      Buffer.concat([PNG, Buffer.from("PK\u0003\u0004"), Buffer.alloc(60)]),
    ],
    ["half a PNG", PNG.subarray(0, 40)],
    ["a PNG of 65,536 pixels a side", sized(65_536, 65_536)],
    ["a PNG that is wider than a number", sized(4_294_967_295, 1)],
    ["a PNG without a side", sized(0, 1)],
    ["nothing", ""],
  ];

  /** Every route that takes a picture, and who may send one there. */
  function doors(): { path: string; token: string }[] {
    const taking = operations.filter(({ spec }) => spec.requestBody?.content["image/png"]);
    return taking.map((operation) => ({
      path: pathsWith(operation, hoard.ids)[0] ?? "",
      token: (operation.spec["x-access"] === "staff" ? shop.staff : hoard.victim).token,
    }));
  }
  const send = (door: { path: string; token: string }, body: string | Buffer, type: string) =>
    raw(shop.origin, {
      ...{ method: "POST", path: door.path, body },
      headers: { authorization: `Bearer ${door.token}`, "content-type": type },
    });

  it("is taken nowhere", async () => {
    expect(doors()).toHaveLength(2);
    const taken: string[] = [];
    for (const door of doors()) {
      for (const [what, body] of DISGUISED) {
        for (const type of ["image/png", "image/jpeg", "image/webp"]) {
          const { status } = await send(door, body, type);
          if (status !== 422 && status !== 400)
            taken.push(`${door.path} ${what} as ${type}: ${status}`);
        }
      }
      for (const type of ["image/svg+xml", "text/html", "image/gif", "application/pdf"]) {
        const { status } = await send(door, SVG, type);
        if (status !== 415) taken.push(`${door.path} as ${type}: ${status}`);
      }
      const large = await send(door, Buffer.alloc(2_097_153), "image/png");
      if (large.status !== 413) taken.push(`${door.path} too large: ${large.status}`);
      if ((await send(door, PNG, "image/jpeg")).status !== 422)
        taken.push(`${door.path} another type`);
    }
    expect(taken).toEqual([]);
  });

  it("would be shown as a picture and as nothing else, had it been", async () => {
    for (const door of doors()) {
      const stored = await send(door, PNG, "image/png");
      expect(stored.status, stored.text).toBe(201);
      const shown = await raw(shop.origin, {
        ...{ method: "GET", path: String(stored.body["path"]) },
        headers: { authorization: `Bearer ${hoard.victim.token}` },
      });
      expect(shown.status).toBe(200);
      expect(shown.headers).toMatchObject({
        "content-type": "image/png",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "content-disposition": expect.stringMatching(/^inline; filename="[0-9a-f]{32}\.png"$/),
      });
    }
  });
});
