/**
 * Writes down what people were told and what objects had committed, and compares: cheap things after every commit,
 * everything when the system is at rest. It looks through the objects' own audit methods and at D1's rows.
 */
import { keyOf } from "./key.ts";
import type { ObjectHost } from "./runtime/object-host.ts";
import { Heard } from "./cash/heard.ts";
import type { World } from "./world.ts";

export interface Breach {
  /** As in docs/protocol.md: `I5`; D1 has a name of its own. */
  readonly invariant: string;
  readonly message: string;
}

interface Told {
  granted: string | null;
  refused: string | null;
  isGranted: boolean;
  isRefused: boolean;
}

interface SaleFigures {
  readonly saleId: string;
  readonly status: string;
  readonly epoch: number;
  readonly shelf: number;
  readonly returned: number;
  readonly reserve: number;
  readonly live: number;
  readonly movedOut: number;
  readonly stocked: number;
  readonly granted: number;
  readonly version: number;
}

export interface SkuFigures {
  readonly sales: readonly SaleFigures[];
  readonly unsettled: number;
  readonly unprojected: number;
}

export interface TakeRow {
  readonly saleId: string;
  readonly ref: { readonly memberKey: string; readonly orderId: string };
  readonly take: { readonly state: string; readonly epoch: number; readonly quantity: number };
}

interface TakesPage {
  readonly takes: readonly TakeRow[];
  readonly next: unknown;
}

export interface OrderRow {
  readonly memberKey: string;
  readonly orderId: string;
  readonly saleId: string;
  readonly quantity: number;
  readonly epoch: number;
  readonly hold: string;
  readonly isCancelled: boolean;
  readonly isWanted: boolean;
  readonly version: number;
  readonly refusal: { readonly code: string } | null;
}

interface Wisher {
  readonly memberKey: string;
  readonly orderIds: readonly string[];
}

/** An order of the merchant's own system, under whatever ids it was reported. */
export interface EarnedOrder {
  readonly memberKey: string;
  readonly eventIds: readonly string[];
  readonly points: number;
  /** Somebody answered that it has earned. */
  readonly isTold: boolean;
}

/** What an answer said was taken back. */
export interface TakenBack {
  readonly memberKey: string;
  readonly naturalKey: string;
  readonly points: number;
}

/** Production's own names for what SQLite and the ledger assert. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/\bspin\b/, "spin"],
  [/\b(I\d+)\b/, "$1"],
  [/CHECK constraint failed/, "I1"],
  [/UNIQUE constraint failed: takes/, "I6"],
  [/UNIQUE constraint failed: (?:entries|orders)/, "I4"],
  [/a lot never holds more|not cancelled|posted order is cancelled/, "I4"],
];
const IS_BREACH =
  /InvariantBreach|"breach":true|constraint failed|TypeError|ReferenceError|RangeError|SyntaxError|dead instance/;

const SALE_FIGURES = `SELECT sale_id AS saleId, status, epoch, shelf, returned, reserve, live, moved_out AS movedOut,
  stocked, granted, version FROM sales`;

export const FIRST_PAGE = { saleId: "", memberKey: "", orderId: "" };

export class Witness {
  breach: Breach | null = null;
  world: World | null = null;
  flashSaleId = "";
  /** How many commits pass between two looks at rows; figures are looked at after each. */
  readonly #every: number;
  readonly #told = new Map<string, Told>();
  /** By sale and epoch, the least that was said to be sold out. */
  readonly #soldOut = new Map<string, number>();
  /** Orders whose member tapped, and somebody handled it at or after the opening. */
  readonly tapped = new Set<string>();
  readonly #epochs = new Map<string, number>();
  /** The stamps that a grant since the last look at takes may have start here. */
  #epochsBefore: ReadonlyMap<string, number> = new Map();
  /** Grants that were seen committed, with their take's stamp. */
  readonly grants = new Map<string, number>();
  readonly wishes: Wisher[] = [];
  readonly orders: EarnedOrder[] = [];
  readonly taken: TakenBack[] = [];
  /** What was heard of orders that were walked to their end. */
  readonly heard = new Heard((...claim) => this.demand(...claim));
  #commits = 0;

  constructor(every: number) {
    this.#every = every;
  }

  fail(invariant: string, message: string): void {
    if (this.breach) return;
    this.breach = { invariant, message };
    this.world?.sim.trace.say("WITNESS", () => `${invariant}: ${message}`);
  }

  demand(invariant: string, condition: boolean, message: () => string): void {
    if (!condition) this.fail(invariant, message());
  }

  // ---- what people hear

  told(
    memberKey: string,
    orderId: string,
    outcome: "granted" | "refused",
    words: string | null,
  ): void {
    const key = keyOf(memberKey, orderId);
    const told = this.#told.get(key) ?? {
      granted: null,
      refused: null,
      isGranted: false,
      isRefused: false,
    };
    this.#told.set(key, told);
    if (outcome === "granted") told.isGranted = true;
    else told.isRefused = true;
    this.demand(
      "I6",
      !(told.isGranted && told.isRefused),
      () => `${key} was told both granted and refused`,
    );
    if (outcome === "refused") {
      this.demand("I6", !this.grants.has(key), () => `${key} was told refused and is granted`);
    }
    if (words === null) return;
    this.demand(
      "I6",
      told[outcome] === null || told[outcome] === words,
      () => `${key} was told ${words} and before ${told[outcome]}`,
    );
    told[outcome] = words;
  }

  refused(saleId: string, code: string, epoch: number, quantity: number): void {
    if (code !== "sold_out") return;
    const key = `${saleId} ${epoch}`;
    this.#soldOut.set(key, Math.min(quantity, this.#soldOut.get(key) ?? Infinity));
  }

  wished(wisher: Wisher): void {
    this.wishes.push(wisher);
  }

  ordered(order: EarnedOrder): void {
    this.orders.push(order);
  }

  took(taken: TakenBack): void {
    this.taken.push(taken);
  }

  wasGranted(key: string): boolean {
    return this.#told.get(key)?.isGranted ?? false;
  }

  wasRefused(key: string): boolean {
    return this.#told.get(key)?.isRefused ?? false;
  }

  grantedKeys(): string[] {
    return [...this.#told].filter(([, told]) => told.isGranted).map(([key]) => key);
  }

  outcomes(): { granted: number; refused: number } {
    let granted = 0;
    let refused = 0;
    for (const told of this.#told.values()) {
      if (told.isGranted) granted += 1;
      else if (told.isRefused) refused += 1;
    }
    return { granted, refused };
  }

  // ---- what objects log

  log(line: string): void {
    this.world?.sim.trace.say("log", () => line.slice(0, 220));
    if (!IS_BREACH.test(line)) return;
    for (const [pattern, name] of NAMES) {
      const match = pattern.exec(line);
      if (match) return this.fail(name.replace("$1", match[1] ?? ""), line);
    }
    this.fail("assertion", line);
  }

  // ---- what objects handle

  /** I9: a tap counts when it is handled, by the clock of the one who handles it. */
  observe(host: ObjectHost, method: string, args: readonly unknown[]): void {
    const { world } = this;
    if (!world) return;
    if (method === "redeem") {
      const request = args[0] as { memberKey: string; orderId: string; saleId: string };
      // The standing sale is open from the start.
      const opensAtMs = request.saleId === this.flashSaleId ? world.opensAtMs : 0;
      const isOpen = world.nowMs + host.skewMs >= opensAtMs;
      if (isOpen) this.tapped.add(keyOf(request.memberKey, request.orderId));
    } else if (method === "webSocketMessage" && String(args[1]).includes("grab")) {
      const socket = args[0] as { deserializeAttachment(): unknown };
      const seat = socket.deserializeAttachment() as {
        ticket: { memberKey: string; orderId: string } | null;
      } | null;
      if (seat?.ticket) this.tapped.add(keyOf(seat.ticket.memberKey, seat.ticket.orderId));
    }
  }

  // ---- what objects committed

  committed(host: ObjectHost): void {
    this.#commits += 1;
    if (!host.instance || this.breach) return;
    const isDeep = this.#commits % this.#every === 0;
    if (host.kind === "Sku") this.#lookAtSku(host, isDeep);
    else if (host.kind === "Account" && isDeep) this.#lookAtAccount(host);
  }

  /** Its figures, as the disk has them, after every commit; its takes after so many. */
  #lookAtSku(host: ObjectHost, isDeep: boolean): void {
    this.#checkSales(host.rows.exec(SALE_FIGURES, []) as unknown as readonly SaleFigures[]);
    if (!isDeep) return;
    const takes = host.instance?.["auditTakes"]?.(FIRST_PAGE) as Promise<TakesPage> | undefined;
    if (!takes) return;
    this.#read(takes, (page) => {
      this.#checkTakes(page.takes, this.#epochsBefore);
      this.#epochsBefore = new Map(this.#epochs);
    });
  }

  #checkSales(sales: readonly SaleFigures[]): void {
    for (const sale of sales) this.#checkSale(sale);
  }

  #read<T>(work: Promise<T>, check: (value: T) => void): void {
    work.then(check).catch((error: unknown) => this.log(`"breach":true ${String(error)}`));
  }

  #checkSale(sale: SaleFigures): void {
    const { saleId, shelf, returned, reserve, live, movedOut, stocked, epoch } = sale;
    const parts = [shelf, returned, reserve, live, movedOut];
    this.demand(
      "I1",
      Math.min(...parts) >= 0,
      () => `${saleId} has negative units: ${parts.join(" ")}`,
    );
    this.demand(
      "I1",
      parts.reduce((a, b) => a + b, 0) === stocked,
      () => `${saleId}: ${parts.join(" + ")} is not ${stocked}`,
    );
    this.demand("I2", live <= stocked, () => `${saleId} sold ${live} of ${stocked}`);
    const before = this.#epochs.get(saleId) ?? 0;
    this.demand("I8", epoch >= before, () => `${saleId}: epoch fell from ${before} to ${epoch}`);
    this.#epochs.set(saleId, epoch);
    const said = this.#soldOut.get(`${saleId} ${epoch}`) ?? Infinity;
    this.demand(
      "I3",
      sale.status !== "open" || shelf < said,
      () => `${saleId}: sold out was said for ${said} in epoch ${epoch}, the shelf has ${shelf}`,
    );
  }

  #checkTakes(takes: readonly TakeRow[], epochsBefore: ReadonlyMap<string, number>): void {
    for (const { saleId, ref, take } of takes) {
      if (take.state === "forgone") continue;
      const key = keyOf(ref.memberKey, ref.orderId);
      if (this.grants.has(key)) continue;
      this.grants.set(key, take.epoch);
      const from = epochsBefore.get(saleId) ?? 0;
      const to = this.#epochs.get(saleId) ?? take.epoch;
      this.demand(
        "I8",
        take.epoch >= from && take.epoch <= to,
        () => `${key} is granted under epoch ${take.epoch}, the sale was in ${from} to ${to}`,
      );
      this.demand(
        "I6",
        !this.#told.get(key)?.isRefused,
        () => `${key} was told refused and is granted`,
      );
    }
  }

  #lookAtAccount(host: ObjectHost): void {
    const { world } = this;
    if (!world) return;
    const members = world.membersOf(host);
    const memberId = members[this.#commits % Math.max(1, members.length)];
    if (memberId === undefined) return;
    const orders = host.instance?.["orders"]?.(memberId, 50) as
      | Promise<readonly { readonly order: OrderRow }[]>
      | undefined;
    if (!orders) return;
    this.#read(orders, (list) => this.checkOrders(list.map(({ order }) => order)));
  }

  /** Orders of one member: limits, and what the Sku was seen to grant. */
  checkOrders(orders: readonly OrderRow[]): void {
    const limit = this.world?.plan.limitPerMember ?? 0;
    const units = new Map<string, number>();
    for (const order of orders) {
      const key = keyOf(order.memberKey, order.orderId);
      const isOpen = order.hold === "pending" || (order.hold === "posted" && !order.isCancelled);
      if (isOpen) units.set(order.saleId, (units.get(order.saleId) ?? 0) + order.quantity);
      const isKept = order.hold === "pending" || order.hold === "posted";
      this.demand(
        "I5",
        isKept || !this.grants.has(key),
        () => `${key} is granted at the Sku, its hold is ${order.hold}`,
      );
      if (order.refusal?.code === "sold_out") {
        this.refused(order.saleId, "sold_out", order.epoch, order.quantity);
      }
    }
    for (const [saleId, held] of units) {
      this.demand("I7", held <= limit, () => `a member has ${held} of ${limit} units in ${saleId}`);
    }
  }
}
