/** Couriers by the codes that tracking services know them by. */
export interface Carrier {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

export const CARRIERS: readonly Carrier[] = [
  { code: "shunfeng", zh: "顺丰速运", en: "SF Express" },
  { code: "jd", zh: "京东物流", en: "JD Logistics" },
  { code: "zhongtong", zh: "中通快递", en: "ZTO Express" },
  { code: "yuantong", zh: "圆通速递", en: "YTO Express" },
  { code: "yunda", zh: "韵达快递", en: "Yunda Express" },
  { code: "shentong", zh: "申通快递", en: "STO Express" },
  { code: "jtexpress", zh: "极兔速递", en: "J&T Express" },
  { code: "ems", zh: "EMS", en: "EMS" },
  { code: "youzhengguonei", zh: "邮政快递包裹", en: "China Post" },
  { code: "debangkuaidi", zh: "德邦快递", en: "Deppon Express" },
];

/** By its code or by what people write: 顺丰, SF Express. */
export function carrierOf(text: string): Carrier | null {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return null;
  return (
    CARRIERS.find(({ code }) => code === wanted) ??
    CARRIERS.find(({ zh, en }) => zh.toLowerCase() === wanted || en.toLowerCase() === wanted) ??
    (wanted.length >= 2
      ? CARRIERS.find(({ zh, en }) => zh.startsWith(wanted) || en.toLowerCase().startsWith(wanted))
      : undefined) ??
    null
  );
}

const TRACKING_NO = /^[0-9A-Z-]{8,30}$/;

/** As couriers print it: capitals and digits, without blanks; null when it can be no tracking number. */
export function trackingNoOf(text: string): string | null {
  const plain = text.replaceAll(/\s/g, "").toUpperCase();
  return TRACKING_NO.test(plain) ? plain : null;
}
