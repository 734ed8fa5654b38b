/** The sweep and a tracking service that does not answer. */
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { sweepFulfilment } from "../fulfilment/index.ts";
import { bindings, migrate } from "./object-catalogue.ts";
import { Mall, newId } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

const DAY_MS = 24 * 3_600_000;
const env = { ...bindings, KUAIDI100: "CUSTOMER:KEY https://courier.test" };
let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});
afterEach(() => void vi.unstubAllGlobals());

async function sent(): Promise<{ state: () => Promise<string> }> {
  const member = await mall.member();
  const orderId = await mall.order(member, await mall.goods("physical"));
  await mall.address(member, orderId);
  const reply = await mall.ship(member.memberId, orderId, { shipmentId: newId().slice(0, 38) });
  expect(reply.status, reply.text).toBe(201);
  return {
    state: async () => (await mall.delivery(member, orderId)).body.shipments[0].state as string,
  };
}

/** Stands in for the service; answers what it was asked. */
function service(answer: (asked: number) => Response): { asked: number } {
  const calls = { asked: 0 };
  vi.stubGlobal("fetch", async () => answer((calls.asked += 1)));
  return calls;
}

const told = (): Response =>
  Response.json({ ...{ message: "ok", status: "200", state: "5" }, data: [] });

describe("a tracking service", () => {
  it("that is down is asked once a sweep, and the parcel that met it waits behind the others", async () => {
    const first = await sent();
    const second = await sent();
    const atMs = Date.now() + DAY_MS;
    const down = service(() => new Response("busy", { status: 502 }));
    await sweepFulfilment(env, atMs);
    expect(down.asked).toBe(1);

    const up = service(told);
    await sweepFulfilment(env, atMs);
    expect([up.asked, await first.state(), await second.state()]).toEqual([
      ...[1, "sent", "out_for_delivery"],
    ]);
    await sweepFulfilment(env, atMs + 11 * 60_000);
    expect([up.asked, await first.state()]).toEqual([2, "out_for_delivery"]);
  });
});
