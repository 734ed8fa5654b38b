/** Reads of the catalogue at the edge: one copy for everybody, nothing of a member in it, and none of it after a publication. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Caller, startProduct, until, type Answer, type Product } from "./product.ts";

let product: Product;
let staff: Caller;
let guest: Caller;
let gold: Caller;
beforeAll(async () => {
  product = await startProduct();
  guest = new Caller(product.origin);
  staff = await new Caller(product.origin).login("edge-staff", "staff");
  gold = await new Caller(product.origin).login("edge-gold");
  await must("POST", "/api/v1/staff/members/edge-gold/grants", {
    ...{ points: 777, reason: "test", idempotencyKey: "edge-gold" },
  });
  await must("POST", "/api/v1/staff/goods", { goodsId: "edge-cup", goods: cup("旧名") });
  await must("POST", "/api/v1/staff/goods/edge-cup/publish", { revision: 1 });
});
afterAll(() => product.close());

const cup = (title: string): object => ({
  ...{ title, kind: "physical", skus: [{ skuId: "edge-cup", pricePoints: 10 }] },
});

async function must(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await staff.send<Record<string, unknown>>(method, path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return answer;
}

const isHit = ({ headers }: Answer): boolean => headers.get("x-catalogue-cache") === "hit";

/** Copies live for seconds, and are written behind the answer: asked until one was there. */
const fromTheEdge = (caller: Caller, path: string): Promise<Answer> =>
  until(() => caller.get(path), isHit);

describe.each([
  ["/api/v1/goods?sort=newest", "a list"],
  ["/api/v1/goods/edge-cup", "one goods"],
  ["/api/v1/categories", "the categories"],
])("%s", (path) => {
  it("is read once for guests and members, and says nothing of one to the other", async () => {
    const first = await fromTheEdge(gold, path);
    const text = JSON.stringify(first.body);
    expect(text).not.toContain("edge-gold");
    const seen = await fromTheEdge(guest, path);
    // A number of its own: the same digits stand in a moment or a random name by chance.
    expect(JSON.stringify(seen.body)).not.toMatch(/(?<![\w-])777(?![\w-])/);
    // What is kept is kept by the Worker; nobody between it and a phone may keep an answer.
    expect(seen.headers.get("cache-control")).toMatch(/no-store|private/);
  });
});

describe("a publication", () => {
  it("is seen by the next reader, of the list and of the goods", async () => {
    await fromTheEdge(guest, "/api/v1/goods?sort=newest");
    const { body } = await fromTheEdge(guest, "/api/v1/goods/edge-cup");
    expect(body).toMatchObject({ title: "旧名", mine: null });
    const { revision } = body as { revision: number };
    await must("PUT", "/api/v1/staff/goods/edge-cup", { revision, goods: cup("新名") });
    const goods = await guest.get("/api/v1/goods/edge-cup");
    expect([isHit(goods), goods.body]).toMatchObject([false, { title: "新名" }]);
    const list = await guest.get<{ goods: unknown[] }>("/api/v1/goods?sort=newest");
    expect(list.headers.get("x-catalogue-cache")).toBe("miss");
    expect(list.body.goods).toMatchObject([{ goodsId: "edge-cup", title: "新名" }]);
    const member = await fromTheEdge(gold, "/api/v1/goods/edge-cup");
    expect(member.body).toMatchObject({ title: "新名", mine: { tierId: null } });
  });
});
