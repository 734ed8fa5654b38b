import { expect, it } from "vitest";
import { renderWelcome } from "../../ssr.tsx";

const said = (points: number, isPending: boolean, locale: "zh-CN" | "en"): string =>
  renderWelcome({ points, isPending }, locale).replaceAll(/<[^>]+>/g, " ");

it("says what becoming a member gave, and no more than is there", () => {
  expect(said(100, false, "zh-CN")).toContain("欢迎加入，送你的 100 积分到账了");
  expect(said(1_200, false, "en")).toContain("Welcome: 1,200 points are yours");
  expect(said(100, true, "zh-CN")).not.toContain("到账了");
  expect(said(100, true, "en")).toContain("on their way");
});
