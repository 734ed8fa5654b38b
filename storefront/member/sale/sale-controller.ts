import type {
  DoorClientFrame,
  DoorServerFrame,
  SaleView,
} from "../../../worker/redemption/wire.ts";
import type { Api } from "../../client/api.ts";
import type { ServerClock } from "../../client/clock.ts";
import type { Door, DoorOptions, DoorState } from "../../client/door.ts";
import type { OrderStore } from "../../client/order-id.ts";
import { createStore, type Readable, type Store } from "../../client/store.ts";
import { grabState, IN_DOUBT_AFTER_MS, QUEUED_AFTER_MS, type GrabAction } from "./grab-state.ts";
import type { FlowHost } from "./order-base.ts";
import { OrderFlow } from "./order-flow.ts";
import {
  betterNews,
  createAnnouncer,
  grabInputOf,
  withSale,
  withStock,
  type Message,
  type SaleData,
  type SaleModel,
  type StockFrame,
  type Ticket,
} from "./sale-model.ts";

export interface SaleDeps {
  api: Api;
  clock: ServerClock;
  store: OrderStore;
  createDoor: (options: DoorOptions) => Door;
  newOrderId: () => string;
  random: () => number;
  isVisible: () => boolean;
}

const POLL_EVERY_MS = 2_000;
const STOCK_EVERY_MS = 250;
const TOAST_MS = 4_000;
export const DOOR_MISSED_AFTER_MS = 3_000;
const CLOCK_OFF_MS = 5_000;
/** How long a page whose sale moved to a new epoch waits for the door's own call to exchange. */
const EXCHANGE_GRACE_MS = 1_000;
const LEARN_CLOSE_WITHIN_MS = 2_000;

/** Effects of the sale page. What is shown is one value; everything here ends in `set`. */
export class SaleController {
  private readonly state: Store<SaleModel>;
  private readonly deps: SaleDeps;
  private readonly flow: OrderFlow;
  private readonly door: Door | null;
  private readonly announce = createAnnouncer();
  private doorOrderId: string | null = null;
  private tickTimer: ReturnType<typeof setTimeout> | null = null;
  private pollTimer: ReturnType<typeof setTimeout> | null = null;
  private stockTimer: ReturnType<typeof setTimeout> | null = null;
  private toastTimer: ReturnType<typeof setTimeout> | null = null;
  private waitingStock: StockFrame | null = null;
  private toastId = 0;
  private stopped = false;
  private unwatch: () => void = () => undefined;

  constructor(initial: SaleModel, deps: SaleDeps) {
    this.deps = deps;
    this.state = createStore(initial);
    this.flow = new OrderFlow(this.flowHost(), { ...deps, clockNow: () => deps.clock.now() });
    // An ordinary redemption has no hour and no ticket, so it needs no open line either.
    this.door = initial.sale.kind === "standing" ? null : deps.createDoor(this.doorOptions());
  }

  get model(): Readable<SaleModel> {
    return this.state;
  }

  private get(): SaleModel {
    return this.state.get();
  }

  private set(patch: Partial<SaleModel>): void {
    const before = this.get();
    const after = { ...before, ...patch };
    after.polite = this.announce(before, after) ?? after.polite;
    this.state.set(after);
  }

  private flowHost(): FlowHost {
    return {
      get: () => this.get(),
      set: (patch) => {
        this.set(patch);
        // A new attempt brings nearer moments (400 ms, 3 s) than the one the timer waits for.
        if (patch.attempt !== undefined) this.tick();
      },
      toast: (message) => this.toast(message),
      refreshSale: () => this.refreshSale(),
      present: (ticket) => this.present(ticket),
      sendFor: (orderId, frame) => this.sendFor(orderId, frame),
    };
  }

  private doorOptions(): DoorOptions {
    return {
      clock: this.deps.clock,
      pathOf: () => this.doorPath(),
      onFrame: (frame) => this.onFrame(frame),
      onState: (state, failures) => this.onDoor(state, failures),
      random: this.deps.random,
    };
  }

  start(): void {
    this.tick();
    this.door?.start();
    this.unwatch = this.deps.store.watch((stored) => void this.flow.takeUp(stored));
    void this.flow.resume();
  }

  stop(): void {
    this.stopped = true;
    this.flow.stop();
    this.door?.stop();
    this.unwatch();
    for (const timer of [this.tickTimer, this.pollTimer, this.stockTimer, this.toastTimer]) {
      if (timer !== null) clearTimeout(timer);
    }
  }

  // ---- what the member does ----

  /** The tap. Returns the action, so that the page may go elsewhere for those that are links. */
  tap(): GrabAction {
    this.set({ nowMs: this.deps.clock.now() });
    const { action } = grabState(grabInputOf(this.get()));
    if (action === "book") void this.flow.book();
    if (action === "grab" || action === "redeem") this.flow.redeem();
    return action;
  }

  forgo(): void {
    if (this.get().attempt === null) void this.flow.forgo();
  }

  /** A further unit where the limit allows one: the settled order steps aside. */
  again(): void {
    this.deps.store.write(null);
    this.set({ verdict: null, order: null });
  }

  toast(message: Message): void {
    this.toastId += 1;
    this.set({ toast: { id: this.toastId, message } });
    this.releaseToast();
  }

  /** A toast stays while it has the focus; the page calls `release` when the focus leaves. */
  holdToast(): void {
    if (this.toastTimer !== null) clearTimeout(this.toastTimer);
  }

  releaseToast(): void {
    this.holdToast();
    const id = this.toastId;
    this.toastTimer = setTimeout(() => {
      if (this.get().toast?.id === id) this.set({ toast: null });
    }, TOAST_MS);
  }

  // ---- time ----

  private tick(): void {
    this.set({ nowMs: this.deps.clock.now(), clockErrorMs: this.deps.clock.errorMs() });
    this.scheduleTick();
  }

  private scheduleTick(): void {
    if (this.tickTimer !== null) clearTimeout(this.tickTimer);
    if (this.stopped) return;
    const { sale, attempt, connection } = this.get();
    const nowMs = this.deps.clock.now();
    // The next change of a figure on screen, counted from the moment it counts towards; never by subtraction.
    const target =
      nowMs < sale.opensAtMs
        ? sale.opensAtMs
        : sale.soldOut
          ? (sale.nextWaveAtMs ?? sale.closesAtMs)
          : sale.closesAtMs;
    const moments = [(((target - nowMs) % 1000) + 1000) % 1000 || 1000];
    for (const afterMs of [QUEUED_AFTER_MS, IN_DOUBT_AFTER_MS]) {
      const inMs = attempt?.kind === "redeem" ? attempt.startedAtMs + afterMs - nowMs : 0;
      if (inMs > 0) moments.push(inMs);
    }
    if (connection.lostSinceMs !== null) {
      const inMs = connection.lostSinceMs + DOOR_MISSED_AFTER_MS - nowMs;
      if (inMs > 0) moments.push(inMs);
    }
    this.tickTimer = setTimeout(() => this.tick(), Math.max(1, Math.min(...moments)));
  }

  // ---- the door ----

  private doorPath(): string {
    const { ticket, sale } = this.get();
    const pass = ticket?.pass ?? null;
    if (pass !== null && pass.expiresAtMs > this.deps.clock.now()) {
      this.doorOrderId = ticket?.orderId ?? null;
      return pass.doorUrl;
    }
    this.doorOrderId = null;
    return `/api/v1/sales/${encodeURIComponent(sale.saleId)}/door?watch=1`;
  }

  private present(ticket: Ticket): void {
    if (ticket.pass === null || this.door === null) return;
    if (this.door.send({ t: "ticket", ticket: ticket.pass.ticket }))
      this.doorOrderId = ticket.orderId;
    else this.door.reconnect();
  }

  private sendFor(orderId: string, frame: DoorClientFrame): boolean {
    return this.doorOrderId === orderId && this.door !== null && this.door.send(frame);
  }

  private onDoor(state: DoorState, failures: number): void {
    const { connection, ticket } = this.get();
    if (state === "live") {
      this.set({
        connection: { ...connection, live: true, lostSinceMs: null, polling: false, online: true },
      });
      // The socket came up as a watcher although there is a hold: its signature had run out, or is not known yet.
      if (ticket !== null && this.doorOrderId !== ticket.orderId) void this.flow.renewPass(ticket);
      return;
    }
    if (state === "connecting") return;
    const wasLive = connection.live;
    const lostSinceMs = connection.lostSinceMs ?? this.deps.clock.now();
    this.doorOrderId = null;
    this.set({
      connection: {
        ...connection,
        live: false,
        lostSinceMs,
        polling: connection.polling || failures >= 2,
      },
    });
    if (wasLive) this.flow.doorLost();
    this.scheduleTick();
    this.poll();
  }

  private onFrame(frame: DoorServerFrame): void {
    if (frame.t === "clock") this.set({ clockErrorMs: this.deps.clock.errorMs() });
    else if (frame.t === "stock") this.onStock(frame);
    else if (frame.t === "verdict") this.flow.onVerdict(frame);
    else void this.flow.exchange(frame.epoch, frame.jitterMs);
  }

  /**
   * At most four redraws a second for the figure: the first at once, those that follow on its heels together.
   * A change of epoch, status or hour, and the last unit, are shown at once.
   */
  private onStock(frame: StockFrame): void {
    const { sale } = this.get();
    const urgent =
      frame.epoch !== sale.epoch ||
      frame.status !== sale.status ||
      frame.opensAtMs !== sale.opensAtMs ||
      frame.closesAtMs !== sale.closesAtMs ||
      frame.remaining === 0;
    this.waitingStock = frame;
    if (urgent || this.stockTimer === null) this.applyStock();
  }

  private applyStock(): void {
    const frame = this.waitingStock;
    this.waitingStock = null;
    if (frame === null || this.stopped) return;
    this.stockTimer ??= setTimeout(() => {
      this.stockTimer = null;
      this.applyStock();
    }, STOCK_EVERY_MS);
    const before = this.get().sale;
    this.set(withStock(this.get(), frame));
    this.afterSale(before);
    if (frame.status !== before.status && frame.status === "closed") this.learnClose();
  }

  /** A frame says that the sale was closed, not when; everybody asks, each at a moment of its own. */
  private learnClose(): void {
    setTimeout(() => void this.refreshSale(), this.deps.random() * LEARN_CLOSE_WITHIN_MS);
  }

  private afterSale(before: SaleView): void {
    const { sale } = this.get();
    const news = betterNews(before, sale);
    if (news !== null) this.toast(news);
    if (sale.opensAtMs !== before.opensAtMs) this.scheduleTick();
    if (sale.epoch <= before.epoch) return;
    setTimeout(() => {
      if (!this.stopped) void this.flow.exchange(this.get().sale.epoch, EXCHANGE_GRACE_MS);
    }, EXCHANGE_GRACE_MS);
  }

  // ---- without the door ----

  private poll(): void {
    if (this.pollTimer !== null || this.stopped) return;
    this.pollTimer = setTimeout(() => {
      this.pollTimer = null;
      const { connection } = this.get();
      if (!connection.polling || this.stopped) return;
      void (this.deps.isVisible() ? this.refreshSale() : Promise.resolve()).then(() => this.poll());
    }, POLL_EVERY_MS);
  }

  async refreshSale(): Promise<void> {
    // A frame that waits for its redraw is older than the answer, and would be drawn over it.
    this.applyStock();
    const sentLocalMs = this.deps.clock.localMs();
    const answer = await this.deps.api.sale(this.get().sale.saleId);
    if (!answer.ok || this.stopped) return;
    this.checkClock(sentLocalMs, answer.value.serverTimeMs);
    const { sale } = this.get();
    this.set(withSale(this.get(), answer.value));
    this.afterSale(sale);
  }

  /** The page was read anew because the merchant changed something: words and prices; the door has told of the rest. */
  renew({ sale, price }: SaleData): void {
    this.applyStock();
    const before = this.get();
    this.set(withSale({ ...before, price }, sale));
    this.afterSale(before.sale);
  }

  /**
   * The door's pings set the clock. An answer over HTTP may be some seconds old (a cache answers fastest), so it
   * only counts without a door, and only when the clock is plainly wrong: the phone slept and local time stood still.
   */
  private checkClock(sentLocalMs: number, serverTimeMs: number): void {
    const { clock } = this.deps;
    const receivedLocalMs = clock.localMs();
    const offMs = Math.abs(serverTimeMs + (receivedLocalMs - sentLocalMs) / 2 - clock.now());
    if (this.get().connection.live || offMs < CLOCK_OFF_MS + (receivedLocalMs - sentLocalMs))
      return;
    clock.resync();
    clock.sample(sentLocalMs, receivedLocalMs, serverTimeMs);
  }

  // ---- coming back ----

  /** The page was hidden, frozen or offline: nothing in memory is trusted until it has been asked for again. */
  comeBack(reason: "visible" | "restored" | "online"): void {
    const { connection, attempt, ticket } = this.get();
    this.set({ connection: { ...connection, online: true } });
    if (reason === "restored") this.deps.clock.resync();
    this.tick();
    this.door?.reconnect();
    void this.refreshSale();
    if (attempt?.kind === "redeem") void this.flow.askUntilAnswered(attempt);
    else if (ticket !== null && ticket.pass === null) void this.flow.renewPass(ticket);
  }

  wentOffline(): void {
    const { connection, ticket } = this.get();
    this.set({ connection: { ...connection, online: false } });
    this.toast({ key: "offline", held: ticket !== null });
  }
}
