/**
 * Batches between doors, Accounts and Skus as one text, a line an order: an object a take costs the runtime three times
 * as much to copy from one object to the other. Ids hold neither blanks nor line ends.
 */
import { invariant, unreachable } from "../kernel/invariant.ts";
import type { TakeItem } from "./messages.ts";
import type { TakeAnswer } from "./model.ts";

export function packItems(items: readonly TakeItem[]): string {
  let text = "";
  for (const { memberKey, orderId, epoch, quantity, probe } of items) {
    text += `${memberKey} ${orderId} ${epoch} ${quantity} ${probe ? 1 : 0}\n`;
  }
  return text;
}

export function unpackItems(text: string): TakeItem[] {
  return linesOf(text).map((line) => {
    const [memberKey = "", orderId = "", epoch, quantity, probe] = line.split(" ");
    return {
      memberKey,
      orderId,
      epoch: figure(epoch),
      quantity: figure(quantity),
      probe: probe === "1",
    };
  });
}

export function packAnswers(answers: readonly TakeAnswer[]): string {
  let text = "";
  for (const answer of answers) text += `${packAnswer(answer)}\n`;
  return text;
}

function packAnswer(answer: TakeAnswer): string {
  switch (answer.kind) {
    case "granted": {
      const { epoch, quantity, ordinal, remaining, atMs } = answer;
      return `granted ${epoch} ${quantity} ${ordinal} ${remaining} ${atMs}`;
    }
    case "sold_out":
      return `sold_out ${answer.stamp} ${answer.remaining}`;
    case "closed":
      return `closed ${answer.stamp} ${answer.closedAtMs}`;
    case "stale":
      return `stale ${answer.stamp} ${answer.epoch}`;
    case "ahead":
      return `ahead ${answer.epoch}`;
    case "not_open":
      return `not_open ${answer.opensInMs} ${answer.paused ? 1 : 0}`;
    case "forgone":
    case "undecided":
      return answer.kind;
    default:
      return unreachable(answer);
  }
}

/** `count`: how many items were asked about; an answer belongs to the item at its place. */
export function unpackAnswers(text: string, count: number): TakeAnswer[] {
  const answers = linesOf(text).map(unpackAnswer);
  invariant(answers.length === count, "every item of a batch has its answer");
  return answers;
}

function unpackAnswer(line: string): TakeAnswer {
  const [kind = "", a, b, c, d, e] = line.split(" ");
  switch (kind as TakeAnswer["kind"]) {
    case "granted":
      return {
        kind: "granted",
        epoch: figure(a),
        quantity: figure(b),
        ordinal: figure(c),
        remaining: figure(d),
        atMs: figure(e),
      };
    case "sold_out":
      return { kind: "sold_out", stamp: figure(a), remaining: figure(b) };
    case "closed":
      return { kind: "closed", stamp: figure(a), closedAtMs: figure(b) };
    case "stale":
      return { kind: "stale", stamp: figure(a), epoch: figure(b) };
    case "ahead":
      return { kind: "ahead", epoch: figure(a) };
    case "not_open":
      return { kind: "not_open", opensInMs: figure(a), paused: b === "1" };
    case "forgone":
      return { kind: "forgone" };
    case "undecided":
      return { kind: "undecided" };
    default:
      // A newer Sku may know a word that this object does not: no answer is never a verdict.
      return { kind: "undecided" };
  }
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  invariant(lines.pop() === "", "a packed batch ends with a line end");
  return lines;
}

function figure(text: string | undefined): number {
  const value = Number(text);
  invariant(text !== undefined && Number.isSafeInteger(value), "a packed figure is whole");
  return value;
}
