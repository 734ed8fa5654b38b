import type { AddressView, ShownCodesView } from "../../worker/fulfilment/wire.ts";

export const ADDRESS: AddressView = {
  ...{ addressId: "a1", isDefault: true, name: "黄小安", phone: "13612340415" },
  ...{ regionCode: "350203", region: "福建省厦门市思明区", detail: "镇海路 26 号" },
};

const CODE = "482719305612";

/** A voucher of two uses, one of them gone, as it is shown at `atMs`. */
export const shownSample = (atMs: number): ShownCodesView => ({
  serverTimeMs: atMs,
  codes: [{ code: CODE, qr: `QD1.${CODE}.proof`, fromMs: atMs - 1_000, untilMs: atMs + 59_000 }],
  voucher: {
    ...{ voucherId: "v1", orderId: "o1", title: "饮品券 满 30 减 10", usesTotal: 2, usesLeft: 1 },
    ...{ storeIds: null, validFromMs: atMs, expiresAtMs: atMs + 30 * 86_400_000, state: "live" },
    ...{ bookedStoreId: null, bookedAtMs: null, bookedUntilMs: null },
    stores: [{ storeId: "zhenhai", name: "镇海路店", address: "镇海路 26 号" }],
    uses: [{ atMs: atMs - 60_000, uses: 1, storeName: "镇海路店", isReversed: false }],
  },
});
