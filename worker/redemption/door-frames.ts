import { LIMITS } from "../kernel/limits.ts";
import type { DoorClientFrame } from "./wire.ts";

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
