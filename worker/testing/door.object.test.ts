/** A door in the runtime: what it says to its members, and what it tells Accounts. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { Account } from "../accounts/account-object.ts";
import type { GrantRequest } from "../accounts/requests.ts";
import { bucketOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import type { TicketClaims } from "../redemption/tickets.ts";
import { shop } from "./object-shop.ts";

const bindings = env as unknown as Env;
const accountOf = (memberKey: string): DurableObjectStub<Account> =>
  bindings.ACCOUNT.getByName(bucketOf(memberKey, 4));

interface Visitor {
  readonly orderId: string;
  /** Grabs, and answers the door's verdict. */
  readonly grab: () => Promise<Record<string, unknown>>;
}

async function holder(name: string, saleId: string): Promise<TicketClaims> {
  const memberKey = `demo:${name}`;
  const account = accountOf(memberKey);
  const grant: GrantRequest = {
    ...{ memberKey, points: 10, reason: "test", actor: "test", source: "manual" },
    ...{ expiresAtMs: null, pendingUntilMs: null, idempotencyKey: "test" },
    ...{ internalNote: "", storeId: null },
  };
  await account.grant(grant);
  const order = { memberKey, saleId, orderId: `order-of-${name}-0001`, quantity: 1, epoch: 1 };
  expect(await account.ticket({ ...order, replaces: null })).toMatchObject({ kind: "ticket" });
  return { ...order, points: 10, expiresAtMs: Date.now() + 60_000 };
}

const opened: WebSocket[] = [];

async function visit(claims: TicketClaims): Promise<Visitor> {
  const headers = {
    upgrade: "websocket",
    "x-sale-id": claims.saleId,
    "x-ticket-claims": JSON.stringify(claims),
  };
  const gate = bindings.GATE.getByName(`${claims.saleId}:0`);
  const { webSocket } = await gate.fetch(new Request("https://gate/door", { headers }));
  if (!webSocket) throw new Error("the door did not open");
  webSocket.accept();
  opened.push(webSocket);
  const grab = (): Promise<Record<string, unknown>> =>
    new Promise((resolve) => {
      const hear = ({ data }: MessageEvent): void => {
        const frame = JSON.parse(String(data)) as Record<string, unknown>;
        if (frame["t"] !== "verdict") return;
        webSocket.removeEventListener("message", hear);
        resolve(frame);
      };
      webSocket.addEventListener("message", hear);
      webSocket.send('{"t":"grab"}');
    });
  return { orderId: claims.orderId, grab };
}

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});
afterEach(() => {
  for (const socket of opened.splice(0)) socket.close();
  vi.restoreAllMocks();
});

describe("A door of a sold-out sale", () => {
  it("refuses each tap and tells a loser's Account once", async () => {
    const { saleId } = await shop({ units: 1 });
    const claims: TicketClaims[] = [];
    for (const name of ["winner", "loser", "late"]) claims.push(await holder(name, saleId));
    const [winner, loser, late] = await Promise.all(claims.map(visit));
    const settle = vi.spyOn(Account.prototype, "settle");
    const told = (): string[] =>
      settle.mock.calls.flatMap(([items]) => items.map(({ orderId }) => orderId));
    expect(await winner?.grab()).toMatchObject({ outcome: "granted", remaining: 0 });
    for (let taps = 0; taps < 3; taps += 1) {
      expect(await loser?.grab()).toMatchObject({
        ...{ orderId: loser?.orderId, outcome: "refused", code: "sold_out", remaining: 0 },
        atMs: expect.any(Number),
      });
    }
    // What the door had to tell before goes with this one, or went already.
    expect(await late?.grab()).toMatchObject({ outcome: "refused", code: "sold_out" });
    await vi.waitUntil(() => told().includes(String(late?.orderId)), 10_000);
    expect(told().filter((orderId) => orderId === loser?.orderId)).toHaveLength(1);
    await vi.waitUntil(async () => {
      const { balance } = await accountOf("demo:loser").points("demo:loser", 100, 10);
      return balance.held === 0 && balance.active === 10;
    }, 10_000);
  });
});
