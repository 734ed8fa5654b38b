import { count } from "../ui/format.ts";

const failed: Record<string, string> = {
  consent_needed: "请先阅读并同意隐私说明。",
  both_in_use:
    "这两个身份各自都有积分或订单。都是你本人的话，可以用手机号验证后合并；合并不能撤销。也可以联系客服。",
  points_held: "那个账号还有未用的门票或在途的兑换。退掉门票或等专场结束后再合并。",
  points_held_at_till: "收银台或待付款订单正占用那个账号的积分，请先完成或取消。",
  stored_value: "那个账号有储值余额，不能并过来。请先登录它，再验证这一个。",
  owes_points: "那个账号欠着积分，不能并过来。请先登录它，再验证这一个。",
  blocked: "其中一个账号被停用了，请联系客服。",
  merge_under_way: "正在合并，请过几分钟再试。",
  nothing_pending: "等得有点久，请重新登录一次。",
  notice_changed: "隐私说明刚刚更新了，请刷新后再看一遍。",
  phone: "请检查手机号。",
  code: "验证码不对或已失效，请核对，或重新获取。",
  rate_limited: "验证码发得太频繁，稍等再试。",
  not_found: "商家没有开通手机登录。",
  network: "网络没有回音，请再试一次。",
  timeout: "网络没有回音，请再试一次。",
  wechat: "微信没有确认你的身份，请再试一次。",
  wechat_snapshot: "这是微信的预览页，看不到你是谁。请点右下角「使用完整服务」，再登录。",
  wechat_state: "这次登录不是从这里开始的，请重新点一次。",
  ticket_used: "这个登录链接已经用过，请回到商家的应用重新打开。",
  ticket_expired: "登录链接过期了，请回到商家的应用重新打开。",
  ticket_forged: "登录链接没有通过验证。",
  ticket_malformed: "登录链接不完整。",
  ticket_unknown_key: "登录链接没有通过验证。",
  ticket_not_for_us: "这个登录链接不是给这个商城的。",
  other: "没登录上，请再试一次。",
};

/** Words of the sign-in. */
export const signInZhCN = {
  failed,
  welcome: {
    arrived: (points: number) => `欢迎加入，送你的 ${count(points)} 积分到账了`,
    pending: (points: number) => `欢迎加入，送你 ${count(points)} 积分，入账后可用`,
    see: "看看积分",
  },
  wechat: "微信登录",
  consent: {
    title: "先看一下隐私说明",
    body: "你同意之前，我们没有保存你的任何个人信息。",
    notice: "隐私说明",
    yes: "同意并登录",
    no: "先不登录",
  },
  phone: {
    title: "手机号登录",
    phone: "手机号",
    code: "验证码",
    send: "获取验证码",
    again: (seconds: number) => `${seconds} 秒后重发`,
    sent: "验证码已发送，5 分钟内有效。",
    development: (code: string) => `开发环境不发短信，验证码是 ${code}`,
    agree: "我已阅读并同意隐私说明",
    read: "看隐私说明",
    enter: "登录",
    merge: "都是我的，合并到当前账号",
  },
  privacy: {
    title: "个人信息与登录方式",
    body: "我们保存了这些登录方式。撤回同意后会删除，并退出登录。",
    none: "没有保存登录方式。",
    kinds: { wechat: "微信", wechat_union: "微信开放平台", phone: "手机", ticket: "商家会员" },
    add: "绑定手机",
    withdraw: "撤回同意",
    sure: "撤回并删除",
    keep: "先不撤回",
    ask: "撤回后，登录方式和手机号会删除，你将退出登录。积分记录按会员编号保留，不再与你本人关联，之后无法找回。",
  },
};

export type SignInText = typeof signInZhCN;
