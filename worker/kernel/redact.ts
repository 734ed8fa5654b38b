/** Takes secrets and what says who or where somebody is out of a value, so that it may be kept where many read. */
import { HIDDEN } from "./masks.ts";

const SECRET =
  /pass(?:word|wd|phrase)?|token|secret|signature|credential|recovery|^code$|codes|cardno|privatekey|apikey|cookie/i;
const PERSONAL =
  /phone|mobile|e-?mail|address|receiver|recipient|consignee|contact|realname|idcard|idnumber|birthday|wechat|openid|unionid|device|latitude|longitude/i;
const TEXT_MAX = 300;
const ITEMS_MAX = 50;
const DEPTH_MAX = 6;
/** Larger values say how large they were. */
const JSON_MAX = 8_000;

/** `undefined` stays `undefined`. A changed secret is told to be there, and not what it is. */
export function redacted(value: unknown): unknown {
  if (value === undefined) return undefined;
  const shown = walk(value, 0);
  const length = JSON.stringify(shown)?.length ?? 0;
  return length > JSON_MAX ? { isTooLarge: true, length } : shown;
}

function walk(value: unknown, depth: number): unknown {
  if (typeof value === "string")
    return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX)}…` : value;
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value !== "object") return undefined;
  if (depth >= DEPTH_MAX) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, ITEMS_MAX).map((item: unknown) => walk(item, depth + 1));
    return value.length > ITEMS_MAX ? [...shown, `… ${value.length} in all`] : shown;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      isHidden(name, item) ? HIDDEN : walk(item, depth + 1),
    ]),
  );
}

function isHidden(name: string, value: unknown): boolean {
  if (value === null || value === "" || typeof value === "boolean") return false;
  return SECRET.test(name) || PERSONAL.test(name);
}
