/** Words of the page that verifies a receipt. */
export const verifyZhCN = {
  title: "查验凭证",
  description: "在自己的手机上核对一笔积分流水",
  lead: "核对在这台设备上进行，凭证不会发给任何人。打开本页后没有网络也能查验。",
  paste: "粘贴凭证",
  file: "或选择凭证文件",
  go: "查验",
  bad: "这不是一份完整的凭证，请粘贴下载的全文。",
  nth: "流水号",
  fingerprint: "指纹",
  day: "记账日",
  entryText: "记下的原文",
  verdict: {
    genuine: "这笔流水是真的",
    waiting: "签名有效，当天还没封存",
    broken: "没有通过查验",
    unproved: "还不能下结论",
  },
  verdictBody: {
    genuine: "它在当天公布的记录里，内容没有改动过。",
    waiting: "商家签了这一笔。当天结束封存后，取新的凭证可以再验一次。",
    broken: "凭证或记录被改动过，请保存凭证并联系商家。",
    unproved: "有一项在这台设备上核对不了，换一个新版浏览器再试。",
  },
  checks: {
    signature: "这一笔有商家的签名",
    entry: "凭证里的内容就是当时记下的",
    inclusion: "这一笔在当天的记录里",
    root: "当天的记录有商家的签名",
    published: "与公开的记录一致",
  },
  state: {
    signature: {
      good: "与公布的密钥相符",
      bad: "签名不符，或密钥没有公布过",
      unknown: "这个浏览器验不了 Ed25519 签名",
    },
    entry: {
      good: "内容与指纹相符",
      bad: "内容与指纹不符",
      unknown: "没有可核对的",
    },
    inclusion: {
      good: "默克尔证明逐级相符",
      bad: "证明对不上",
      unknown: "当天还没封存",
    },
    root: {
      good: "与公布的密钥相符",
      bad: "签名不符，或密钥没有公布过",
      unknown: "没有可核对的",
    },
    published: {
      good: "根值相同",
      bad: "根值不同",
      unknown: "没有读到公开记录，未比对",
    },
  },
  keys: "商家公布的密钥",
  keysBody: "凭证上的签名只认这里列出的密钥。",
};

export type VerifyText = typeof verifyZhCN;
