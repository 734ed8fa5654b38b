/** Where members come in, and where they agree before anything personal is kept. */
import { inviteOffer } from "../earning/index.ts";
import { MEMBER_ID_PATTERN } from "../kernel/ids.ts";
import { returnPath } from "../kernel/own-path.ts";
import { parseRichText } from "../page-builder/index.ts";
import { channelsOf, cookieIn, noticeVersionOf, PENDING_COOKIE } from "../sign-in/index.ts";
import type { PageData } from "./page-data.ts";
import type { PagePath } from "./paths.ts";
import type { InviteOffer } from "./wire.ts";
import { addressCode, type PageRequest, type Redirect } from "./request.ts";

const INVITE_PATH: PagePath = "/points/invite";

export const isWechat = (userAgent: string): boolean => /MicroMessenger\//.test(userAgent);

export async function loginPage(request: PageRequest): Promise<PageData | Redirect> {
  const { c, base, look, nowMs } = request;
  const { wechat, phone } = await channelsOf(c.env, base.programme.programmeId, nowMs);
  const returnTo = returnPath(c.req.query("returnTo") ?? "/");
  const as = c.req.query("as") ?? "";
  const failed = /^[a-z_]{1,40}$/.exec(c.req.query("failed") ?? "")?.[0] ?? "";
  const asksConsent =
    c.req.query("step") === "consent" && Boolean(cookieIn(c.req.raw, PENDING_COOKIE));
  const inWechat = wechat !== null && isWechat(c.req.header("user-agent") ?? "");
  const isFirst = !asksConsent && failed === "" && as === "" && c.req.query("way") === undefined;
  // Inside WeChat nobody needs to type: the way there and back is silent.
  if (inWechat && isFirst) {
    return { redirect: `/api/v1/sign-in/wechat?returnTo=${encodeURIComponent(returnTo)}` };
  }
  return {
    ...{ ...base, page: "login", returnTo, asksConsent, failed },
    offer: await offerAt(request, returnTo),
    suggestedMemberId: MEMBER_ID_PATTERN.test(as) ? as : "",
    // The fake server of development recognises any browser.
    ways: { wechat: inWechat || (wechat !== null && base.devLogin), phone: phone.isOn },
    notice: { version: noticeVersionOf(look), paragraphs: parseRichText(look.privacy) },
  };
}

/** Whoever follows a friend's link is told what it promises before they are asked to sign in. */
async function offerAt(
  { c, base, nowMs, hiddenPaths }: PageRequest,
  returnTo: string,
): Promise<InviteOffer | null> {
  const { pathname, searchParams } = new URL(returnTo, c.req.url);
  if (pathname !== INVITE_PATH || hiddenPaths.includes(INVITE_PATH)) return null;
  const code = addressCode(searchParams.get("code"));
  return code === null ? null : inviteOffer(c.env, base.programme.programmeId, code, nowMs);
}
