/** The minute of a rehearsal that matters: sockets at the real doors, tickets that were really held, one tap each and some twice. */
import { parseKeyRing } from "../kernel/key-ring.ts";
import { hash32 } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import {
  signTicket,
  Tally,
  type AnswerTally,
  type DoorServerFrame,
  type TicketClaims,
} from "../redemption/index.ts";
import type { Buyer } from "./rehearsal-crowd.ts";

const SOCKETS_MAX = 400;
const EARLY_MS = 150;
const SILENCE_MS = 20_000;
const AGAIN_MS = 40;
const AGAIN_MAX = 100;

export interface Ticketed {
  readonly buyer: Buyer;
  readonly points: number;
  readonly epoch: number;
}

export interface RushPlan {
  readonly saleId: string;
  readonly opensAtMs: number;
  readonly doors: number;
  readonly tickets: readonly Ticketed[];
}

export interface RushOutcome {
  readonly taps: number;
  readonly granted: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly contradictions: number;
  /** Orders that were never told anything definite. */
  readonly unanswered: number;
  readonly rushMs: number;
  readonly tally: AnswerTally | null;
}

type Verdict = Extract<DoorServerFrame, { t: "verdict" }>;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Rush {
  readonly #env: Env;
  readonly #plan: RushPlan;
  readonly #tally = new Tally();
  readonly #outcomes = new Map<string, string>();
  readonly #tapped = new Map<string, number>();
  readonly #again = new Map<string, number>();
  readonly #sockets: WebSocket[] = [];
  readonly #refusals: Record<string, number> = {};
  readonly #seats: (readonly Ticketed[])[];
  #taps = 0;
  #granted = 0;
  #contradictions = 0;
  #firstTapAtMs = 0;
  #lastVerdictAtMs = 0;
  #lastHeardAtMs = 0;

  constructor(env: Env, plan: RushPlan) {
    this.#env = env;
    this.#plan = plan;
    const count = Math.min(SOCKETS_MAX, plan.tickets.length);
    this.#seats = Array.from({ length: count }, (_, seat) =>
      plan.tickets.filter((_ticket, at) => at % count === seat),
    );
  }

  get answered(): number {
    return this.#outcomes.size;
  }

  async run(): Promise<RushOutcome> {
    const keys = parseKeyRing(this.#env.TICKET_KEYS);
    const sign = (ticket: Ticketed): string => signTicket(keys, this.#claims(ticket));
    const frames = this.#seats.map((seat) =>
      seat.map((ticket) => JSON.stringify({ t: "ticket", ticket: sign(ticket) })),
    );
    await Promise.all(this.#seats.map((seat, at) => this.#sit(at, seat[0])));
    const { opensAtMs } = this.#plan;
    if (Date.now() < opensAtMs - EARLY_MS) await sleep(opensAtMs - EARLY_MS - Date.now());
    if (Date.now() < opensAtMs) this.#tapAll(frames, ({ isEarly }) => isEarly);
    while (Date.now() < opensAtMs) await sleep(Math.min(20, opensAtMs - Date.now()));
    this.#firstTapAtMs = Date.now();
    this.#lastHeardAtMs = this.#firstTapAtMs;
    this.#tapAll(frames, () => true);
    this.#tapAll(frames, ({ isHasty }) => isHasty);
    const { length } = this.#plan.tickets;
    while (this.#outcomes.size < length && Date.now() - this.#lastHeardAtMs < SILENCE_MS) {
      await sleep(20);
    }
    for (const socket of this.#sockets) socket.close(1000, "rehearsal over");
    return {
      taps: this.#taps,
      granted: this.#granted,
      refusals: this.#refusals,
      contradictions: this.#contradictions,
      unanswered: length - this.#outcomes.size,
      rushMs: Math.max(1, this.#lastVerdictAtMs - this.#firstTapAtMs),
      tally: this.#tally.take(),
    };
  }

  #claims({ buyer, points, epoch }: Ticketed): TicketClaims {
    const { memberKey, orderId } = buyer;
    const expiresAtMs = this.#plan.opensAtMs + 3_600_000;
    return {
      memberKey,
      saleId: this.#plan.saleId,
      orderId,
      quantity: 1,
      epoch,
      points,
      expiresAtMs,
    };
  }

  async #sit(at: number, first: Ticketed | undefined): Promise<void> {
    if (!first) return;
    const { saleId, doors } = this.#plan;
    const door = hash32(first.buyer.memberKey) % doors;
    const response = await stubOf(this.#env.GATE, `${saleId}:${door}`, this.#env).fetch(
      new Request("https://gate/door", {
        headers: {
          upgrade: "websocket",
          "x-sale-id": saleId,
          "x-ticket-claims": JSON.stringify(this.#claims(first)),
        },
      }),
    );
    const socket = response.webSocket;
    if (!socket) throw new Error(`a door answered ${response.status}`);
    socket.accept();
    socket.addEventListener("message", (event) => this.#heard(at, String(event.data)));
    this.#sockets[at] = socket;
  }

  /** A seat serves several buyers one after the other, each by its own ticket. */
  #tapAll(frames: readonly (readonly string[])[], who: (buyer: Buyer) => boolean): void {
    this.#seats.forEach((seat, at) => {
      seat.forEach((ticket, place) => {
        if (who(ticket.buyer)) this.#tap(at, ticket.buyer, frames[at]?.[place] ?? "");
      });
    });
  }

  #tap(at: number, buyer: Buyer, frame: string): void {
    const socket = this.#sockets[at];
    if (!socket) return;
    this.#taps += 1;
    this.#tapped.set(buyer.orderId, Date.now());
    socket.send(frame);
    socket.send('{"t":"grab"}');
  }

  #heard(at: number, text: string): void {
    const frame = JSON.parse(text) as DoorServerFrame;
    if (frame.t !== "verdict") return;
    const nowMs = Date.now();
    this.#lastHeardAtMs = nowMs;
    const code = frame.outcome === "granted" ? "granted" : (frame.code ?? frame.outcome);
    this.#tally.add(code, this.#tapped.get(frame.orderId) ?? nowMs, nowMs);
    if (frame.outcome === "again") return this.#tapAgain(at, frame, code);
    this.#lastVerdictAtMs = nowMs;
    const before = this.#outcomes.get(frame.orderId);
    if (before !== undefined) {
      if (before !== code) this.#contradictions += 1;
      return;
    }
    this.#outcomes.set(frame.orderId, code);
    if (code === "granted") this.#granted += 1;
    else this.#count(code);
  }

  #count(code: string): void {
    this.#refusals[code] = (this.#refusals[code] ?? 0) + 1;
  }

  /** No verdict: as a page does, it asks again with the same order. */
  #tapAgain(at: number, frame: Verdict, code: string): void {
    this.#count(code);
    const tries = (this.#again.get(frame.orderId) ?? 0) + 1;
    this.#again.set(frame.orderId, tries);
    if (tries > AGAIN_MAX || code === "not_open") return;
    const ticket = this.#seats[at]?.find(({ buyer }) => buyer.orderId === frame.orderId);
    if (!ticket) return;
    const keys = parseKeyRing(this.#env.TICKET_KEYS);
    const again = JSON.stringify({ t: "ticket", ticket: signTicket(keys, this.#claims(ticket)) });
    setTimeout(() => this.#tap(at, ticket.buyer, again), AGAIN_MS);
  }
}
