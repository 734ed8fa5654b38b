/** A page's socket at the door: every frame that came, when it came, and how it ended. */
import type { DoorServerFrame } from "../../redemption/wire.ts";
import { until } from "./product.ts";

type FrameOf<T extends DoorServerFrame["t"]> = Extract<DoorServerFrame, { t: T }>;

export class DoorSocket {
  readonly #socket: WebSocket;
  readonly frames: { readonly frame: DoorServerFrame; readonly atMs: number }[] = [];
  closeCode: number | null = null;

  private constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener("message", (event: MessageEvent<string>) => {
      const frame = JSON.parse(event.data) as DoorServerFrame;
      this.frames.push({ frame, atMs: Date.now() });
    });
    this.#socket.addEventListener("close", (event) => {
      this.closeCode = event.code;
    });
  }

  static async open(origin: string, path: string): Promise<DoorSocket> {
    const door = new DoorSocket(origin.replace(/^http/, "ws") + path);
    await until(
      async () => door.#socket.readyState,
      (state) => state !== WebSocket.CONNECTING,
    );
    if (door.#socket.readyState !== WebSocket.OPEN) throw new Error("the door did not open");
    return door;
  }

  send(frame: unknown): void {
    this.sendRaw(JSON.stringify(frame));
  }

  sendRaw(message: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(message);
  }

  all<T extends DoorServerFrame["t"]>(t: T): FrameOf<T>[] {
    return this.frames.map(({ frame }) => frame).filter((frame) => frame.t === t) as FrameOf<T>[];
  }

  /** The first frame of a kind that fits, once it has come. */
  async wait<T extends DoorServerFrame["t"]>(
    t: T,
    fits: (frame: FrameOf<T>) => boolean = () => true,
  ): Promise<FrameOf<T>> {
    const frame = await until(
      async () => this.all(t).find(fits) ?? null,
      (found) => found !== null || this.closeCode !== null,
    );
    if (!frame) throw new Error(`the door closed with ${this.closeCode} before a ${t}`);
    return frame;
  }

  /** Grabs and waits for this grab's own verdict. */
  async grab(): Promise<FrameOf<"verdict">> {
    const before = this.all("verdict").length;
    this.send({ t: "grab" });
    await until(
      async () => this.all("verdict").length,
      (count) => count > before || this.closeCode !== null,
    );
    const verdict = this.all("verdict")[before];
    if (!verdict) throw new Error(`the door closed with ${this.closeCode} before a verdict`);
    return verdict;
  }

  async closed(): Promise<number | null> {
    return until(
      async () => this.closeCode,
      (code) => code !== null,
    );
  }

  close(): void {
    this.#socket.close();
  }
}
