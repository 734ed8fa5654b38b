// @vitest-environment happy-dom
import type { JSX } from "preact";
import { expect, it, vi } from "vitest";
import type { NamesView } from "../../../worker/register/wire.ts";
import { consoleWith, drawInConsole, remove } from "../../testing/console.tsx";
import type { Answer, Call } from "./client.ts";
import { useNames } from "./use-names.ts";

const NAMES: NamesView = {
  staff: { "stf-1": "林山" },
  ...{ stores: { jetty: "栈桥店" }, tiers: { bud: "芽友" } },
  approvalKinds: { "points.grant": { "zh-CN": "发放积分", en: "Grant points" } },
};

/** What one part of a page says while names are asked for, and after the answer. */
function Said(): JSX.Element {
  const names = useNames();
  const all = [
    ...["staff:stf-1", "stf-1 + staff:stf-9", "member:tea-1", "system", ""].map(names.actor),
    ...[names.store("jetty"), names.tier("bud"), names.store(null)],
    names.approvalKind("points.grant"),
    ...names.choices("stores", ["gone"]).map(({ title }) => title),
  ];
  return <p>{all.map(String).join("|")}</p>;
}

/** A server that keeps its answers back until it is told to give one. */
function serverOfNames() {
  const waiting: ((answer: Answer<NamesView>) => void)[] = [];
  const call = vi.fn<() => Promise<unknown>>(
    () => new Promise<Answer<NamesView>>((resolve) => void waiting.push(resolve)),
  );
  const answer = (given: Answer<NamesView>): void => {
    for (const give of waiting.splice(0)) give(given);
  };
  return { call, mall: consoleWith(call as unknown as Call), answer };
}

const OK: Answer<NamesView> = { ok: true, status: 200, value: NAMES };
const WHOLE = "林山|林山 + stf-9|tea-1|系统||栈桥店|芽友|null|发放积分|栈桥店|gone";

it("no id stands where its name is on its way, and the next page has the names at once", async () => {
  const { call, mall, answer } = serverOfNames();
  const place = await drawInConsole(<Said />, mall);
  expect(place.textContent).toBe("…|… + …|tea-1|系统||…|…|null|…|…");
  answer(OK);
  await vi.waitFor(() => expect(place.textContent).toBe(WHOLE));
  remove(place);

  const next = await drawInConsole(<Said />, mall);
  expect(next.textContent).toBe(WHOLE);
  expect(call).toHaveBeenCalledOnce();
  remove(next);
});

it("without an answer ids are said, and the next page asks again", async () => {
  const { call, mall, answer } = serverOfNames();
  const place = await drawInConsole(<Said />, mall);
  const problem = { code: "timeout", status: 0, detail: "", errors: [], figures: {} };
  answer({ ok: false, status: 0, problem: { ...problem, reference: null } });
  await vi.waitFor(() => expect(place.textContent).toContain("stf-1|stf-1 + stf-9|"));
  remove(place);

  const next = await drawInConsole(<Said />, mall);
  expect(call).toHaveBeenCalledTimes(2);
  answer(OK);
  await vi.waitFor(() => expect(next.textContent).toBe(WHOLE));
  remove(next);
});
