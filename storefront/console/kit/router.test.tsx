// @vitest-environment happy-dom
import { render } from "preact";
import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { Router, RouterContext, useQuery } from "./router.ts";

history.replaceState(null, "", "/console/members");
const router = new Router();

it("a filter that was typed just before its page was left does not lead back to it", async () => {
  let search: ReturnType<typeof useQuery>[1] = () => undefined;
  const List = (): null => {
    [, search] = useQuery();
    return null;
  };
  await act(() => {
    render(
      <RouterContext.Provider value={router}>
        <List />
      </RouterContext.Provider>,
      document.createElement("div"),
    );
  });
  const typed = search;
  await act(() => typed({ q: "wal" }, { replace: true }));
  expect(location.search).toBe("?q=wal");
  await act(() => router.go("/console/members/walker"));
  await act(() => typed({ q: "walk" }, { replace: true }));
  expect([location.pathname, location.search]).toEqual(["/console/members/walker", ""]);
});
