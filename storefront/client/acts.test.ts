import { describe, expect, it } from "vitest";
import { ok, problem, silence } from "../testing/fakes.ts";
import { createActs } from "./acts.ts";
import type { Answer } from "./api.ts";

function numbered(): () => string {
  let made = 0;
  return () => `id-${(made += 1)}`;
}

describe("an act", () => {
  it("is not sent again while it is under way", async () => {
    const acts = createActs(numbered());
    let answer: (value: Answer<number>) => void = () => undefined;
    let sent = 0;
    const send = async (): Promise<Answer<number>> => {
      sent += 1;
      return new Promise((resolve) => (answer = resolve));
    };
    const first = acts.run("check-in", send);
    expect(await acts.run("check-in", send)).toBeNull();
    expect(sent).toBe(1);
    answer(ok(5));
    expect((await first)?.ok).toBe(true);
  });

  it("keeps its id until the server has decided", async () => {
    const acts = createActs(numbered());
    const ids: string[] = [];
    const answers = [
      silence(),
      problem("fault", 500),
      problem("rate_limited", 429),
      problem("conflict", 409),
      ok(1),
      ok(1),
    ];
    for (const answer of answers) {
      await acts.run("claim", async (id) => {
        ids.push(id);
        return answer;
      });
    }
    expect(ids).toEqual(["id-1", "id-1", "id-1", "id-1", "id-2", "id-3"]);
  });

  it("does not hold up another one, and is over when sending throws", async () => {
    const acts = createActs(numbered());
    const both = await Promise.all([
      acts.run("a", async (id) => ok(id)),
      acts.run("b", async (id) => ok(id)),
    ]);
    expect(both.map((one) => one?.ok === true && one.value)).toEqual(["id-1", "id-2"]);
    await expect(
      acts.run("a", async () => Promise.reject(new Error("no network stack"))),
    ).rejects.toThrow("no network stack");
    expect(await acts.run("a", async (id) => ok(id))).toMatchObject({ value: "id-3" });
  });
});
