import { dateName, timeHm } from "../ui/format.ts";
import type { OfflineText } from "./offline.zh-CN.ts";

export const offlineEn: OfflineText = {
  saved: (savedAtMs, nowMs) =>
    `No network. This is as of ${dateName("en", savedAtMs, nowMs)} ${timeHm(savedAtMs)}; it updates once you are back online.`,
};
