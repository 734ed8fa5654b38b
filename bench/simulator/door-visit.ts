/** A page at the door: taps, hears verdicts, shows a new ticket on the same socket. */
import type { SimSocket } from "./runtime/web.ts";
import type { World } from "./world.ts";

export type Frame = Readonly<Record<string, unknown>>;

/** One socket at a door, from the page's side. */
export class DoorVisit {
  readonly #world: World;
  readonly #who: string;
  readonly #socket: SimSocket;
  #isCut = false;
  #heard: ((frame: Frame | "cut") => void) | null = null;
  #orderId = "";

  constructor(world: World, who: string, socket: SimSocket) {
    this.#world = world;
    this.#who = who;
    this.#socket = socket;
    socket.listen({ message: (text) => this.#read(text), close: () => this.#cut() });
  }

  /** Taps until the door has decided; gives up waiting after some seconds. */
  async grab(orderId: string): Promise<Frame | "cut"> {
    this.#orderId = orderId;
    let frame: Frame | "cut" = "cut";
    for (let tap = 0; tap < 8 && !this.#isCut; tap += 1) {
      frame = await this.#tapOnce();
      if (frame === "cut" || frame["outcome"] !== "again") return frame;
      await this.#world.sleep(Math.min(2_000, Number(frame["opensInMs"] ?? 0) + 50 + tap * 100));
    }
    return frame;
  }

  #tapOnce(): Promise<Frame | "cut"> {
    const { faults, scheduler } = this.#world.sim;
    return new Promise((resolve) => {
      const heard = (frame: Frame | "cut"): void => resolve(frame);
      this.#heard = heard;
      this.#send('{"t":"grab"}');
      if (faults.strikes("double_tap")) this.#send('{"t":"grab"}');
      scheduler.after(this.#world.outside, 3_000, () => {
        if (this.#heard === heard) this.#answer({ outcome: "again" });
      });
      if (faults.strikes("socket_cut")) {
        this.#world.sim.trace.say(this.#who, () => "loses the socket");
        this.#socket.close();
        this.#cut();
      }
    });
  }

  show(ticket: string): void {
    this.#send(JSON.stringify({ t: "ticket", ticket }));
  }

  leave(): void {
    this.#socket.close();
  }

  #send(text: string): void {
    if (!this.#socket.isClosed) this.#socket.send(text);
  }

  #read(text: string): void {
    // Most frames are stock figures for everybody, and a script that only grabs has no use for them.
    if (text.startsWith('{"t":"stock"')) return;
    const frame = JSON.parse(text) as Frame;
    // A hasty page exchanges as soon as the door asks for it, while its own grab may be on the way.
    if (frame["t"] === "ticket?" && this.#world.sim.faults.strikes("hasty_exchange")) {
      return this.#answer(frame);
    }
    if (frame["t"] !== "verdict") return;
    this.#world.sim.trace.say(this.#who, () => `sees ${text}`);
    if (frame["orderId"] === this.#orderId) this.#answer(frame);
  }

  #answer(frame: Frame | "cut"): void {
    const heard = this.#heard;
    this.#heard = null;
    heard?.(frame);
  }

  #cut(): void {
    this.#isCut = true;
    this.#answer("cut");
  }
}
