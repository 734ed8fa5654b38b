import { bilingual } from "../kit/words.ts";
import { ordersEn } from "./words.en.ts";
import { ordersZhCN } from "./words.zh-CN.ts";

export type { OrderWords } from "./words.zh-CN.ts";
export const WORDS = bilingual(ordersZhCN, ordersEn);
