import { bilingual } from "../kit/words.ts";

export const DASHBOARD = bilingual(
  {
    title: "今日一览",
    sales: "秒杀场",
    none: "今天没有场次",
    remaining: (n: number) => `还剩 ${n} 件`,
  },
  { title: "Today", sales: "Sales", none: "No sale today", remaining: (n: number) => `${n} left` },
);
