import { bilingual } from "../kit/index.ts";
import { financeEn } from "./words.en.ts";
import { financeZhCN } from "./words.zh-CN.ts";

export type { FinanceWords } from "./words.zh-CN.ts";
export const FINANCE = bilingual(financeZhCN, financeEn);
