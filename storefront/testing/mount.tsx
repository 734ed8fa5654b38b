/** A page in happy-dom as the browser has it, and a server of one line that hears what is sent. */
import { hydrate, type JSX } from "preact";
import { act } from "preact/test-utils";
import { vi } from "vitest";
import type { PageData } from "../../worker/pages/page-data.ts";
import { zhCN } from "../locales/zh-CN.ts";
import { App } from "../member/app.tsx";
import { renderPage } from "../ssr.tsx";

export interface Sent {
  method: string;
  path: string;
  body: Record<string, unknown>;
}
type Reply = (sent: Sent) => Response | Promise<Response>;

/** Each test sets what the server answers; without that it fails. */
export class OneServer {
  sent: Sent[] = [];
  reply: Reply = () => new Response("{}", { status: 500 });

  /** Instead of the network, until the test's stubs are taken away. */
  listen(): void {
    this.sent = [];
    this.reply = () => new Response("{}", { status: 500 });
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      const body = typeof init.body === "string" ? JSON.parse(init.body) : {};
      const one = { method: init.method ?? "GET", path, body };
      this.sent.push(one);
      // Parcels are fetched by a part of the order page that comes when it comes; here nothing was sent yet.
      if (path.endsWith("/delivery")) return refused(404, "not_found");
      return this.reply(one);
    });
  }
}

export const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), { status });
export const refused = (status: number, code: string, figures: object = {}): Response =>
  json({ code, instance: "i", ...figures }, status);

/** The Worker's markup first, taken up by the script. */
export function open(data: PageData, page: JSX.Element): HTMLElement {
  const place = document.body.appendChild(document.createElement("div"));
  place.innerHTML = renderPage(data).html;
  void act(() => hydrate(<App text={zhCN}>{page}</App>, place));
  return place;
}

/** Until answers that are there have been drawn; twice, because what they lead to may ask again. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 2; round += 1)
    await act(async () => void (await new Promise((done) => setTimeout(done, 5))));
}

export function button(place: ParentNode, words: string | RegExp): HTMLElement {
  const found = [...place.querySelectorAll("button")].find(({ textContent }) =>
    typeof words === "string" ? textContent === words : words.test(textContent ?? ""),
  );
  if (found === undefined) throw new Error(`no button ${String(words)}`);
  return found;
}

export async function press(place: ParentNode, words: string | RegExp): Promise<void> {
  await act(async () => button(place, words).click());
}
