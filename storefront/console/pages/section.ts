import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const pagesSection = section({
  path: "pages",
  title: bilingual("页面与主题", "Pages and theme"),
  icon: "layout",
  group: "front",
  permission: "pages.read",
  key: "p",
  finds: bilingual(
    ["装修", "首页", "主题", "模板", "开店"],
    ["builder", "home page", "theme", "template", "open a shop"],
  ),
  reads: ["/api/v1/staff/pages", "/api/v1/staff/pages/home", "/api/v1/staff/me/names"],
  load: () => import("./index.tsx"),
});
