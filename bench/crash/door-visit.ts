/** A ticket's way through the door, as an awaited verdict. */
import { DoorSocket, type VerdictFrame } from "../load/door-client.ts";

export type Verdict =
  | { readonly kind: "granted" }
  | { readonly kind: "refused"; readonly code: string; readonly epoch: number | null }
  /** The epoch was raised before the grab: the ticket wants an exchange. */
  | { readonly kind: "exchange"; readonly epoch: number }
  /** No verdict: the socket broke, or nothing came in time. */
  | { readonly kind: "lost"; readonly reason: string };

const VERDICT_PATIENCE_MS = 3_000;
const AGAIN_AFTER_MS = 50;

export class DoorVisit {
  readonly #origin: string;
  readonly #doorUrl: string;
  readonly #grabAtMs: number;

  constructor(origin: string, doorUrl: string, grabAtMs: number) {
    this.#origin = origin;
    this.#doorUrl = doorUrl;
    this.#grabAtMs = grabAtMs;
  }

  /** Opens the door, grabs when it is time and waits. Every call is a new socket. */
  verdict(): Promise<Verdict> {
    return new Promise((resolve) => {
      const timers: ReturnType<typeof setTimeout>[] = [];
      let hasGrabbed = false;
      const end = (verdict: Verdict): void => {
        for (const timer of timers) clearTimeout(timer);
        door.close();
        resolve(verdict);
      };
      const grab = (): void => {
        hasGrabbed = true;
        door.grab();
      };
      const door = new DoorSocket(this.#origin, this.#doorUrl, {
        onClock: () => {
          const waitMs = Math.max(0, this.#grabAtMs - Date.now());
          timers.push(setTimeout(grab, waitMs));
          const patienceMs = waitMs + VERDICT_PATIENCE_MS;
          timers.push(
            setTimeout(() => end({ kind: "lost", reason: "no verdict in time" }), patienceMs),
          );
        },
        onVerdict: (frame) => {
          if (frame.outcome === "again") timers.push(setTimeout(grab, againAfterMs(frame)));
          else end(verdictOf(frame));
        },
        onExchange: ({ epoch }) => {
          // After the grab the verdict says it; an exchange now would be a second request for the same wish.
          if (!hasGrabbed) end({ kind: "exchange", epoch });
        },
        onLost: (error) => end({ kind: "lost", reason: error.message }),
      });
    });
  }
}

function againAfterMs(frame: VerdictFrame): number {
  return Math.min(500, (frame.opensInMs ?? AGAIN_AFTER_MS) + 5);
}

function verdictOf(frame: VerdictFrame): Verdict {
  if (frame.outcome === "granted") return { kind: "granted" };
  return { kind: "refused", code: frame.code ?? "", epoch: frame.epoch ?? null };
}
