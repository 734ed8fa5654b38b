/** The pretended cashier: what a member sees where the real one would open. */
import type { Trade } from "./trades.ts";

const STYLE = `
:root{color-scheme:light dark;--ink:#1c1b19;--paper:#f6f4ef;--card:#fff;--line:#ded9ce;--go:#07a35a;--mute:#6d675c}
@media(prefers-color-scheme:dark){:root{--ink:#f1ede4;--paper:#171614;--card:#22201d;--line:#3a3631;--go:#12b86b;--mute:#a49c8e}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:0 auto;padding:2rem 1rem;display:grid;gap:1rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:1.25rem}
.sum{font-size:2.5rem;font-weight:700;font-variant-numeric:tabular-nums;margin:.25rem 0}
p{margin:0}.mute{color:var(--mute);font-size:.875rem}
button{width:100%;min-height:48px;border-radius:999px;border:1px solid var(--line);background:transparent;color:inherit;font:inherit}
button.go{background:var(--go);border-color:var(--go);color:#fff;font-weight:600}
form{display:grid;gap:.625rem}h1{font-size:1.125rem;margin:0}h2{font-size:.9375rem;margin:0 0 .5rem}`;

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

function page(body: string, status = 200): Response {
  const html = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>演示收银台</title><style>${STYLE}</style><main>${body}</main></html>`;
  return new Response(html, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  });
}

const yuan = (fen: number): string => (fen / 100).toFixed(2);
const NAMES = { wechat: "微信支付", alipay: "支付宝" } as const;

export function cashierPage(trade: Trade, nowMs: number): Response {
  const isOpen = !trade.isClosed && trade.txns.length === 0 && trade.expiresAtMs >= nowMs;
  const head = `<h1>演示收银台 · ${NAMES[trade.provider]}</h1>
<section class="card"><p>${escape(trade.title)}</p><p class="sum">¥${yuan(trade.amountFen)}</p>
<p class="mute">这里不会真的扣款。Demo only: no money moves.</p></section>`;
  if (!isOpen) {
    const why = trade.txns.length > 0 ? "这一笔已经付过了" : "这一笔已经关闭，不能再付";
    const back =
      trade.returnUrl === "" ? "" : `<p><a href="${escape(trade.returnUrl)}">返回订单</a></p>`;
    return page(`${head}<section class="card"><p>${why}</p>${back}</section>`);
  }
  const action = `/pay-sim/cashier?id=${encodeURIComponent(trade.id)}`;
  return page(`${head}<form method="post" action="${action}">
<button class="go" name="how" value="pay">确认支付 ¥${yuan(trade.amountFen)}</button>
<button name="how" value="refuse">不付了，返回</button></form>
<section class="card"><h2>试试出差错的样子</h2><form method="post" action="${action}">
<button name="how" value="lost">付款成功，但通知丢了</button>
<button name="how" value="twice">同一单付了两次</button>
<button name="how" value="short">少付了 1 元</button></form></section>`);
}

/** A signed order that is brought after its time makes no trade. */
export function tooLatePage(): Response {
  return page(
    `<h1>演示收银台</h1><section class="card"><p>这一笔已经过期，不能再付</p></section>`,
    410,
  );
}

export function paidPage(trade: Trade): Response {
  return page(
    `<h1>已支付</h1><section class="card"><p>${escape(trade.title)}</p><p class="sum">¥${yuan(trade.amountFen)}</p><p class="mute">可以关掉这一页了。</p></section>`,
  );
}
