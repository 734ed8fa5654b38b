/** Points brought in by a file, over HTTP: its bad lines, its parts, its second person. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chinaMs } from "../points/earning.ts";
import { EarningShop } from "./http-earning-shop.ts";
import type { HttpShop, Json } from "./http-shop.ts";
import { Caller, newOrderId } from "./product.ts";

let shop: HttpShop;
beforeAll(async () => {
  ({ shop } = await EarningShop.open());
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

describe("an import", () => {
  const send = async (query: string, text: string, type = "text/csv") => {
    const response = await fetch(`${shop.origin}/api/v1/staff/points/import?${query}`, {
      ...{ method: "POST", body: text },
      headers: { authorization: `Bearer ${shop.staff.token}`, "content-type": type },
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const HEAD = "memberId,points,reason,lastDay";

  it("names every bad line, books nothing while there is one, and each line once", async () => {
    const importId = newOrderId();
    const bad = [
      HEAD,
      "imp-1,100,Old balance,",
      "imp 2,100,Old balance,",
      "imp-3,-5,Old balance,2020-01-01",
      'imp-4,7,"A ""quoted"" note",2999-02-30',
      "imp-5,1.5,,",
      "imp-6",
    ].join("\r\n");
    const dry = await send(`importId=${importId}`, bad);
    expect(dry.status).toBe(200);
    expect(
      (dry.body["bad"] as Json[]).map((one) => `${Number(one["line"])} ${String(one["field"])}`),
    ).toEqual([
      ...["3 memberId", "4 points", "4 lastDay", "5 lastDay", "6 points", "6 reason", "7 "],
    ]);
    expect((await send(`importId=${importId}&dryRun=false`, bad)).status).toBe(422);
    const good = `${HEAD}\nimp-1,100,Old balance,\nimp-2,50,"Old, too",2030-12-31\nimp-1,5,More,\n`;
    const done = await send(`importId=${importId}&dryRun=false`, good);
    expect(done).toMatchObject({
      status: 200,
      body: { lines: 3, members: 2, points: 155, booked: 3, repeated: 0, badCount: 0 },
    });
    const again = await send(`importId=${importId}&dryRun=false`, good);
    expect(again.body).toMatchObject({ booked: 0, repeated: 3 });
    // The same lines under another id, however they end, are asked about and not given a second time.
    const other = newOrderId();
    const crlf = good.replaceAll("\n", "\r\n");
    const before = { importId, importedBy: "staff:http-staff", nextLine: null };
    expect(await send(`importId=${other}`, crlf)).toMatchObject({
      ...{ status: 200, body: { importedBefore: before, booked: 0 } },
    });
    expect(await send(`importId=${other}&dryRun=false`, crlf)).toMatchObject({
      ...{ status: 409, body: { code: "conflict", reason: "imported_before", ...before } },
    });
    const meant = await send(`importId=${other}&dryRun=false&again=true`, crlf);
    expect(meant).toMatchObject({ status: 200, body: { booked: 3 } });
    const member = await new Caller(shop.origin).login("imp-2");
    const { lots } = await shop.points(member);
    const lot = { remaining: 50, expiresAtMs: chinaMs("2031-01-01") };
    expect(lots).toMatchObject([lot, lot]);
  });

  it("goes part by part, repeats no line, and says where a broken one goes on", async () => {
    const importId = newOrderId();
    const csv = [HEAD, ...["a", "b", "c", "d", "e"].map((one) => `part-${one},10,Part,`)].join(
      "\n",
    );
    const part = (fromLine: number, more = "") =>
      send(`importId=${importId}&dryRun=false&fromLine=${fromLine}&linesMax=2${more}`, csv);
    expect(await part(1)).toMatchObject({
      ...{ status: 200, body: { lines: 5, points: 50, booked: 2, repeated: 0, nextLine: 4 } },
    });
    // The window was closed here. Whoever chooses the file again is told where it goes on, and by which id.
    const known = await send(`importId=${newOrderId()}`, csv);
    expect(known.body["importedBefore"]).toMatchObject({ importId, nextLine: 4 });
    expect((await send(`importId=${newOrderId()}&dryRun=false`, csv)).status).toBe(409);
    expect((await part(1)).body).toMatchObject({ booked: 0, repeated: 2, nextLine: 4 });
    expect((await part(4)).body).toMatchObject({ booked: 2, repeated: 0, nextLine: 6 });
    // A part that leaves some out before it is booked, and the file is not at its end by it.
    const ahead = await send(`importId=${importId}&dryRun=false&fromLine=7`, csv);
    expect(ahead.body).toMatchObject({ booked: 0, nextLine: null });
    const still = await send(`importId=${importId}`, csv);
    expect(still.body["importedBefore"]).toMatchObject({ nextLine: 6 });
    expect((await part(6)).body).toMatchObject({ booked: 1, nextLine: null });
    const whole = await send(`importId=${importId}`, csv);
    expect(whole.body["importedBefore"]).toMatchObject({ importId, nextLine: null });
    for (const memberId of ["part-a", "part-c", "part-e"]) {
      const member = await new Caller(shop.origin).login(memberId);
      expect((await shop.points(member)).active, memberId).toBe(10);
    }
  });

  it("names the bad lines of the whole file whichever part is sent, and books none", async () => {
    const csv = `${HEAD}\nfine-1,10,Part,\nfine-2,ten,Part,\n`;
    const refused = await send(`importId=${newOrderId()}&dryRun=false&fromLine=2&linesMax=1`, csv);
    expect(refused).toMatchObject({
      ...{ status: 422, body: { nextLine: 2, badCount: 1, bad: [{ line: 3, field: "points" }] } },
    });
    const member = await new Caller(shop.origin).login("fine-1");
    expect((await shop.points(member)).active).toBe(0);
  });

  it("in parts is held to the threshold by its whole sum", async () => {
    const csv = `${HEAD}\nsum-1,60000,Old balance,\nsum-2,60000,Old balance,\n`;
    const importId = newOrderId();
    for (const fromLine of [2, 3]) {
      const query = `importId=${importId}&dryRun=false&fromLine=${fromLine}&linesMax=1`;
      const waits = await send(query, csv);
      expect(waits).toMatchObject({ status: 202, body: { figure: 120_000, approvalId: importId } });
    }
    const member = await new Caller(shop.origin).login("sum-1");
    expect((await shop.points(member)).active).toBe(0);
  });

  it("of many points waits for a second person, who agrees to what was sent", async () => {
    const importId = newOrderId();
    const csv = `${HEAD}\nwide-1,60000,Old balance,\nwide-2,60000,Old balance,\n`;
    const query = `importId=${importId}&dryRun=false`;
    const waits = await send(query, csv);
    expect(waits).toMatchObject({ status: 202, body: { figure: 120_000, state: "proposed" } });
    const other = await send(query, csv.replace("wide-2,6", "wide-2,9"));
    expect(other).toMatchObject({ status: 422, body: { code: "idempotency_mismatch" } });
    // The same lines under another id are the same act: they wait once, also where somebody means a second import.
    for (const more of ["", "&again=true"]) {
      const twin = await send(`importId=${newOrderId()}&dryRun=false${more}`, `${csv}\n`);
      expect(twin).toMatchObject({
        ...{ status: 409, body: { reason: "already_proposed", approvalId: importId } },
      });
    }
    const second = await new Caller(shop.origin).login("second", "staff");
    const path = `/api/v1/staff/approvals/${importId}/approve`;
    const done = await shop.send(second, "POST", path, { note: "checked" });
    expect(done.body).toMatchObject({ state: "done", outcome: { booked: 2, repeated: 0 } });
    const member = await new Caller(shop.origin).login("wide-2");
    expect((await shop.points(member)).active).toBe(60_000);
    expect((await send(`importId=${newOrderId()}&dryRun=false`, csv)).status).toBe(409);
  });

  const long = (name: string, count: number, points: number): string =>
    [HEAD, ...Array.from({ length: count }, (_, at) => `${name}-${at},${points},Old,`)].join("\n");

  it("that is long is booked part by part by whoever agrees, and goes on where it was cut off", async () => {
    const importId = newOrderId();
    const csv = long("long", 1_200, 100);
    const waits = await send(`importId=${importId}&dryRun=false`, csv);
    expect(waits).toMatchObject({ status: 202, body: { figure: 120_000 } });
    const second = await new Caller(shop.origin).login("second", "staff");
    const path = `/api/v1/staff/approvals/${importId}/approve`;
    const agree = async () => (await shop.send(second, "POST", path, { note: "" })).body;
    const lines = { repeated: 0, refused: 0, bad: [] };
    expect(await agree()).toMatchObject({
      ...{ state: "approved", outcome: { ...lines, booked: 500, nextLine: 502 } },
    });
    // Nobody came again: what is booked and what is not is known, and the inbox says how far it is.
    const known = await send(`importId=${newOrderId()}`, csv);
    expect(known.body["importedBefore"]).toMatchObject({ importId, nextLine: 502 });
    const inbox = await shop.send(second, "GET", `/api/v1/staff/approvals?state=approved`);
    expect(inbox.body["items"]).toMatchObject([{ outcome: { booked: 500, nextLine: 502 } }]);
    // Two at once do the same part: it is booked and counted once.
    await Promise.all([agree(), agree()]);
    expect(await agree()).toMatchObject({ state: "done" });
    const { state, outcome } = await agree();
    expect(state).toBe("done");
    expect(outcome).not.toHaveProperty("nextLine");
    const { booked, repeated } = outcome as { booked: number; repeated: number };
    expect(booked + repeated).toBe(1_200);
    for (const memberId of ["long-0", "long-500", "long-1199"]) {
      const member = await new Caller(shop.origin).login(memberId);
      expect((await shop.points(member)).active, memberId).toBe(100);
    }
  });

  it("books so many lines in a call as a request may ask objects, whatever is asked for", async () => {
    const csv = long("many", 2_001, 1);
    const query = `importId=${newOrderId()}&dryRun=false`;
    expect((await send(query, csv)).body).toMatchObject({ booked: 2_000, nextLine: 2_002 });
    const rest = await send(`${query}&fromLine=2002`, csv);
    expect(rest.body).toMatchObject({ booked: 1, repeated: 0, nextLine: null });
  });

  it("is text of its type and of bounded size, with its header", async () => {
    const importId = newOrderId();
    expect((await send(`importId=${importId}`, HEAD, "application/json")).status).toBe(415);
    expect((await send(`importId=${importId}`, "x".repeat(600_000))).status).toBe(413);
    expect((await send("importId=short", HEAD)).status).toBe(422);
    const wrong = await send(`importId=${importId}`, "a,b\n1,2");
    expect(wrong.body).toMatchObject({ badCount: 1, bad: [{ line: 1 }] });
  });
});
