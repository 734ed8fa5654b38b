import type { PageData } from "../../worker/pages/page-data.ts";
import type { Text } from "../locales/zh-CN.ts";

export type Start = (data: never, text: Text, place: HTMLElement) => void;
export type PageName = Exclude<PageData["page"], "sale">;

/**
 * The script of each page; small ones share one, so that who goes from one to the next has it already. The build reads this
 * table too, and the first HTML of a page names its files, so that none waits for another to ask for it.
 */
export const PAGES: Readonly<Record<PageName, () => Promise<{ start: Start }>>> = {
  home: () => import("./home/start-home.tsx"),
  calendar: () => import("./calendar/start-calendar.tsx"),
  login: () => import("./login/start-login.tsx"),
  goodsList: () => import("./goods/start-goods.tsx"),
  goods: () => import("./goods/start-goods.tsx"),
  orders: () => import("./other-pages.tsx"),
  order: () => import("./other-pages.tsx"),
  problem: () => import("./other-pages.tsx"),
  addresses: () => import("./addresses/start-addresses.tsx"),
  voucher: () => import("./voucher/start-voucher.tsx"),
  me: () => import("./mine/start-mine.tsx"),
  notices: () => import("./mine/start-mine.tsx"),
  help: () => import("./mine/start-mine.tsx"),
  points: () => import("./points/start-points.tsx"),
  entry: () => import("./entry/start-entry.tsx"),
  checkIn: () => import("./check-in/start-check-in.tsx"),
  tasks: () => import("./tasks/start-tasks.tsx"),
  invites: () => import("./invites/start-invites.tsx"),
  tier: () => import("./tier/start-tier.tsx"),
  storedValue: () => import("./stored-value/start-stored-value.tsx"),
  code: () => import("./code/start-code.tsx"),
  verify: () => import("./verify/start-verify.tsx"),
};
