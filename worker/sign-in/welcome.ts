/** What a newcomer was given, carried to the page they land on, which says so once. */
import type { Welcome } from "../earning/index.ts";
import { cookieIn, serverCookie } from "./desk.ts";

const COOKIE = "qd_welcome";
/** Until the page that the sign-in leads to has been shown. */
const SECONDS = 120;

export function welcomeCookie(
  request: Request,
  { points, isPending }: Welcome,
  isEmbedded: boolean,
): string {
  const value = `${points}${isPending ? "p" : ""}`;
  return serverCookie(request, COOKIE, value, SECONDS, isEmbedded);
}

/** Null: there is nothing to say. */
export function welcomeIn(request: Request): Welcome | null {
  const [, points, mark] = /^([1-9]\d{0,8})(p?)$/.exec(cookieIn(request, COOKIE) ?? "") ?? [];
  return points === undefined ? null : { points: Number(points), isPending: mark === "p" };
}

/** It was said. */
export const welcomeSaid = (request: Request): string => serverCookie(request, COOKIE, "", 0);
