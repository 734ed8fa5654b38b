/** The audit log and the second person, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditVerified, AuditView } from "../../staff/wire.ts";
import {
  expectRefusal,
  OWNER,
  SETUP_KEY,
  StaffShop,
  type D1Like,
  type StaffBrowser,
} from "./staff-client.ts";
import { newOrderId } from "./product.ts";

let shop: StaffShop;
beforeAll(async () => {
  shop = await StaffShop.open();
});
afterAll(() => shop.close());

const LOG = "/api/v1/staff/audit-log";

async function lines(query = ""): Promise<readonly AuditView[]> {
  const { items } = await shop.owner.do<{ items: AuditView[] }>("GET", `${LOG}?limit=200${query}`);
  return items;
}

async function verify(): Promise<AuditVerified & { readonly total: number }> {
  let total = 0;
  let from = 0;
  for (;;) {
    const page = await shop.owner.do<AuditVerified>("GET", `${LOG}/verify?fromSeq=${from}`);
    total += page.checked;
    if (page.nextSeq === null) return { ...page, total };
    from = page.nextSeq;
  }
}

describe("the audit log", () => {
  it("has who, what, before and after, from where and why, and no personal data", async () => {
    shop.owner.address = "203.0.113.7";
    const brand = { name: "屿岸茶社", storeMaySet: ["till_codes"], state: "active", version: 1 };
    await shop.owner.do("PUT", "/api/v1/staff/brands/main", brand);
    await shop.owner.do("POST", "/api/v1/staff/stores", {
      ...{ storeId: "jetty", brandId: "main", name: "栈桥店", address: "滨海路 12 号" },
    });
    shop.owner.address = "";
    const [store, change] = await lines();
    expect(change?.entry).toMatchObject({
      ...{ actorName: OWNER.name, action: "put /api/v1/staff/brands/{brandId}" },
      ...{
        permission: "settings.write",
        subject: "brand:main",
        status: 200,
        address: "203.0.113.7",
      },
      ...{ before: { storeMaySet: [] }, after: { storeMaySet: ["till_codes"] } },
    });
    expect(store?.entry).toMatchObject({
      subject: "store:jetty",
      after: { name: "栈桥店", address: "•••" },
    });
    expect(JSON.stringify(store)).not.toContain("滨海路");
  });

  it("has a line for what was denied, and none for what changed nothing", async () => {
    const person = await shop.colleague("denied", ["finance"]);
    expectRefusal(await person.send("POST", "/api/v1/staff/brands", { x: 1 }), 403, "forbidden");
    const before = (await lines()).length;
    expect((await shop.owner.send("POST", "/api/v1/staff/brands", { x: 1 })).status).toBe(422);
    const all = await lines();
    expect(all).toHaveLength(before);
    expect(all[0]?.entry).toMatchObject({
      action: "post /api/v1/staff/brands",
      status: 403,
      actorName: "denied同事",
    });
  });

  it("has no line for a preview, a quote or a dry run, and one for the look at a voucher and for a file that was written", async () => {
    const before = (await lines()).length;
    const { owner } = shop;
    const csv = "goodsId,title,pricePoints\naudit-cup,日志杯,10\n";
    const imported = (dryRun: boolean) => {
      const path = `/api/v1/staff/goods-import?importId=audit-import-1&dryRun=${dryRun}`;
      return owner.send("POST", path, csv, { "content-type": "text/csv" });
    };
    await owner.do("POST", "/api/v1/staff/page-previews");
    const terms = { policy: "within_balance" };
    await owner.do("POST", "/api/v1/staff/earning/terms/clawback/preview", terms);
    expect((await imported(true)).status).toBe(200);
    expect(await lines()).toHaveLength(before);

    const denied = await shop.colleague("no-look", ["finance"]);
    expect((await denied.send("POST", "/api/v1/staff/page-previews")).status).toBe(403);
    expect((await imported(false)).status).toBe(200);
    const [written, refused] = await lines();
    expect(refused?.entry).toMatchObject({ status: 403, actorName: "no-look同事" });
    expect(written?.entry).toMatchObject({ subject: "import:audit-import-1", status: 200 });
  });

  it("keeps one whole chain while many write at once", async () => {
    const before = await verify();
    const many = Array.from({ length: 40 }, (_, at) =>
      shop.owner
        .do("POST", "/api/v1/staff/roles", {
          ...{ roleId: `r-${at}`, name: `角色 ${at}`, permissions: ["goods.read"] },
        })
        .catch(() => null),
    );
    const done = (await Promise.all(many)).filter((one) => one !== null);
    const after = await verify();
    expect(after.brokenAt).toBeNull();
    expect(after.total - before.total).toBe(done.length);
    expect(after.head.seq).toBe(after.total);
  });

  it("is filtered by act, subject, person and time, and paged without a gap", async () => {
    expect(
      (await lines("&action=staff.")).every(({ entry }) => entry.action.startsWith("staff.")),
    ).toBe(true);
    const roles = await lines("&subject=role:r-1");
    expect(roles.length).toBeGreaterThan(3);
    expect(roles.every(({ entry }) => entry.subject.startsWith("role:r-1"))).toBe(true);
    const actor = roles[0]?.entry.actor ?? "";
    expect((await lines(`&actor=${actor}`)).every(({ entry }) => entry.actor === actor)).toBe(true);
    expect(await lines(`&toMs=1000`)).toEqual([]);
    const seen: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const at: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page: { items: AuditView[]; nextCursor: string | null } = await shop.owner.do(
        "GET",
        `${LOG}?limit=7${at}`,
      );
      seen.push(...page.items.map(({ seq }) => seq));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => seen.length - at));
  });

  it("exports as text that no spreadsheet takes for a formula, and says so in the log", async () => {
    const name = '=HYPERLINK("http://evil.example","点我")';
    await shop.owner.do("POST", "/api/v1/staff/brands", {
      brandId: "formula",
      name,
      storeMaySet: [],
    });
    const hostile = await shop.colleague("hostile", ["auditor"]);
    const db = await shop.db();
    await db
      .prepare("UPDATE staff_people SET name = '=1+1' WHERE email = ?1")
      .bind(hostile.email)
      .run();
    await hostile.signIn(hostile.email, hostile.password);
    const reply = await hostile.send("GET", `${LOG}/export`);
    expect(reply.headers).toMatchObject({
      ...{ "content-type": "text/csv; charset=utf-8", "x-content-type-options": "nosniff" },
      "content-disposition": 'attachment; filename="audit-log.csv"',
    });
    const cells = reply.text.split("\r\n").flatMap((line) => line.split(","));
    expect(cells).toContain("'=1+1");
    expect(cells.filter((cell) => /^"?[=+@\t]/.test(cell))).toEqual([]);
    expect((await lines())[0]?.entry).toMatchObject({ action: "audit.export", actorName: "=1+1" });
  });

  it("cannot be changed or cut, and tells when somebody goes round the door", async () => {
    const db = await shop.db();
    await expect(db.prepare("UPDATE audit_log SET status = 200").run()).rejects.toThrow(
      /append-only/,
    );
    await expect(db.prepare("DELETE FROM audit_log WHERE seq = 2").run()).rejects.toThrow(
      /append-only/,
    );
    await takenOut(db);
    await db.prepare("DROP TRIGGER audit_log_no_update").run();
    await db
      .prepare(
        "UPDATE audit_log SET entry = replace(entry, 'denied', 'nobody') WHERE programme_id = 'demo'",
      )
      .run();
    const { brokenAt } = await verify();
    const first = (await lines("&action=staff.")).filter(({ entry }) =>
      JSON.stringify(entry).includes("nobody"),
    );
    expect(brokenAt).toBe(Math.min(...first.map(({ seq }) => seq)));
  });
});

/** A line that somebody took out behind the log's back is named, and a cut-off end shows against a head that was written down. */
async function takenOut(db: D1Like): Promise<void> {
  const { head } = await verify();
  const keep = `CREATE TABLE kept AS SELECT * FROM audit_log WHERE programme_id = 'demo'`;
  await db.prepare(keep).run();
  await db.prepare("DROP TRIGGER audit_log_no_delete").run();
  const without = (where: string) =>
    db.prepare(`DELETE FROM audit_log WHERE programme_id = 'demo' AND ${where}`).run();
  await without("seq = 3");
  expect((await verify()).brokenAt).toBe(3);
  const back = "INSERT OR IGNORE INTO audit_log SELECT * FROM kept";
  await db.prepare(back).run();
  expect(await verify()).toMatchObject({ brokenAt: null, head });
  // Against the head that was written down elsewhere.
  await without(`seq = ${head.seq}`);
  expect((await verify()).head).not.toEqual(head);
  await db.prepare(back).run();
  expect((await verify()).head).toEqual(head);
}

describe("a second person", () => {
  const GRANTS = "/api/v1/staff/members/rich/grants";
  const grant = () => ({ points: 200_000, reason: "大额", idempotencyKey: newOrderId() });
  const pointsOf = async (): Promise<number> => {
    const reply = await shop.owner.send("GET", "/api/v1/staff/members/rich/points");
    return reply.status === 404 ? 0 : (reply.body["balance"] as { active: number }).active;
  };
  const decide = (who: StaffBrowser, id: unknown, verb: string) =>
    who.send("POST", `/api/v1/staff/approvals/${String(id)}/${verb}`, { note: "看过了" });

  it("is waited for above the threshold, is somebody else, and acts once", async () => {
    const helper = await shop.colleague("approver", ["operations"]);
    const proposed = await shop.owner.send("POST", GRANTS, grant());
    expect(proposed.status).toBe(202);
    const { approvalId } = proposed.body;
    expect(await pointsOf()).toBe(0);
    expectRefusal(
      await decide(shop.owner, approvalId, "approve"),
      403,
      "forbidden",
      "own_proposal",
    );
    expectRefusal(await decide(helper, approvalId, "withdraw"), 403, "forbidden", "not_yours");
    const twice = await Promise.all([1, 2].map(() => decide(helper, approvalId, "approve")));
    expect(twice.some(({ status }) => status === 200)).toBe(true);
    expect((await decide(helper, approvalId, "approve")).body["state"]).toBe("done");
    expect(await pointsOf()).toBe(200_000);
    expectRefusal(await decide(helper, approvalId, "reject"), 409, "conflict", "done");
    const told = await lines("&action=approval.");
    expect(told.map(({ entry }) => entry.action)).toEqual(
      expect.arrayContaining(["approval.propose", "approval.approve"]),
    );
  });

  it("is waited for when a running sale is to end early", async () => {
    const nowMs = Date.now();
    const skuId = "ended-early";
    await shop.owner.do("POST", "/api/v1/staff/skus", { skuId, title: "货不对版" });
    const { saleId } = await shop.owner.do<{ saleId: string }>("POST", "/api/v1/staff/sales", {
      ...{ skuId, pricePoints: 10, units: 1, limitPerMember: 1, quantityMax: 1 },
      ...{ opensAtMs: nowMs, closesAtMs: nowMs + 3_600_000 },
    });
    const path = `/api/v1/staff/sales/${saleId}`;
    await shop.owner.do("POST", `${path}/schedule`);
    const alone = await shop.owner.send("POST", `${path}/close`);
    expectRefusal(alone, 409, "conflict", "second_person");
    const proposal = { approvalId: newOrderId(), reason: "货不对版" };
    expect((await shop.owner.send("POST", `${path}/early-end`, proposal)).status).toBe(202);
    // The monitor finds it by what it is about, however much else was proposed since.
    const { body: later } = await shop.owner.send("POST", GRANTS, grant());
    const waiting = "/api/v1/staff/approvals?state=proposed&limit=1";
    const newest = async (list: string) =>
      (await shop.owner.do<{ items: { approvalId: string }[] }>("GET", list)).items[0]?.approvalId;
    expect(await newest(waiting)).toBe(later["approvalId"]);
    expect(await newest(`${waiting}&subject=sale:${saleId}`)).toBe(proposal.approvalId);
  });

  it("must be allowed the act itself, and comes in time", async () => {
    const proposed = await shop.owner.send("POST", GRANTS, grant());
    const { approvalId } = proposed.body;
    await shop.owner.do("POST", "/api/v1/staff/roles", {
      ...{ roleId: "decider", name: "只审", permissions: ["approvals.read", "approvals.decide"] },
    });
    const decider = await shop.colleague("decider", ["decider"]);
    expectRefusal(
      await decide(decider, approvalId, "approve"),
      403,
      "forbidden",
      "needs_permission",
    );
    const db = await shop.db();
    await db
      .prepare("UPDATE approvals SET expires_at_ms = 1 WHERE approval_id = ?1")
      .bind(approvalId)
      .run();
    const helper = await shop.colleague("late", ["operations"]);
    expectRefusal(await decide(helper, approvalId, "approve"), 409, "conflict", "lapsed");
    expect(await pointsOf()).toBe(200_000);
  });

  it("agrees to what was proposed, and to nothing that took its place", async () => {
    const helper = await shop.colleague("careful", ["operations"]);
    const before = await pointsOf();
    const wish = grant();
    const { approvalId } = (await shop.owner.send("POST", GRANTS, wish)).body;
    // The same command with another figure, before and after the second person agreed.
    const more = { ...wish, points: 900_000 };
    expect((await shop.owner.send("POST", GRANTS, more)).status).toBe(422);
    expect((await decide(helper, approvalId, "approve")).body["state"]).toBe("done");
    expect((await shop.owner.send("POST", GRANTS, more)).status).toBe(422);
    const again = await shop.owner.send("POST", GRANTS, wish);
    expect(again).toMatchObject({ status: 202, body: { state: "done" } });
    expect(await pointsOf()).toBe(before + 200_000);
  });

  it("is needed for many small acts as for a large one", async () => {
    const person = await shop.colleague("slicer", ["operations"]);
    const before = await pointsOf();
    const slice = (points: number) => person.send("POST", GRANTS, { ...grant(), points });
    const first = { ...grant(), points: 60_000 };
    expect((await person.send("POST", GRANTS, first)).status).toBe(201);
    expect((await slice(39_999)).status).toBe(201);
    expect((await slice(1)).status).toBe(202);
    const many = {
      memberIds: ["rich", "poor"],
      points: 1,
      reason: "r",
      idempotencyKey: newOrderId(),
    };
    expect((await person.send("POST", "/api/v1/staff/grants", many)).status).toBe(202);
    // The same command again is the same act.
    expect((await person.send("POST", GRANTS, first)).status).toBe(200);
    expect(await pointsOf()).toBe(before + 99_999);
  });

  it("is needed for another file under the id of one that was small enough", async () => {
    const path = `/api/v1/staff/points/import?importId=${newOrderId()}&dryRun=false`;
    const person = await shop.colleague("reuser", ["operations"]);
    const type = { "content-type": "text/csv" };
    const file = (body: string) =>
      person.send("POST", path, `memberId,points,reason,lastDay\n${body}`, type);
    expect((await file("reused-1,60000,r,")).status).toBe(200);
    expect((await file("reused-1,60000,r,")).body).toMatchObject({ booked: 0, repeated: 1 });
    expect((await file("\nreused-2,60000,r,")).status).toBe(202);
  });

  it("is needed from the figure that the merchant sets, by one writer at a time", async () => {
    const kind = "/api/v1/staff/approval-kinds/points.grant";
    await shop.owner.do("PUT", kind, { from: 5, version: 0 });
    const stale = await shop.owner.send("PUT", kind, { from: 6, version: 0 });
    expectRefusal(stale, 409, "conflict", "changed_meanwhile");
    expect(stale.body["current"]).toMatchObject({ from: 5, version: 1 });
    expect((await shop.owner.send("POST", GRANTS, { ...grant(), points: 5 })).status).toBe(202);
    expect((await shop.owner.send("POST", GRANTS, { ...grant(), points: 4 })).status).toBe(201);
  });

  it("is needed to be needed less often, where there is one", async () => {
    const kind = "/api/v1/staff/approval-kinds/points.grant";
    const helper = await shop.colleague("loosener", ["operations"]);
    const set = (from: number | null) => shop.owner.send("PUT", kind, { from, version: 1 });
    const proposed = await set(null);
    const { approvalId } = (await set(null)).body;
    expect(proposed).toMatchObject({ status: 202, body: { kind: "approvals.loosen", approvalId } });
    expectRefusal(await decide(shop.owner, approvalId, "approve"), 403, "forbidden");
    expect((await shop.owner.send("POST", GRANTS, { ...grant(), points: 5 })).status).toBe(202);
    // Nor is this rule itself put away alone.
    const own = { from: null, version: 0 };
    const path = "/api/v1/staff/approval-kinds/approvals.loosen";
    expect((await shop.owner.send("PUT", path, own)).status).toBe(202);
    expect((await decide(helper, approvalId, "approve")).body["state"]).toBe("done");
    expect((await shop.owner.send("POST", GRANTS, grant())).status).toBe(201);
    // Who works alone decides alone.
    const lone = await loneOwner();
    const alone = await lone.send("PUT", kind, { from: null, version: 0 });
    expect(alone).toMatchObject({ status: 200, body: { from: null, version: 1 } });
    // The terms of adjustments by hand are such a threshold as well.
    const terms = "/api/v1/staff/earning/terms/approval";
    const ask = { pointsFrom: 900, alonePerDayMax: 2_000 };
    expect((await shop.owner.send("PUT", terms, ask)).status).toBe(200);
    const looser = [
      { ...ask, pointsFrom: 901 },
      { ...ask, alonePerDayMax: 2_001 },
    ];
    const asked = [];
    for (const body of looser) asked.push(await shop.owner.send("PUT", terms, body));
    for (const reply of asked) {
      expect(reply).toMatchObject({ status: 202, body: { kind: "points.loosen" } });
    }
    expect(await shop.owner.do("GET", terms)).toMatchObject({ terms: ask });
    const [first, second] = asked.map(({ body }) => String(body["approvalId"]));
    expect((await decide(helper, first ?? "", "approve")).body["state"]).toBe("done");
    expect(await shop.owner.do("GET", terms)).toMatchObject({ terms: looser[0] });
    // What was proposed on terms that are gone is not what was agreed to.
    expect((await decide(helper, second ?? "", "approve")).body["state"]).toBe("refused");
    expect(
      (await lone.send("PUT", terms, { pointsFrom: 99_000, alonePerDayMax: 200_000 })).status,
    ).toBe(200);
  });
});

/** The owner of another merchant, who has no colleague. */
async function loneOwner(): Promise<StaffBrowser> {
  const made = await shop.browser().do<{ path: string }>("POST", "/api/v1/staff-auth/merchants", {
    ...{ setupKey: SETUP_KEY, programmeId: "lone", merchantName: "独", email: "lone@example.com" },
  });
  const browser = shop.browser();
  const token = made.path.split("#")[1];
  await browser.do("POST", "/api/v1/staff-auth/join", {
    ...{ token, name: "独自", password: "one island of green tea" },
  });
  return browser;
}
