import { bilingual } from "../kit/index.ts";
import { section } from "../section.ts";

export const security = section({
  path: "security",
  title: bilingual("我的安全", "My security"),
  icon: "shield",
  group: "system",
  permission: "self",
  finds: bilingual(
    ["密码", "两步验证", "通行密钥", "登录设备", "退出登录"],
    ["password", "two-step", "passkey", "sessions", "devices"],
  ),
  reads: ["/api/v1/staff/me/security", "/api/v1/staff/me/sessions"],
  load: () => import("./index.tsx"),
});
