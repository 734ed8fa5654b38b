/** The line between a page and its door, in the test's hand: what is lost on the way, and which way. */
import type { BrowserContext, WebSocketRoute } from "playwright-core";

type Frame = Record<string, unknown> & { readonly t: string };

export class Line {
  /** Frames of the door that do not arrive. */
  lostToPage: (frame: Frame) => boolean = () => false;
  /** Frames of the page that do not arrive. */
  lostToDoor: (frame: Frame) => boolean = () => false;
  /** What the page hears instead. */
  heard: (frame: Frame) => Frame = (frame) => frame;
  readonly sent: Frame[] = [];
  readonly #sockets: WebSocketRoute[] = [];
  #isHungUp = false;

  static async of(context: BrowserContext): Promise<Line> {
    const line = new Line();
    await context.routeWebSocket(/\/door\?/, async (page) => {
      if (line.#isHungUp) return page.close();
      line.#sockets.push(page);
      const door = page.connectToServer();
      page.onMessage((message) => {
        const frame = JSON.parse(String(message)) as Frame;
        line.sent.push(frame);
        if (!line.lostToDoor(frame)) door.send(message);
      });
      door.onMessage((message) => {
        const frame = JSON.parse(String(message)) as Frame;
        if (!line.lostToPage(frame)) page.send(JSON.stringify(line.heard(frame)));
      });
    });
    return line;
  }

  /** Nothing arrives any more, either way, and the socket does not say so: a dead zone. */
  cut(): void {
    this.lostToPage = () => true;
    this.lostToDoor = () => true;
  }

  /** The door is closed, and none is to be had any more. */
  async hangUp(): Promise<void> {
    this.#isHungUp = true;
    await Promise.all(this.#sockets.map((page) => page.close()));
  }

  mend(): void {
    this.lostToPage = () => false;
    this.lostToDoor = () => false;
  }
}
