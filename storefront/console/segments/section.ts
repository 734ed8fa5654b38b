import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const segments = section({
  path: "segments",
  title: bilingual("人群", "Segments"),
  icon: "users",
  group: "members",
  permission: "members.read",
  finds: bilingual(
    ["分群", "画像", "前 30%", "送积分"],
    ["audience", "groups", "top 30%", "gift points"],
  ),
  reads: ["/api/v1/staff/segments", "/api/v1/staff/me/names"],
  load: () => import("./index.tsx"),
});
