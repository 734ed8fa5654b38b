import type { GrantResponse, TicketResponse } from "../../../worker/redemption/wire.ts";
import { figureOf, type Problem } from "../../client/api.ts";
import type { StoredOrder } from "../../client/order-id.ts";
import { IN_DOUBT_AFTER_MS } from "./grab-state.ts";
import { keyOf, sleep, TRIES, type OrderKey } from "./order-base.ts";
import { TapFlow } from "./order-tap.ts";
import { answerToTicket } from "./refusals.ts";
import { fromOrder, type Attempt, type Ticket } from "./sale-model.ts";

const TAKE_UP_ASKS = 4;
const TAKE_UP_AFTER_MS = 300;

/**
 * One member's order in one sale: booking, the tap, doubt, exchange, giving back.
 * The rule behind all of it: the id is stored before it is sent, and every repeat carries that same id.
 */
export class OrderFlow extends TapFlow {
  private exchangedEpoch = -1;
  private renewing: string | null = null;

  async book(): Promise<void> {
    const order = this.ownOrder();
    this.deps.store.write(order);
    this.begin("book", order);
    await this.requestTicket(order, "book");
  }

  private async requestTicket(first: StoredOrder, kind: "book" | "exchange"): Promise<void> {
    let order = first;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { orderId, quantity, epoch, replaces } = order;
      const pointsMax = this.agreed(quantity);
      const more = replaces === undefined ? {} : { replaces };
      const body = { orderId, quantity, epoch, pointsMax, ...more };
      const answer = await this.deps.api.ticket(this.saleId, body);
      const attempt = this.current(orderId);
      if (attempt === null) return;
      if (answer.ok)
        return this.ticketed(order, answer.value, answer.status === 201 && kind === "book");
      const next = answerToTicket(answer.problem, tries);
      if (next.kind === "final") return this.ticketRefused(order, kind, answer.problem);
      if (next.waitMs > 0) {
        if (next.tell) this.host.set({ attempt: { ...attempt, waitMs: next.waitMs } });
        await sleep(next.waitMs);
        if (this.current(orderId) === null) return;
      }
      order = await this.nextTry(order, next.kind, answer.problem);
      if (order.orderId !== orderId) {
        this.deps.store.write(order);
        this.begin(kind, order);
      }
    }
    this.gaveUp(kind);
  }

  private async nextTry(
    order: StoredOrder,
    how: "same" | "epoch" | "unreplaced",
    problem: Problem,
  ): Promise<StoredOrder> {
    if (how === "same") return order;
    if (how === "unreplaced") {
      const { replaces: _replaces, ...rest } = order;
      return rest;
    }
    const told = figureOf(problem, "epoch");
    if (told === null) await this.host.refreshSale();
    const epoch = told ?? this.host.get().sale.epoch;
    // A new epoch is another request: the old id stays what the server made of it.
    return epoch === order.epoch ? order : { ...order, orderId: this.deps.newOrderId(), epoch };
  }

  private ticketed(
    order: StoredOrder,
    value: TicketResponse | GrantResponse,
    counts: boolean,
  ): void {
    if ("outcome" in value) return this.granted(value.orderId, value.points, null, null);
    const { attempt, limitUsed } = this.host.get();
    const { orderId, quantity, epoch } = order;
    const pass = { ticket: value.ticket, doorUrl: value.doorUrl, expiresAtMs: value.expiresAtMs };
    const ticket: Ticket = { orderId, quantity, epoch, points: value.points, pass };
    this.deps.store.write({ orderId, quantity, epoch, phase: "ticket" });
    this.lostHeld = null;
    this.host.set({
      ticket,
      attempt: null,
      verdict: null,
      order: null,
      limitUsed: counts ? limitUsed + quantity : limitUsed,
    });
    this.host.present(ticket);
    if (attempt?.kind === "exchange") {
      const { sale, nowMs } = this.host.get();
      this.host.toast({ key: "exchanged", open: nowMs >= sale.opensAtMs });
    }
    void this.learnOrder(orderId, 200);
  }

  private ticketRefused(order: StoredOrder, kind: "book" | "exchange", problem: Problem): void {
    this.deps.store.write(null);
    if (problem.code === "unauthenticated")
      return this.host.set({ attempt: null, ticket: null, me: null });
    if (problem.code === "idempotency_mismatch") {
      this.host.set({ attempt: null });
      return this.host.toast({ key: "mismatch", orderId: order.orderId });
    }
    const verdicts = ["sold_out", "closed", "limit_reached", "points_insufficient", "not_eligible"];
    if (verdicts.includes(problem.code))
      return this.refused(order, problem.code, problem.figures, null);
    if (problem.code === "price_changed") this.priceChanged(problem);
    if (kind === "exchange") return this.unrenewed(order);
    this.host.set({ attempt: null });
    if (problem.code === "price_changed") return;
    this.host.toast({ key: "fault", requestId: problem.instance, held: false });
  }

  private unrenewed(order: OrderKey): void {
    const { ticket, limitUsed } = this.host.get();
    this.host.set({
      attempt: null,
      ticket: null,
      limitUsed: Math.max(0, limitUsed - (ticket?.quantity ?? 0)),
      verdict: {
        kind: "refused",
        orderId: order.orderId,
        code: "stale",
        epoch: order.epoch,
        figures: {},
        atMs: null,
      },
    });
  }

  private gaveUp(kind: Attempt["kind"]): void {
    const { attempt, ticket, connection } = this.host.get();
    if (attempt === null) return;
    if (kind === "exchange") return this.unrenewed(attempt);
    const queued = attempt.waitMs !== null;
    this.host.set({ attempt: null });
    const held = ticket !== null;
    this.host.toast(
      queued
        ? { key: "queueTimedOut", held }
        : connection.online
          ? { key: "noAnswer" }
          : { key: "offline", held },
    );
  }

  /** The epoch was raised: a new ticket for the old one, with the old id named, spread over the jitter. */
  async exchange(epoch: number, jitterMs: number): Promise<void> {
    const { ticket, attempt } = this.host.get();
    const old = ticket ?? this.lostHeld;
    if (old === null || epoch <= old.epoch || epoch <= this.exchangedEpoch) return;
    // A tap in flight may still be granted; its verdict comes first, and a stale one leads back here.
    if (attempt !== null) return;
    this.exchangedEpoch = epoch;
    const other = this.deps.store.read();
    const shared = other?.replaces === old.orderId && other.epoch === epoch ? other : null;
    const own: StoredOrder = {
      orderId: this.deps.newOrderId(),
      quantity: old.quantity,
      epoch,
      phase: "ticket",
      replaces: old.orderId,
    };
    let order = shared ?? own;
    this.deps.store.write(order);
    this.begin("exchange", order);
    await sleep(this.deps.random() * jitterMs);
    // A second tab may have begun the same exchange meanwhile: both then send the id that was stored last.
    const stored = this.deps.store.read();
    if (
      stored?.replaces === old.orderId &&
      stored.epoch === epoch &&
      stored.orderId !== order.orderId
    ) {
      order = stored;
      this.begin("exchange", order);
    }
    if (this.current(order.orderId) !== null) await this.requestTicket(order, "exchange");
  }

  async forgo(): Promise<void> {
    const { ticket } = this.host.get();
    if (ticket === null) return;
    this.begin("forgo", ticket);
    const answer = await this.deps.api.forgo(this.saleId, ticket.orderId);
    if (this.current(ticket.orderId) === null) return;
    if (answer.ok && answer.value.outcome === "granted") {
      return this.granted(ticket.orderId, answer.value.points, null, null);
    }
    if (answer.ok || answer.problem.code === "forgone") {
      this.deps.store.write(null);
      const limitUsed = Math.max(0, this.host.get().limitUsed - ticket.quantity);
      this.host.set({ ticket: null, order: null, attempt: null, limitUsed });
      this.host.toast({ key: "forgone", points: ticket.points });
      return this.refreshMe();
    }
    this.host.set({ attempt: null });
    this.host.toast(
      answer.status === 0
        ? { key: "noAnswer" }
        : { key: "fault", requestId: answer.problem.instance, held: true },
    );
  }

  /** After a reload, a restore, or an order made on another phone: take up what is stored and what the server knows. */
  async resume(): Promise<void> {
    const { me, order, ticket, attempt, verdict } = this.host.get();
    if (me === null) return;
    const stored = this.deps.store.read();
    if (stored !== null && stored.orderId !== order?.orderId) {
      if (stored.phase === "sent") return this.tapAgain(stored);
      if (ticket === null && attempt === null && verdict?.kind !== "granted")
        return this.takeUp(stored);
    }
    if (ticket !== null) {
      if (stored?.phase === "sent") return this.tapAgain({ ...stored, ...keyOf(ticket) });
      this.deps.store.write({ ...keyOf(ticket), phase: "ticket" });
      return this.renewPass(ticket);
    }
    if (attempt?.inDoubt === true) {
      this.deps.store.write({ ...keyOf(attempt), phase: "sent" });
      return this.askUntilAnswered(attempt);
    }
    if (verdict?.kind === "refused") void this.watchReturn(verdict.orderId);
    if (order === null && stored?.phase === "granted") this.deps.store.write(null);
  }

  private async tapAgain(order: StoredOrder): Promise<void> {
    this.begin("redeem", order);
    setTimeout(() => void this.askUntilAnswered(order), IN_DOUBT_AFTER_MS);
    await this.redeemByHttp(order);
  }

  /** Another tab wrote, or an id is stored which the page data did not know. */
  async takeUp(stored: StoredOrder | null, asked = 0): Promise<void> {
    const mine = this.host.get();
    if (stored === null) {
      // The other tab finished with the id this tab holds; the authority says how.
      const held = mine.ticket ?? mine.attempt;
      if (held === null) return;
      const answer = await this.deps.api.order(held.orderId);
      if (!answer.ok || this.stopped) return;
      return this.host.set(fromOrder(this.host.get(), answer.value));
    }
    if (mine.attempt !== null && mine.attempt.orderId === stored.orderId) return;
    if (mine.ticket?.orderId === stored.orderId && stored.phase === "ticket") return;
    const answer = await this.deps.api.order(stored.orderId);
    if (this.stopped) return;
    if (answer.ok) {
      this.host.set(fromOrder(this.host.get(), answer.value));
      const { ticket, attempt } = this.host.get();
      if (attempt?.kind === "redeem") return this.askUntilAnswered(attempt);
      if (ticket !== null && stored.phase === "sent") return this.askLater(stored);
      if (ticket !== null) return this.renewPass(ticket);
      return;
    }
    if (answer.status !== 404 || this.host.get().attempt !== null) return;
    if (stored.phase === "sent") return this.askLater(stored);
    if (stored.replaces !== undefined) {
      this.begin("exchange", stored);
      return this.requestTicket(stored, "exchange");
    }
    // The other tab stores its id before it books: a moment later the booking is there.
    if (asked >= TAKE_UP_ASKS) return;
    await sleep(TAKE_UP_AFTER_MS * 2 ** asked);
    const now = this.deps.store.read();
    if (!this.stopped && now?.orderId === stored.orderId) await this.takeUp(now, asked + 1);
  }

  /** The tap was made in the other tab: this one shows the same doubt and asks, it does not tap a second time at once. */
  private async askLater(stored: StoredOrder): Promise<void> {
    this.begin("redeem", stored);
    await sleep(500);
    await this.askUntilAnswered(stored);
  }

  /** A fresh signature for a hold that lives: silent, because nothing changes for the member. */
  async renewPass(ticket: Ticket): Promise<void> {
    const { sale } = this.host.get();
    if (ticket.epoch < sale.epoch) return this.exchange(sale.epoch, 1_000);
    if (this.renewing === ticket.orderId) return;
    this.renewing = ticket.orderId;
    const body = { ...keyOf(ticket), pointsMax: ticket.points };
    const answer = await this.deps.api.ticket(this.saleId, body);
    this.renewing = null;
    const now = this.host.get();
    if (this.stopped || now.ticket?.orderId !== ticket.orderId) return;
    if (answer.ok) {
      if ("outcome" in answer.value)
        return this.granted(answer.value.orderId, answer.value.points, null, null);
      const { ticket: signed, doorUrl, expiresAtMs, points } = answer.value;
      const renewed: Ticket = { ...ticket, points, pass: { ticket: signed, doorUrl, expiresAtMs } };
      this.host.set({ ticket: renewed });
      return this.host.present(renewed);
    }
    if (answer.problem.code === "stale")
      return this.wentStale(ticket, figureOf(answer.problem, "epoch"));
    const final = answerToTicket(answer.problem, 0).kind === "final";
    // Not renewed for another reason: the tap goes by HTTP, which needs no signature.
    if (final && now.attempt === null)
      this.ticketRefused({ ...keyOf(ticket), phase: "ticket" }, "book", answer.problem);
  }
}
