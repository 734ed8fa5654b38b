import { count, dateName, dayName, timeHm, yuan } from "../ui/format.ts";

const L = "zh-CN";

/** Words of the sale page above its bar: they come with that part. */
export const saleZhCN = {
  sale: {
    picture: (title: string) => `${title}图片`,
    waitingPeople: (n: number) => `${count(n)} 人在等`,
    grabbingPeople: (n: number) => `${count(n)} 人在抢`,
    wavePeople: (n: number) => `${count(n)} 人在等返场`,
    bandLabel: "场次时间",
    toOpen: "距开抢",
    soon: "马上开抢",
    soonSub: "按钮会自动变成「抢」",
    live: "正在开抢",
    endsAt: (atMs: number, nowMs: number) =>
      `${dayName(L, atMs, nowMs) === "今天" ? "" : `${dateName(L, atMs, nowMs)} `}${timeHm(atMs)} 结束`,
    arrivedAt: (time: string) => `成交 ${time}`,
    nth: "第几件",
    wonNoOrdinal: "已成交",
    gone: "全部兑完",
    lastOneAt: (time: string) => `最后一件 ${time}`,
    goneSub: "有退回会在本页返场",
    secondsGone: "秒兑完",
    toWave: "距返场",
    waveSub: (n: number) => `有 ${count(n)} 件退回，一次放出`,
    overAt: (atMs: number) => `${timeHm(atMs)} 结束`,
    nextAt: (atMs: number, nowMs: number) => `下一场 ${dayName(L, atMs, nowMs)} ${timeHm(atMs)}`,
    given: "件已送出",
    paused: "本场暂停",
    pausedSub: "恢复后从原来的余量继续",
    sealWon: ["抢兑", "成功"] as [string, string],
    sealGone: ["本场", "兑完"] as [string, string],
    stockIdle: (n: string) => ["", n, " 件待抢"] as [string, string, string],
    stockLeft: (n: string) => ["还剩 ", n, " 件"] as [string, string, string],
    stockWave: (n: string) => ["返场 ", n, " 件"] as [string, string, string],
    stockTotal: (units: number, limit: number) =>
      `共 ${count(units)} 件 · 每人限 ${count(limit)} 件`,
    stockLimit: (limit: number) => `每人限 ${count(limit)} 件`,
    listPrice: "原价",
    /** 80 is eight tenths: 8 折. */
    discount: (title: string, percent: number, isTier: boolean) =>
      isTier
        ? `${title}会员价 · ${percent / 10} 折`
        : title.includes("折")
          ? title
          : `${title} · ${percent / 10} 折`,
    stockBar: (left: number, units: number) => `余量 ${count(left)} 件，共 ${count(units)} 件`,
  },
  pass: {
    bookTitle: "先领门票，开抢只点一下",
    holds: (points: number, active: number) =>
      `预约时占用 ${count(points)} 积分，你有 ${count(active)} 可用`,
    cashLater: (cashFen: number) => `抢到后收货时付 ${yuan(cashFen)}`,
    cashSoon: (cashFen: number, minutes: number) =>
      `抢到后 ${minutes} 分钟内付 ${yuan(cashFen)}，过时取消，积分退回`,
    bookNote: "可随时取消预约。不预约也能抢，只是会多一步校验。",
    loginTitle: "登录后就能预约",
    loginLiveTitle: "登录后就能抢",
    loginItem: (points: number) => `预约占用 ${count(points)} 积分，没抢到原样退回`,
    readyTitle: "门票已备好",
    readyBadge: "可以抢",
    validTitle: "门票有效",
    live: "直连中",
    connecting: "连接中",
    lost: "直连断开，仍可抢",
    held: (points: number) => ["已占用 ", count(points), " 积分"] as [string, string, string],
    heldOldest: (points: number, date: string) =>
      ["，含 ", count(points), ` 分 ${date}到期`] as [string, string, string],
    slot: (quantity: number, limit: number) =>
      ["限购名额已留 ", count(quantity), ` / ${count(limit)}`] as [string, string, string],
    clock: (errorMs: number) => `已与服务器对时，误差 ±${count(errorMs)} 毫秒`,
    clocking: "正在与服务器对时",
    returnNote: "没抢到会原样退回：哪一批扣的回到哪一批，到期日不变。",
    giveBack: "取消预约",
    openNoTicketTitle: "没有门票也能抢",
    openNoTicket: (points: number) => `点一下就扣 ${count(points)} 积分，会多一步校验`,
    standingTitle: "兑换说明",
    standing: (points: number, active: number) =>
      `用 ${count(points)} 积分，你有 ${count(active)} 可用`,
    soonestFirst: "先扣最早到期的积分",
    /** By what the goods are: only what is sent in a parcel ships. */
    cancel: {
      physical: "发货前可取消，积分退回原批次",
      local_service: "到店使用前可取消，积分退回原批次",
      virtual: "提交充值前可取消，积分退回原批次",
      coupon: "兑到立即发放，发放后不能取消",
      card_code: "兑到立即发放，发放后不能取消",
    },
    sendingTitle: "已提交",
    sendingBadge: "等待结果",
    queueTitle: "人有点多，已为你排队",
    queueNote: "请别关页面，到时候自动再提交。还没有扣积分。",
    once: "同一单号只会成交一次，不会重复扣分",
    doubtTitle: "网络没有回音",
    doubtBadge: "核对中",
    doubtHeld: (points: number) => `${count(points)} 积分仍占用着，核对完再定去留`,
    doubtNote: "可以离开本页，结果会出现在「订单」。",
    orderNo: "单号",
    wonTitle: "兑换成功，等待发货",
    wonBadge: "已成交",
    legPoints: "积分",
    legCash: "现金",
    legFreight: "运费",
    posted: (points: number) => `已扣 ${count(points)}`,
    payTitle: (fen: number) => `还差一步：付 ${yuan(fen)}`,
    payBadge: (time: string) => `${time} 前付`,
    cashDue: (cashFen: number, isNow: boolean) =>
      `${yuan(cashFen)} ${isNow ? "待支付" : "收货时付"}`,
    cashPaid: (cashFen: number) => `${yuan(cashFen)} 已付`,
    another: (left: number) => `还可以再兑 ${left} 件`,
    anotherDo: "再兑一件",
    seeOrder: "查看订单与退回批次",
    whyTitle: "为什么没抢到",
    goneBadge: "已兑完",
    lastGone: "最后一件兑出",
    youCame: "你的请求到达",
    lateBy: (ms: number) => ["晚了 ", count(ms), " 毫秒"] as [string, string, string],
    goneAt: (units: number, time: string | null) =>
      time === null ? `本场 ${count(units)} 件已兑完` : `本场 ${count(units)} 件已在 ${time} 兑完`,
    returning: (points: number) => `${count(points)} 积分正在退回原批次`,
    returned: (points: number) => `${count(points)} 积分已退回原批次，到期日不变`,
    untouched: "没有占用积分",
    goneTitle: "本场已兑完",
    stillHeld: (points: number) => `你的门票还占用 ${count(points)} 积分，返场时自动就位`,
    waveTitle: "返场资格已留",
    waveBadge: "无需重新预约",
    waveOpenTitle: "马上返场",
    waveHold: (points: number) => `返场时重新占用 ${count(points)} 积分，可随时取消`,
    waveNote: "退回的商品攒到一起放出，给每个人同样的准备时间。",
    shortTitle: (gap: number | null) => (gap === null ? "积分不足" : `还差 ${count(gap)} 积分`),
    shortBadge: "积分不足",
    shortNeed: (need: number, have: number) => `需要 ${count(need)}，你有 ${count(have)} 可用`,
    shortOther: (held: number, pending: number) =>
      `另有 ${[held > 0 ? `${count(held)} 占用中` : "", pending > 0 ? `${count(pending)} 待入账` : ""].filter(Boolean).join("、")}。`,
    limitTitle: "你已达到限购",
    limitItem: (limit: number, used: number) =>
      `每人限 ${count(limit)} 件，你已兑 ${count(used)} 件`,
    limitWhy: "限购让更多会员抢到",
    notEligible: {
      tier: {
        title: "这一场给指定等级",
        body: "你现在的等级还不在其中，没有占用积分",
        go: "看我的等级",
      },
      store: { title: "这一场给指定门店的会员", body: "你还不是这些门店的会员，没有占用积分" },
      blocked: { title: "你的账号被停用了", body: "没有占用积分，请联系客服", go: "联系客服" },
    } as Record<string, { title: string; body: string; go?: string }>,
    notEligibleElse: { title: "这一场给部分会员", body: "你现在不在其中，没有占用积分" },
    staleTitle: "门票换新没成功",
    stale: "点「重新预约」，再就位一次",
    staleOld: "旧门票占用的积分会退回原批次，不会重复扣",
    closedAt: (time: string) => `本场已在 ${time} 结束`,
    nextTitle: "下一场",
    nextMeta: (atMs: number, nowMs: number, units: number) =>
      `${dayName(L, atMs, nowMs)} ${timeHm(atMs)} · ${count(units)} 件`,
    nextGo: "去预约",
  },
  rules: {
    title: "活动规则",
    limit: (limit: number) => `每人限兑 ${count(limit)} 件。`,
    daily: (limit: number) => `每人每天限兑 ${count(limit)} 件。`,
    window: (from: string, to: string) =>
      `开放时间 ${from} 至 ${to}，以服务器时间为准（北京时间）。`,
    hold: "预约时占用积分；没抢到或取消预约，原样退回原批次，到期日不变。",
    once: "同一单号只成交一次：重复点击、刷新、换设备都不会重复扣积分。",
  },
};

export type SaleText = typeof saleZhCN;
