import { describe, expect, it } from "vitest";
import { askServer, textOf } from "./ask.ts";

const ask = (response: () => Response, bytesMax?: number) =>
  askServer(() => Promise.resolve().then(response), new Request("https://bank.test/"), bytesMax);

const pieces = (...parts: (string | Error)[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    pull(controller) {
      const next = parts.shift();
      if (next === undefined) controller.close();
      else if (next instanceof Error) controller.error(next);
      else controller.enqueue(new TextEncoder().encode(next));
    },
  });

describe("an answer of a provider's server", () => {
  it("is whole, whatever its status", async () => {
    const answer = await ask(() => new Response(pieces("<html>", "busy"), { status: 502 }));
    expect(answer && [answer.status, textOf(answer)]).toEqual([502, "<html>busy"]);
  });

  it("is none when nothing comes, or it breaks off", async () => {
    const broken = (): Response => {
      throw new Error("no route");
    };
    expect(await ask(broken)).toBeNull();
    expect(await ask(() => new Response(pieces('{"code":', new Error("reset"))))).toBeNull();
  });

  it("is none when it is larger than any may be, though no length was declared", async () => {
    expect(await ask(() => new Response(pieces("12345", "6789")), 8)).toBeNull();
    expect(await ask(() => new Response(pieces("12345", "678")), 8)).not.toBeNull();
  });
});
