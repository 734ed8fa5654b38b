import { LIMITS } from "../kernel/limits.ts";
import type { TakeAnswer } from "./model.ts";
import type { DoorClientFrame, DoorServerFrame } from "./wire.ts";

const GRAB = '{"t":"grab"}';

/** Reads a page's frame; null for anything else. The grab itself is compared, not parsed: it is the peak. */
export function readFrame(message: string | ArrayBuffer): DoorClientFrame | null {
  if (message === GRAB) return { t: "grab" };
  if (typeof message !== "string" || message.length > LIMITS.doorFrameBytesMax) return null;
  let frame: unknown;
  try {
    frame = JSON.parse(message);
  } catch {
    return null;
  }
  if (typeof frame !== "object" || frame === null || !("t" in frame)) return null;
  if (frame.t === "grab") return { t: "grab" };
  if (frame.t === "ticket" && "ticket" in frame && typeof frame.ticket === "string") {
    return { t: "ticket", ticket: frame.ticket };
  }
  if (frame.t === "ping" && "clientTimeMs" in frame && Number.isFinite(frame.clientTimeMs)) {
    return { t: "ping", clientTimeMs: Number(frame.clientTimeMs) };
  }
  return null;
}

/** A page sends a ping now and then and a grab; a socket that sends more than this a second is no page. */
const FRAMES_PER_SECOND_MAX = 50;

/** Counts the frames of one socket by the second. */
export class FramePace {
  #second = 0;
  #frames = 0;

  allows(nowMs: number): boolean {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#frames = 0;
    }
    this.#frames += 1;
    return this.#frames <= FRAMES_PER_SECOND_MAX;
  }
}

type VerdictFields = Omit<Extract<DoorServerFrame, { t: "verdict" }>, "t" | "orderId">;

/** Written out by hand, because thousands of them are the peak. The id holds nothing that JSON would escape. */
export function grantedFrame(
  orderId: string,
  grant: Extract<TakeAnswer, { kind: "granted" }>,
): string {
  const { remaining, ordinal, atMs } = grant;
  return `{"t":"verdict","orderId":"${orderId}","outcome":"granted","remaining":${remaining},"ordinal":${ordinal},"atMs":${atMs}}`;
}

/** By hand as well: most of a crowd hears nothing else. */
export function soldOutFrame(orderId: string, remaining: number, nowMs: number): string {
  return `{"t":"verdict","orderId":"${orderId}","outcome":"refused","code":"sold_out","remaining":${remaining},"atMs":${nowMs}}`;
}

export function refusalOf(
  answer: Exclude<TakeAnswer, { kind: "granted" | "sold_out" }>,
): VerdictFields {
  switch (answer.kind) {
    case "closed":
      return { outcome: "refused", code: "closed", atMs: answer.closedAtMs };
    case "stale":
      return { outcome: "refused", code: "stale", epoch: answer.epoch };
    case "forgone":
      return { outcome: "refused", code: "forgone" };
    case "not_open":
      return { outcome: "again", code: "not_open", opensInMs: answer.opensInMs };
    case "ahead":
    case "undecided":
      return { outcome: "again", code: "ahead" };
  }
}
