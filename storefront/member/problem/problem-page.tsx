import type { JSX } from "preact";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { loginPath } from "../../client/paths.ts";
import { pagesText } from "../../locales/pages.ts";
import type { PagesText } from "../../locales/pages.zh-CN.ts";
import { Icon, Sprite } from "../../ui/icon.tsx";
import { alert, coin, home, orders, refresh } from "../../ui/icons.ts";
import { LanguageSwitch, TabBar } from "../../ui/parts.tsx";
import { useText } from "../../ui/text.tsx";

type ProblemData = Extract<PageData, { page: "problem" }>;
type Way = "home" | "login" | "retry";
const ICONS = { alert, coin, home, orders, refresh };

/** What happened, what is safe, and one way on. */
export function problemWords(
  code: string,
  status: number,
  words: PagesText,
): { title: string; body: string; way: Way } {
  const p = words.problem;
  if (code === "offline") return { title: p.offline, body: p.offlineBody, way: "retry" };
  if (code === "not_found" || status === 404)
    return { title: p.notFound, body: p.notFoundBody, way: "home" };
  if (code === "unauthenticated" || status === 401)
    return { title: p.unauthenticated, body: p.unauthenticatedBody, way: "login" };
  if (code === "forbidden" || status === 403)
    return { title: p.forbidden, body: p.forbiddenBody, way: "home" };
  if (code === "unavailable" || status === 503)
    return { title: p.away, body: p.awayBody, way: "retry" };
  if (code === "overloaded" || code === "rate_limited")
    return { title: p.busy, body: p.busyBody, way: "retry" };
  return { title: p.fault, body: p.faultBody, way: "retry" };
}

export function ProblemPage({ data }: { data: ProblemData }): JSX.Element {
  const t = useText();
  const words = pagesText(data.locale);
  const { title, body, way } = problemWords(data.code, data.status, words);
  const login = (event: Event): void => {
    // The link works without script too; with it the member comes back to where the problem was.
    event.preventDefault();
    location.assign(loginPath(location.pathname + location.search));
  };
  return (
    <div class="page">
      <Sprite icons={ICONS} />
      <main class="blank">
        <span class="blank-i">
          <Icon name="alert" size={40} />
        </span>
        <h1>{title}</h1>
        <p class="sec">{body}</p>
        {way === "home" && (
          <a class="btn primary" href="/">
            {t.common.back}
          </a>
        )}
        {way === "login" && (
          <a class="btn primary" href={loginPath("/")} onClick={login}>
            {words.problem.login}
          </a>
        )}
        {way === "retry" && (
          <a class="btn primary" href="">
            <Icon name="refresh" size={18} />
            {t.common.retry}
          </a>
        )}
        {data.requestId !== "" && (
          <p class="note mute">{words.problem.reference(data.requestId)}</p>
        )}
        <LanguageSwitch />
      </main>
      <TabBar current={null} />
    </div>
  );
}
