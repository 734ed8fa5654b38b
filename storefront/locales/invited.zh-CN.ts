import { count } from "../ui/format.ts";

/** An invitation, as whoever was invited reads it. */
export const invitedZhCN = {
  title: (name: string, mall: string) => `${name === "" ? "好友" : `${name} `}邀请你加入${mall}`,
  mine: (points: number) => `你得 ${count(points)} 积分`,
  theirs: (points: number) => `好友得 ${count(points)} 积分`,
  comma: "，",
  acts: {
    order: "完成第一笔消费后到账",
    redemption: "第一次兑换后到账",
    write_off: "第一次到店使用后到账",
    registration: "注册成为会员后到账",
  } as Record<string, string>,
  actOther: "完成约定的动作后到账",
  amount: (text: string) => `这一笔须满 ${text}`,
  days: (days: number) => `新会员专享，接受邀请后 ${count(days)} 天内有效`,
  next: "登录后点「接受邀请」开始算。",
};

export type InvitedText = typeof invitedZhCN;
