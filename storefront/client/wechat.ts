/** Inside WeChat: the page's share card, by WeChat's own script. Loaded after the page answers; a failure changes nothing. */
import { callerOf } from "./api.ts";

/** The second host is the one that WeChat names for when the first is not reached. */
const SDK_HOSTS = ["https://res.wx.qq.com", "https://res2.wx.qq.com"];
const SDK_PATH = "/open/js/jweixin-1.6.0.js";

/** The parts of WeChat's script that are used here. */
interface Wx {
  config(options: object): void;
  ready(then: () => void): void;
  updateAppMessageShareData(card: object): void;
  updateTimelineShareData(card: object): void;
}

/**
 * The address WeChat knows this page by. On iOS that is the one the web view opened, whatever history says later, so it is
 * read when the script starts and not when it is needed.
 */
const ENTRY = location.href.split("#", 1)[0] ?? "";

/** What must not travel with a share: one-time proofs of the person who shares, and what WeChat added to the link they came by. */
const PRIVATE = [
  ...["ticket", "code", "state", "preview", "as"],
  ...["from", "isappinstalled", "scene", "clicktime", "enterid"],
];

function loadFrom(host: string): Promise<Wx | null> {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.src = host + SDK_PATH;
    script.async = true;
    script.addEventListener("load", () => resolve((window as unknown as { wx?: Wx }).wx ?? null));
    script.addEventListener("error", () => resolve(null));
    document.head.append(script);
  });
}

async function load(): Promise<Wx | null> {
  for (const host of SDK_HOSTS) {
    const wx = await loadFrom(host);
    if (wx !== null) return wx;
  }
  return null;
}

const meta = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[property="og:${name}"]`)?.content ?? "";

export async function startWechat(locale: string): Promise<void> {
  const call = callerOf({ locale });
  const [config, wx] = await Promise.all([
    call<object>("GET", `/api/v1/wechat/js-config?url=${encodeURIComponent(ENTRY)}`),
    load(),
  ]);
  if (!config.ok || wx === null) return;
  const link = new URL(ENTRY);
  for (const name of PRIVATE) link.searchParams.delete(name);
  const card = {
    title: meta("title") || document.title,
    desc: meta("description"),
    link: link.href,
    imgUrl: meta("image"),
  };
  const jsApiList = ["updateAppMessageShareData", "updateTimelineShareData"];
  wx.config({ ...config.value, jsApiList });
  wx.ready(() => {
    wx.updateAppMessageShareData(card);
    wx.updateTimelineShareData(card);
  });
}
