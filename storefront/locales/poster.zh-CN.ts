import { count, dateName, timeHm, yuan } from "../ui/format.ts";

const L = "zh-CN";

/** Words of the picture to share and of the sheet that shows it. */
export const posterZhCN = {
  share: "分享",
  title: "分享",
  close: "关闭",
  alt: (title: string) => `分享图：${title}，带二维码`,
  drawing: "正在画图",
  failed: "这台手机没画出来，可以复制链接。",
  hold: "长按图片，可保存或转发",
  save: "保存图片",
  forward: "转发链接",
  copyLink: "复制链接",
  copied: "链接已复制",
  copyFailed: (url: string) => `没复制上，可长按复制：${url}`,
  scan: "长按识别二维码",
  unit: "积分",
  cash: (fen: number) => `+ ${yuan(fen)}`,
  market: (fen: number) => `市价 ${yuan(fen)}`,
  from: "起",
  /** With its date: the picture is looked at on other days. */
  opens: (atMs: number, nowMs: number) => `${dateName(L, atMs, nowMs)} ${timeHm(atMs)} 开抢`,
  until: (atMs: number, nowMs: number) => `${dateName(L, atMs, nowMs)} ${timeHm(atMs)} 截止`,
  units: (units: number) => `共 ${count(units)} 件`,
  toSale: "到点来抢",
  toRunning: "现在来抢",
  toGoods: "用积分换",
  inviteHead: "邀请你来",
  inviteGift: "新会员可得",
  inviteAct: "完成后到账，以活动规则为准",
  inviteCode: (code: string) => `邀请码 ${code}`,
  toInvite: "接受邀请",
};

export type PosterText = typeof posterZhCN;
