import { dateName, timeHm } from "../ui/format.ts";

/** What a page says that was kept on this phone and is shown without a network. */
export const offlineZhCN = {
  saved: (savedAtMs: number, nowMs: number) =>
    `没有网络。这是 ${dateName("zh-CN", savedAtMs, nowMs)} ${timeHm(savedAtMs)} 的内容，连上后会自动更新。`,
};

export type OfflineText = typeof offlineZhCN;
