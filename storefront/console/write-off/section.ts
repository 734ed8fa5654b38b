import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const writeOff = section({
  path: "write-off",
  title: bilingual("核销", "Write-off"),
  icon: "scan",
  group: "daily",
  permission: "orders.write_off",
  key: "w",
  finds: bilingual(["扫码", "核销码", "到店"], ["scan", "voucher", "store"]),
  reads: ["/api/v1/staff/write-offs/stores"],
  load: () => import("./index.tsx"),
});
