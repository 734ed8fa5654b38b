/** Names, a label, two segments and a gift that is ready, so that the demo's members are people. */
import type { SeedClient } from "./seed-earning.ts";

const FAMILY = "陈林黄张李王吴刘蔡杨";
const GIVEN = ["安", "之", "满", "清", "月", "川", "宁", "以宁", "小棠", "知夏", "予安", "嘉禾"];

export const nameAt = (at: number): string =>
  `${FAMILY[(at * 7) % FAMILY.length] ?? ""}${GIVEN[(at * 5) % GIVEN.length] ?? ""}`;

/** The first members are named, the first of them labelled; segments are counted when they are saved. */
export async function seedRegister(staff: SeedClient, memberIds: readonly string[]): Promise<void> {
  for (const [at, memberId] of memberIds.entries()) {
    const body = { version: 0, name: nameAt(at), note: "" };
    await staff.put(`/api/v1/staff/members/${memberId}`, body);
  }
  await staff.put("/api/v1/staff/labels/regular", { name: "老茶客" });
  const some = { memberIds: memberIds.slice(0, 8), isOn: true };
  await staff.post("/api/v1/staff/labels/regular/members", some);
  await staff.post("/api/v1/staff/campaigns", {
    ...{ campaignId: "demo-anniversary-gift", audience: { kind: "label", id: "regular" } },
    ...{ points: 50, note: "周年礼：谢谢老茶客", internalNote: "", expiresAtMs: null },
  });
  await staff.put("/api/v1/staff/segments/top-frequency", {
    ...{ version: 0, name: "消费频次前 30%" },
    rule: { all: [{ kind: "top", percent: 30, by: "frequency" }] },
  });
  await staff.put("/api/v1/staff/segments/expiring-soon", {
    ...{ version: 0, name: "15 天内有积分到期" },
    rule: { all: [{ kind: "expiring", days: 15 }] },
  });
}
