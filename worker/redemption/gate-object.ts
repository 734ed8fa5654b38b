import { DurableObject } from "cloudflare:workers";
import type { Clock } from "../kernel/clock.ts";
import { bucketOf, orderKeyOf, parseSaleId } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import { parseKeyRing, type KeyRing } from "../kernel/key-ring.ts";
import { LIMITS } from "../kernel/limits.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import { meterOf } from "../platform/meter.ts";
import { DoorReport } from "./door-report.ts";
import { FramePace, grantedFrame, readFrame, refusalOf, soldOutFrame } from "./door-frames.ts";
import { answerFromNotice, verdictFromNotice, type FrozenNotice } from "./frozen.ts";
import { LoserReport } from "./loser-report.ts";
import type { SaleStanding } from "./messages.ts";
import type { TakeAnswer } from "./model.ts";
import { packItems, unpackAnswers } from "./packing.ts";
import { verifyTicket, type TicketClaims } from "./tickets.ts";
import type { DoorServerFrame } from "./wire.ts";

/** A socket's durable half: it survives hibernation in the attachment. */
interface Attachment {
  readonly ticket: TicketClaims | null;
}

interface Seat extends Attachment {
  readonly pace: FramePace;
  /** The notice that refuses its ticket: looked up once, however often its member taps. */
  refusedBy: FrozenNotice | null;
  /** The ticket's Account was sent the last word on it. One that is lost there costs a wait: the Account asks by itself. */
  isAccountTold: boolean;
}

interface Grab {
  readonly socket: WebSocket;
  readonly seat: Seat;
  readonly ticket: TicketClaims;
  readonly atMs: number;
}

const STOCK_EVERY_MS = 100;
/** From here on a broadcast is held back while grabs are being decided, for this long at most. */
const RUSH_FROM_SOCKETS = 200;
const RUSH_STOCK_EVERY_MS = 1_000;
const RENEW_WATCH_EVERY_MS = 30_000;
/** Everybody who must exchange a ticket does so within this time, spread evenly. */
const EXCHANGE_JITTER_MS = 1_500;

/**
 * One door of one sale. Nothing durable: sockets of waiting members, the batch in flight and the live
 * broadcast. It collects grabs, keeps one batch in flight, and hands every answer on.
 */
export class Gate extends DurableObject<Env> {
  clock: Clock = () => Date.now();
  readonly #seats = new Map<WebSocket, Seat>();
  readonly #ticketKeys: KeyRing;
  #waiting: Grab[] = [];
  #isTaking = false;
  #standing: SaleStanding | null = null;
  #notice: FrozenNotice | null = null;
  #watchedAtMs = 0;
  #stockTimer: ReturnType<typeof setTimeout> | null = null;
  #stockSentAtMs = 0;
  #stockEveryMs = STOCK_EVERY_MS;
  readonly #losers: LoserReport;
  readonly #report: DoorReport;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#ticketKeys = parseKeyRing(env.TICKET_KEYS);
    this.#losers = new LoserReport({
      bucketOf: (memberKey) => bucketOf(memberKey, accountBuckets(env)),
      account: (bucket) => stubOf(env.ACCOUNT, bucket, env),
    });
    this.#report = new DoorReport({
      saleId: () => this.#saleId,
      door: () => ctx.id.name ?? "",
      sockets: () => this.#seats.size,
      now: () => this.clock(),
      sku: (skuKey) => stubOf(env.SKU, skuKey, env),
    });
    // After an eviction the sockets are still there; their seats are read back from the attachments.
    for (const socket of ctx.getWebSockets()) {
      this.#seatOf(socket);
    }
  }

  /** The upgrade. The Worker has verified the ticket and passes its claims; a watcher has none. */
  override async fetch(request: Request): Promise<Response> {
    const saleId = request.headers.get("x-sale-id") ?? "";
    const claims = request.headers.get("x-ticket-claims");
    if (this.#seats.size >= LIMITS.doorSocketsMax) return new Response(null, { status: 503 });
    const standing = await this.#ensureStanding(saleId);
    if (!standing) return new Response(null, { status: 404 });
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    this.#sit(pair[1], claims ? (JSON.parse(claims) as TicketClaims) : null);
    send(pair[1], { t: "clock", serverTimeMs: this.clock() });
    send(pair[1], this.#stockFrame(standing));
    this.#report.soon();
    return new Response(null, { status: 101, webSocket: pair[0] });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    meterOf(this.env)?.message("Gate", this.ctx.id.name ?? "");
    const seat = this.#seatOf(socket);
    const { ticket } = seat;
    const nowMs = this.clock();
    if (!seat.pace.allows(nowMs)) return refuseFrame(socket, "too many frames");
    const frame = readFrame(message);
    switch (frame?.t) {
      case "grab": {
        if (!ticket) return refuseFrame(socket, "a grab needs a ticket");
        return this.#grab({ socket, seat, ticket, atMs: nowMs });
      }
      case "ticket":
        return this.#takeSeat(socket, frame.ticket);
      case "ping":
        return send(socket, {
          t: "clock",
          serverTimeMs: nowMs,
          clientTimeMs: frame.clientTimeMs,
        });
      default:
        return refuseFrame(socket, "unknown frame");
    }
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#seats.delete(socket);
    this.#report.soon();
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#seats.delete(socket);
    this.#report.soon();
  }

  #seatOf(socket: WebSocket): Seat {
    let seat = this.#seats.get(socket);
    if (!seat) {
      const { ticket } = socket.deserializeAttachment() as Attachment;
      seat = newSeat(ticket, new FramePace());
      this.#seats.set(socket, seat);
    }
    return seat;
  }

  #sit(socket: WebSocket, ticket: TicketClaims | null): void {
    socket.serializeAttachment({ ticket } satisfies Attachment);
    this.#seats.set(socket, newSeat(ticket, this.#seats.get(socket)?.pace ?? new FramePace()));
  }

  /** A new ticket on the same socket, after a wave or for somebody who only watched so far. */
  #takeSeat(socket: WebSocket, ticket: string): void {
    const claims = verifyTicket(this.#ticketKeys, ticket, this.clock());
    if (claims === "forged" || claims === "expired") return refuseFrame(socket, `ticket ${claims}`);
    if (claims.saleId !== this.#saleId) return refuseFrame(socket, "ticket of another sale");
    this.#sit(socket, claims);
  }

  // ---- grabs

  #grab(grab: Grab): void {
    if (this.#refusesByNotice(grab)) return;
    this.#waiting.push(grab);
    if (this.#isTaking) return;
    this.#isTaking = true;
    setTimeout(() => void this.#drain(), 0);
  }

  /** True: the frozen notice refuses it, and the page has its answer. */
  #refusesByNotice(grab: Grab): boolean {
    const { ticket, seat } = grab;
    // Once a newer epoch runs, only the Sku's `stale` tells the page where to go on.
    const isOutdated = (this.#standing?.epoch ?? 0) > ticket.epoch;
    const notice = isOutdated && this.#standing?.status !== "closed" ? null : this.#notice;
    if (!notice) return false;
    if (seat.refusedBy !== notice) {
      if (verdictFromNotice(notice, orderKeyOf(ticket), ticket.epoch) !== "refused") return false;
      seat.refusedBy = notice;
    }
    this.#answer(grab, answerFromNotice(notice, ticket.epoch), this.clock());
    return true;
  }

  /** Self-clocked: one batch in flight, and whatever arrived meanwhile is the next batch. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, LIMITS.takesPerBatchMax);
      await this.#takeBatch(batch);
    }
    this.#isTaking = false;
  }

  async #takeBatch(batch: readonly Grab[]): Promise<void> {
    try {
      const { answers, standing } = await this.#askSku(batch);
      const nowMs = this.clock();
      batch.forEach((grab, at) => {
        const answer = answers[at];
        if (answer) this.#answer(grab, answer, nowMs);
      });
      this.#learn(standing);
    } catch (error) {
      log("door_take_failed", { grabs: batch.length, error: describeError(error) });
      this.#sayAgain(batch);
    }
  }

  async #askSku(
    batch: readonly Grab[],
  ): Promise<{ answers: readonly TakeAnswer[]; standing: SaleStanding }> {
    const saleId = this.#saleId;
    const address = parseSaleId(saleId);
    invariant(address, "a door is named after its sale");
    globalThis.failpoints?.reach("gate:batch:before-send");
    globalThis.failpoints?.reachSoon("gate:batch:in-flight");
    const items = packItems(batch.map(({ ticket }) => ({ ...ticket, probe: false })));
    const sku = stubOf(this.env.SKU, address.skuKey, this.env);
    const reply = await sku.takeBatch({ saleId, via: "door", items, acks: [] });
    globalThis.failpoints?.reach("gate:batch:after-reply");
    invariant(reply, "a ticket names a sale of its Sku");
    return { answers: unpackAnswers(reply.answers, batch.length), standing: reply.standing };
  }

  /** A lost Sku is no verdict: the page keeps its order id and asks again. */
  #sayAgain(batch: readonly Grab[]): void {
    const nowMs = this.clock();
    for (const { socket, ticket, atMs } of batch) {
      this.#report.answered("overloaded", atMs, nowMs);
      const again = { outcome: "again", code: "overloaded" } as const;
      send(socket, { t: "verdict", orderId: ticket.orderId, ...again });
    }
  }

  #answer(grab: Grab, answer: TakeAnswer, nowMs: number): void {
    const { orderId } = grab.ticket;
    this.#report.answered(answer.kind, grab.atMs, nowMs);
    if (answer.kind === "granted") sendText(grab.socket, grantedFrame(orderId, answer));
    else if (answer.kind === "sold_out") {
      sendText(grab.socket, soldOutFrame(orderId, answer.remaining, nowMs));
    } else send(grab.socket, { t: "verdict", orderId, ...refusalOf(answer) });
    if (answer.kind === "sold_out" || answer.kind === "closed" || answer.kind === "stale") {
      if (grab.seat.isAccountTold) return;
      grab.seat.isAccountTold = true;
      const { saleId, memberKey } = grab.ticket;
      this.#losers.add({ saleId, memberKey, orderId, answer });
    }
  }

  // ---- live figures

  /** From the Sku, after a commit. Answers how many sockets are here; 0 ends the watch. */
  async push(standing: SaleStanding): Promise<number> {
    this.#learn(standing);
    return this.#seats.size;
  }

  #learn(standing: SaleStanding): void {
    const before = this.#standing;
    if (before && standing.version < before.version) return;
    this.#standing = standing;
    // After a hibernation nothing is known of before, and some seat may hold an older ticket all the same.
    if (!before || standing.epoch > before.epoch) this.#askForExchange(standing);
    const { frozen } = standing;
    // `stale` names the epoch of its moment, so only the Sku itself says it; the other two are answered here.
    const isNews = frozen && frozen.refusal.code !== "stale" && frozen.upTo > this.#frozenUpTo;
    if (isNews) void this.#fetchNotice(standing.saleId);
    this.#stockSoon();
  }

  get #frozenUpTo(): number {
    return this.#notice?.upTo ?? -1;
  }

  /** The Gate's own name is `<saleId>:<door>`, so it is known after a hibernation too. */
  get #saleId(): string {
    const name = this.ctx.id.name ?? "";
    return name.slice(0, name.lastIndexOf(":"));
  }

  async #fetchNotice(saleId: string): Promise<void> {
    const address = parseSaleId(saleId);
    if (!address) return;
    try {
      const reply = await stubOf(this.env.SKU, address.skuKey, this.env).notice(saleId);
      globalThis.failpoints?.reach("gate:notice:after-reply");
      const frozen = reply?.standing.frozen;
      if (!frozen || !reply.granted || frozen.refusal.code === "stale") return;
      if (frozen.upTo <= this.#frozenUpTo) return;
      this.#notice = { ...frozen, granted: reply.granted };
      // Thousands may wait for a turn at the Sku that this answers without it.
      this.#waiting = this.#waiting.filter((grab) => !this.#refusesByNotice(grab));
    } catch (error) {
      log("notice_failed", { error: describeError(error) });
    }
  }

  #askForExchange(standing: SaleStanding): void {
    if (standing.status === "closed") return;
    for (const [socket, seat] of this.#seats) {
      if (seat.ticket && seat.ticket.epoch < standing.epoch) {
        send(socket, { t: "ticket?", epoch: standing.epoch, jitterMs: EXCHANGE_JITTER_MS });
      }
    }
  }

  #stockSoon(): void {
    if (this.#stockTimer !== null) return;
    const waitMs = Math.max(0, this.#stockSentAtMs + this.#stockEveryMs - this.clock());
    this.#stockTimer = setTimeout(() => {
      this.#stockTimer = null;
      // Grabs go first: a verdict carries what remains, and thousands of sockets would wait for the rest.
      const isRush = this.#isTaking && this.#seats.size > RUSH_FROM_SOCKETS;
      const isDue = this.clock() - this.#stockSentAtMs >= RUSH_STOCK_EVERY_MS;
      if (!isRush || isDue) return this.#sendStock();
      this.#stockEveryMs = RUSH_STOCK_EVERY_MS;
      this.#stockSoon();
    }, waitMs);
  }

  #sendStock(): void {
    const standing = this.#standing;
    if (!standing) return;
    const text = JSON.stringify(this.#stockFrame(standing));
    for (const socket of this.#seats.keys()) sendText(socket, text);
    this.#stockSentAtMs = this.clock();
    // About 10 µs a socket: the broadcast takes a tenth of the door's time at most.
    this.#stockEveryMs = Math.max(STOCK_EVERY_MS, this.#seats.size / 10);
  }

  #stockFrame(standing: SaleStanding): DoorServerFrame {
    const { remaining, epoch, status, opensAtMs, closedAtMs, soldOutAtMs } = standing;
    const { returned, redeemed, nextWaveAtMs, closesAtMs, units } = standing;
    return {
      t: "stock",
      ...{ remaining, epoch, status, opensAtMs, closedAtMs, soldOutAtMs },
      ...{ returned, redeemed, nextWaveAtMs, closesAtMs, units },
      waiting: this.#seats.size,
    };
  }

  async #ensureStanding(saleId: string): Promise<SaleStanding | null> {
    const nowMs = this.clock();
    if (
      this.#standing &&
      nowMs - this.#watchedAtMs < RENEW_WATCH_EVERY_MS &&
      this.#seats.size > 0
    ) {
      return this.#standing;
    }
    const address = parseSaleId(saleId);
    if (!address) return null;
    const gate = this.ctx.id.name ?? saleId;
    const snapshot = await stubOf(this.env.SKU, address.skuKey, this.env).watch(gate, saleId);
    if (!snapshot || snapshot.standing.status === "draft") return null;
    this.#watchedAtMs = nowMs;
    this.#learn(snapshot.standing);
    return snapshot.standing;
  }
}

function newSeat(ticket: TicketClaims | null, pace: FramePace): Seat {
  return { ticket, pace, refusedBy: null, isAccountTold: false };
}

function refuseFrame(socket: WebSocket, reason: string): void {
  try {
    socket.close(1008, reason);
  } catch {
    // Already closed by the other side.
  }
}

function send(socket: WebSocket, frame: DoorServerFrame): void {
  sendText(socket, JSON.stringify(frame));
}

function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // A socket that just closed misses nothing it could still show.
  }
}
