/** The bank of a local server knows after a restart what it knew before: the mall's orders are still there, too. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openBank } from "./bank.ts";

it("keeps its keys and its trades", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "qiangdui-bank-"));
  try {
    const before = await openBank(dataDir, () => "http://mall.test");
    before.bank.ledger.open({
      ...{ provider: "wechat", id: "p1", title: "盖碗", amountFen: 990, expiresAtMs: 2_000 },
      ...{ notifyUrl: "http://mall.test/notify", returnUrl: "" },
    });
    const paid = before.bank.ledger.take(
      before.bank.ledger.open({
        ...{ provider: "wechat", id: "p2", title: "盖碗", amountFen: 990, expiresAtMs: 2_000 },
        ...{ notifyUrl: "http://mall.test/notify", returnUrl: "" },
      }),
      1_000,
      -100,
    );
    before.touched();
    before.close();
    const after = await openBank(dataDir, () => "http://mall.test");
    expect([...after.bank.ledger.trades.keys()]).toEqual(["p1", "p2"]);
    expect(after.bank.ledger.trades.get("p2")?.txns).toEqual([paid]);
    expect(paid.amountFen).toBe(890);
    expect(after.bank.account()).toEqual(before.bank.account());
    // A number of before is given to nobody else.
    const [, next] = [...after.bank.ledger.trades.values()];
    if (!next) throw new Error("it was there");
    expect(after.bank.ledger.take(next, 1_000).txnId).not.toBe(paid.txnId);
    after.close();
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
