/**
 * A member as it was stored before rules existed, written by the code of that time: two credits, a redemption cancelled after
 * one of its lots lapsed, another redemption out of the grace lot, an expiry.
 */
import type { PointsLot, StoredEntry, Wallet } from "../../accounts/points/index.ts";

export const STORED_V1_NOW_MS = 1_761_036_800_000;

type LaterLotField = "originId" | "pendingEvent" | "earnedAtMs";
interface StoredV1 {
  readonly member: Omit<Wallet, "clawedBack" | "deficit" | "lots">;
  readonly lots: readonly (Omit<PointsLot, LaterLotField> & { readonly createdAtMs: number })[];
  readonly entries: readonly StoredEntry[];
  readonly orders: readonly Readonly<Record<string, unknown>>[];
}

export const STORED_V1: StoredV1 = {
  member: {
    memberKey: "demo:old",
    seq: 7,
    headHash: "71bfbbd15d56886617cd38bce2e248ea32f59a929573bdbb1f88b25202fcde7f",
    granted: 65,
    held: 0,
    spent: 10,
    expired: 5,
    lotSeq: 4,
  },
  lots: [
    {
      lotId: 1,
      source: "manual",
      points: 30,
      remaining: 0,
      expiresAtMs: 1760777600000,
      pendingUntilMs: null,
      createdAtMs: 1760000000000,
    },
    {
      lotId: 2,
      source: "opening",
      points: 30,
      remaining: 30,
      expiresAtMs: null,
      pendingUntilMs: null,
      createdAtMs: 1760000000001,
    },
    {
      lotId: 3,
      source: "refund_grace",
      points: 30,
      remaining: 20,
      expiresAtMs: 1763456000000,
      pendingUntilMs: null,
      createdAtMs: 1760864000000,
    },
    {
      lotId: 4,
      source: "manual",
      points: 5,
      remaining: 0,
      expiresAtMs: 1760950400000,
      pendingUntilMs: null,
      createdAtMs: 1760864000009,
    },
  ],
  entries: [
    {
      type: "manual_credit",
      points: 30,
      slices: [
        {
          lotId: 1,
          points: 30,
          expiresAtMs: 1760777600000,
        },
      ],
      naturalKey: "grant:1",
      orderId: null,
      actor: "staff:x",
      reason: "开业礼",
      occurredAtMs: 1760000000000,
      seq: 1,
      balanceAfter: 30,
      prevHash: "0000000000000000000000000000000000000000000000000000000000000000",
      hash: "899b65298e4f5ac93194e0a612827c38ad790c57e4fe55109832ef11ac915d10",
    },
    {
      type: "opening",
      points: 30,
      slices: [
        {
          lotId: 2,
          points: 30,
          expiresAtMs: null,
        },
      ],
      naturalKey: "grant:2",
      orderId: null,
      actor: "staff:x",
      reason: "r",
      occurredAtMs: 1760000000001,
      seq: 2,
      balanceAfter: 60,
      prevHash: "899b65298e4f5ac93194e0a612827c38ad790c57e4fe55109832ef11ac915d10",
      hash: "4e2595cc47f511f3dd2d57a1243ecc6daf385de05aa92f710c64c80b229fb72e",
    },
    {
      type: "redeem",
      points: -40,
      slices: [
        {
          lotId: 1,
          points: 30,
          expiresAtMs: 1760777600000,
        },
        {
          lotId: 2,
          points: 10,
          expiresAtMs: null,
        },
      ],
      naturalKey: "redeem:order-old-0000001",
      orderId: "order-old-0000001",
      actor: "member",
      reason: "",
      occurredAtMs: 1760000000003,
      seq: 3,
      balanceAfter: 20,
      prevHash: "4e2595cc47f511f3dd2d57a1243ecc6daf385de05aa92f710c64c80b229fb72e",
      hash: "f195e5c5f0145afa0aa803a48e50a169ee7876fef44bbd011c65117b2abe29a8",
    },
    {
      type: "redeem_rollback",
      points: 40,
      slices: [
        {
          lotId: 3,
          points: 30,
          expiresAtMs: 1763456000000,
        },
        {
          lotId: 2,
          points: 10,
          expiresAtMs: null,
        },
      ],
      naturalKey: "redeem_rollback:order-old-0000001",
      orderId: "order-old-0000001",
      actor: "member",
      reason: "",
      occurredAtMs: 1760864000000,
      seq: 4,
      balanceAfter: 60,
      prevHash: "f195e5c5f0145afa0aa803a48e50a169ee7876fef44bbd011c65117b2abe29a8",
      hash: "0681b724afef7e791918c9a1be738ee6f9cbd9b6ad5a0c5499cac5b944db7e3e",
    },
    {
      type: "redeem",
      points: -10,
      slices: [
        {
          lotId: 3,
          points: 10,
          expiresAtMs: 1763456000000,
        },
      ],
      naturalKey: "redeem:order-old-0000002",
      orderId: "order-old-0000002",
      actor: "member",
      reason: "",
      occurredAtMs: 1760864000006,
      seq: 5,
      balanceAfter: 50,
      prevHash: "0681b724afef7e791918c9a1be738ee6f9cbd9b6ad5a0c5499cac5b944db7e3e",
      hash: "ad96c9cd5c51fbb1699b2cc15705b60828eaa48b728b3419a16bbc64b406d3dd",
    },
    {
      type: "manual_credit",
      points: 5,
      slices: [
        {
          lotId: 4,
          points: 5,
          expiresAtMs: 1760950400000,
        },
      ],
      naturalKey: "grant:3",
      orderId: null,
      actor: "staff:x",
      reason: "r",
      occurredAtMs: 1760864000009,
      seq: 6,
      balanceAfter: 55,
      prevHash: "ad96c9cd5c51fbb1699b2cc15705b60828eaa48b728b3419a16bbc64b406d3dd",
      hash: "dabd19670e859e0b009a0f2135a356697c886744322db590afd36dccf4a5c6d6",
    },
    {
      type: "expire",
      points: -5,
      slices: [
        {
          lotId: 4,
          points: 5,
          expiresAtMs: 1760950400000,
        },
      ],
      naturalKey: "expire:4:7",
      orderId: null,
      actor: "system",
      reason: "expired",
      occurredAtMs: 1760950400000,
      seq: 7,
      balanceAfter: 50,
      prevHash: "dabd19670e859e0b009a0f2135a356697c886744322db590afd36dccf4a5c6d6",
      hash: "71bfbbd15d56886617cd38bce2e248ea32f59a929573bdbb1f88b25202fcde7f",
    },
  ],
  orders: [
    {
      memberKey: "demo:old",
      orderId: "order-old-0000001",
      saleId: "demo.sku~1",
      termsVersion: 1,
      quantity: 4,
      epoch: 1,
      points: 40,
      cashFen: 0,
      hold: "posted",
      isWanted: true,
      isCancelled: true,
      slices: [
        {
          lotId: 1,
          points: 30,
          expiresAtMs: 1760777600000,
        },
        {
          lotId: 2,
          points: 10,
          expiresAtMs: null,
        },
      ],
      refusal: null,
      grant: {
        ordinal: 1,
        remaining: 0,
        atMs: 1760000000003,
      },
      goods: {
        title: "",
        subtitle: "",
        picture: "",
        groundColor: "",
      },
      opensAtMs: 1000,
      day: 20370,
      ticketExpiresAtMs: 1760000000002,
      createdAtMs: 1760000000002,
      updatedAtMs: 1760864000000,
      version: 3,
    },
    {
      memberKey: "demo:old",
      orderId: "order-old-0000002",
      saleId: "demo.sku~1",
      termsVersion: 1,
      quantity: 1,
      epoch: 1,
      points: 10,
      cashFen: 0,
      hold: "posted",
      isWanted: true,
      isCancelled: false,
      slices: [
        {
          lotId: 3,
          points: 10,
          expiresAtMs: 1763456000000,
        },
      ],
      refusal: null,
      grant: {
        ordinal: 1,
        remaining: 0,
        atMs: 1760864000006,
      },
      goods: {
        title: "",
        subtitle: "",
        picture: "",
        groundColor: "",
      },
      opensAtMs: 1000,
      day: 20380,
      ticketExpiresAtMs: 1760864000005,
      createdAtMs: 1760864000005,
      updatedAtMs: 1760864000006,
      version: 2,
    },
  ],
};

/** The wallet that a migration makes of it. */
export function storedV1Wallet(): Wallet {
  const lots = STORED_V1.lots.map(({ createdAtMs, ...lot }) => {
    return { ...lot, originId: null, pendingEvent: null, earnedAtMs: createdAtMs };
  });
  return { ...STORED_V1.member, clawedBack: 0, deficit: 0, lots };
}
