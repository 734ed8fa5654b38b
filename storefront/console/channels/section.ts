import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const channels = section({
  path: "channels",
  title: bilingual("渠道与登录", "Channels"),
  icon: "key",
  group: "front",
  permission: "settings.read",
  finds: bilingual(
    ["微信", "公众号", "短信", "嵌入", "登录方式"],
    ["wechat", "sms", "embedding", "sign-in"],
  ),
  reads: ["/api/v1/staff/channels"],
  load: () => import("./index.tsx"),
});
