/** The end of a life: faults stop, everything must come to rest in time, and then everything must agree. */
import { compareCodes } from "./cash/cards.ts";
import { compareCash, unfinishedOf, type LivedOrder } from "./cash/rest.ts";
import { ask, peek } from "./ask.ts";
import { compareRights, unfinishedRights } from "./cash/rest-rights.ts";
import { compareSpending, savedFen, unfinishedSpending } from "./cash/rest-spending.ts";
import { keyOf } from "./key.ts";
import { compareEarnings } from "./rest-earnings.ts";
import type { ObjectHost } from "./runtime/object-host.ts";
import type { Staff } from "./staff.ts";
import type { World } from "./world.ts";
import {
  FIRST_PAGE,
  type OrderRow,
  type SkuFigures,
  type TakeRow,
  type Witness,
} from "./witness.ts";

/** Two sweeps of cron and what follows from them. */
const REST_MS = 150_000;
const LOOK_EVERY_MS = 2_000;
/** What waits for money is asked about at growing distances, so rest takes longer; and longer still where a clock was an hour ahead. */
const CASH_REST_MS = 900_000;
const CASH_LOOK_EVERY_MS = 15_000;
/** How often staff look whether money waits for them. */
const REPAIR_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

interface AccountFigures {
  readonly wantedHolds: number;
  readonly pendingHolds: number;
  readonly cancelsWaiting: number;
  readonly projectionWaiting: number;
}

interface MembersPage {
  readonly breaches: Readonly<Record<string, number>>;
  readonly heads: readonly {
    readonly memberKey: string;
    readonly seq: number;
    readonly headHash: string;
  }[];
}

export class Rest {
  readonly #world: World;
  readonly #witness: Witness;
  readonly #staff: Staff;

  constructor(world: World, witness: Witness, staff: Staff) {
    this.#world = world;
    this.#witness = witness;
    this.#staff = staff;
  }

  get #restMs(): number {
    if (!this.#world.cash) return REST_MS;
    const wasHourOff = [...this.#world.hosts.values()].some((host) => host.wasHourOff);
    return CASH_REST_MS + (wasHourOff ? HOUR_MS : 0);
  }

  /** Every order as its Account has it, whether that is awake or not. */
  async #livedOrders(): Promise<LivedOrder[]> {
    const world = this.#world;
    const found: LivedOrder[] = [];
    for (const host of world.hostsOf("Account")) {
      for (const memberKey of world.membersOf(host)) {
        found.push(...(await peek<readonly LivedOrder[]>(world, host, "orders", memberKey, 100)));
      }
    }
    return found;
  }

  /** What is still on its way, in words; empty at rest. */
  async #unfinished(isClosed: boolean): Promise<string[]> {
    const world = this.#world;
    const open = await this.#unfinishedAccounts(isClosed);
    // Orders are many and read one by one: their turn comes when their Accounts say that nothing waits.
    if (world.cash && open.length === 0) {
      const orders = await this.#livedOrders();
      open.push(...orders.flatMap(unfinishedOf), ...this.#untold(orders));
      open.push(...unfinishedSpending(world), ...unfinishedRights(world));
      if (world.bank?.callsWaiting) open.push("C3 the bank has something to tell");
    }
    for (const host of world.hostsOf("Sku")) {
      const figures = await peek<SkuFigures>(world, host, "audit");
      // A mutant whose Sku tells nobody has no outbox that could be empty.
      const tells = world.sim.law.deaf.length === 0;
      if (tells && figures.unsettled > 0)
        open.push(`I5 ${figures.unsettled} grants unknown to their Account`);
      if (figures.unprojected > 0) open.push(`D1 lacks ${figures.unprojected} sales`);
      for (const sale of figures.sales) {
        if (sale.returned > 0)
          open.push(`I3 ${sale.returned} units left in returned of ${sale.saleId}`);
        const isLeft = sale.status === "closed" && sale.shelf + sale.reserve > 0;
        if (isLeft) open.push(`I1 units stranded in the closed ${sale.saleId}`);
      }
    }
    return open;
  }

  /** Changes of orders that D1 has not heard of. */
  #untold(orders: readonly LivedOrder[]): string[] {
    const rows = this.#world.d1.read(
      "SELECT programme_id || ':' || member_id AS k, order_id, version FROM orders",
    );
    const told = new Map(
      rows.map((row) => [keyOf(String(row["k"]), String(row["order_id"])), row["version"]]),
    );
    return orders.flatMap(({ order: { memberKey, orderId, version }, life }) =>
      life && told.get(keyOf(memberKey, orderId)) !== version ? [`D1 lacks ${orderId}`] : [],
    );
  }

  async #unfinishedAccounts(isClosed: boolean): Promise<string[]> {
    const world = this.#world;
    const open: string[] = [];
    for (const host of world.hostsOf("Account")) {
      const figures = await peek<AccountFigures>(world, host, "audit");
      if (figures.wantedHolds > 0) open.push(`I5 ${figures.wantedHolds} tapped holds undecided`);
      if (isClosed && figures.pendingHolds > 0)
        open.push(`I5 ${figures.pendingHolds} holds pending`);
      if (figures.cancelsWaiting > 0)
        open.push(`I5 ${figures.cancelsWaiting} cancels not delivered`);
      if (figures.projectionWaiting > 0) open.push(`D1 lacks ${figures.projectionWaiting} rows`);
    }
    return open;
  }

  /** Waits in virtual time; what is unfinished at the end of it is a breach. */
  async settle(isClosed: boolean): Promise<void> {
    const world = this.#world;
    const restMs = this.#restMs;
    const untilMs = world.nowMs + restMs;
    let repairAtMs = 0;
    let open = await this.#unfinished(isClosed);
    while (open.length > 0 && world.nowMs < untilMs && !this.#witness.breach) {
      const told = open;
      world.sim.trace.say("WITNESS", () => `still open: ${told.join("; ")}`);
      await world.sleep(world.cash ? CASH_LOOK_EVERY_MS : LOOK_EVERY_MS);
      if (world.cash && world.nowMs >= repairAtMs) {
        await this.#staff.repairMoney();
        repairAtMs = world.nowMs + REPAIR_EVERY_MS;
      }
      open = await this.#unfinished(isClosed);
    }
    const [first] = open;
    if (first) {
      const [name = "", ...words] = first.split(" ");
      this.#witness.fail(name, `${words.join(" ")}, ${restMs / 1_000} s after the faults ended`);
    }
  }

  /** Every row of every object against every other, against D1, and against what people were told. */
  async compare(): Promise<void> {
    const world = this.#world;
    const takes = new Map<string, TakeRow>();
    for (const host of world.hostsOf("Sku")) {
      for (const row of await this.#takesOf(host)) {
        takes.set(keyOf(row.ref.memberKey, row.ref.orderId), row);
      }
      await this.#recount(host);
    }
    const orders = new Map<string, OrderRow>();
    const states = new Map<string, string>();
    for (const host of world.hostsOf("Account")) {
      await this.#recountMembers(host);
      for (const memberKey of world.membersOf(host)) {
        const list = await ask<readonly (LivedOrder & { readonly order: OrderRow })[]>(
          world,
          host,
          "orders",
          memberKey,
          100,
        );
        for (const { order, life } of list) {
          if (life) states.set(keyOf(memberKey, order.orderId), life.state);
        }
        const rows = list.map(({ order }) => order);
        this.#witness.checkOrders(rows);
        for (const order of rows) orders.set(keyOf(memberKey, order.orderId), order);
      }
    }
    this.#compareTakes(takes, orders);
    this.#compareWishes(orders);
    this.#compareD1(orders, states);
    if (world.bank) {
      const lived = await this.#livedOrders();
      compareCash(world.bank, this.#witness, lived, savedFen(world));
      compareRights(world, this.#witness, lived);
      if (world.cash?.spends) await compareSpending(world, this.#witness, lived);
      if (world.cash?.goods === "card_code") compareCodes(world, this.#witness, lived);
      const left = await this.#staff.repairMoney();
      this.#witness.demand("C4", left === 0, () => `${left} payments wait for staff for ever`);
    }
    await compareEarnings(world, this.#witness);
  }

  async #takesOf(host: ObjectHost): Promise<TakeRow[]> {
    const rows: TakeRow[] = [];
    let after: unknown = FIRST_PAGE;
    while (after) {
      const page: { takes: TakeRow[]; next: unknown } = await ask(
        this.#world,
        host,
        "auditTakes",
        after,
      );
      rows.push(...page.takes);
      after = page.next;
    }
    return rows;
  }

  async #recount(host: ObjectHost): Promise<void> {
    const counts = await ask<
      readonly {
        saleId: string;
        live: number;
        granted: number;
        liveInRows: number;
        grantedInRows: number;
      }[]
    >(this.#world, host, "recount");
    for (const { saleId, live, granted, liveInRows, grantedInRows } of counts) {
      const isSame = live === liveInRows && granted === grantedInRows;
      this.#witness.demand(
        "I1",
        isSame,
        () =>
          `${saleId} counts ${live} live of ${granted}, its rows say ${liveInRows} of ${grantedInRows}`,
      );
    }
  }

  async #recountMembers(host: ObjectHost): Promise<void> {
    const page = await this.#membersAtRest(host);
    for (const [name, count] of Object.entries(page.breaches)) {
      this.#witness.fail(name.split("_")[0] ?? "I4", `${count} members break ${name}`);
    }
    const heads = new Map(
      this.#world.d1
        .read(
          "SELECT programme_id || ':' || member_id AS k, MAX(seq) AS seq, hash, COUNT(*) AS n FROM ledger_entries GROUP BY 1",
        )
        .map((row) => [String(row["k"]), row]),
    );
    for (const { memberKey, seq, headHash } of page.heads) {
      const row = heads.get(memberKey);
      const isSame =
        seq === 0 || (row?.["seq"] === seq && row["n"] === seq && row["hash"] === headHash);
      this.#witness.demand(
        "D1",
        isSame,
        () => `D1's ledger of ${memberKey} ends elsewhere than ${seq}`,
      );
    }
  }

  /** A lot may lapse while the rows are compared: what it wrote is waited for like everything else. */
  async #membersAtRest(host: ObjectHost): Promise<MembersPage> {
    const untilMs = this.#world.nowMs + REST_MS;
    for (;;) {
      const page = await ask<MembersPage>(this.#world, host, "auditMembers", "");
      const { projectionWaiting } = await peek<AccountFigures>(this.#world, host, "audit");
      if (projectionWaiting === 0 || this.#world.nowMs >= untilMs) return page;
      await this.#world.sleep(LOOK_EVERY_MS);
    }
  }

  #compareTakes(takes: ReadonlyMap<string, TakeRow>, orders: ReadonlyMap<string, OrderRow>): void {
    const witness = this.#witness;
    for (const [key, { take, saleId }] of takes) {
      const order = orders.get(key);
      if (take.state === "forgone") {
        witness.demand(
          "I5",
          order?.hold !== "posted",
          () => `${key} is forgone at the Sku and posted`,
        );
        continue;
      }
      const isPosted = order?.hold === "posted";
      witness.demand(
        "I5",
        isPosted,
        () => `${key} is granted, its hold is ${order?.hold ?? "none"}`,
      );
      witness.demand(
        "I5",
        order?.isCancelled === (take.state === "cancelled"),
        () => `${key}: order cancelled ${order?.isCancelled}, take ${take.state}`,
      );
      witness.demand("I8", order?.epoch === take.epoch, () => `${key} posted under another stamp`);
      witness.demand("I5", order?.saleId === saleId, () => `${key} posted in another sale`);
      witness.demand("I9", witness.tapped.has(key), () => `${key} is granted though nobody tapped`);
      witness.demand(
        "I6",
        !witness.wasRefused(key),
        () => `${key} was told refused and is granted`,
      );
    }
    for (const [key, order] of orders) {
      const take = takes.get(key)?.take;
      const isGranted = take?.state === "granted" || take?.state === "cancelled";
      witness.demand("I5", order.hold !== "pending", () => `${key} is stuck pending`);
      witness.demand(
        "I5",
        (order.hold === "posted") === isGranted,
        () => `${key} is ${order.hold}, its take ${take?.state ?? "none"}`,
      );
      const isUntrue = witness.wasGranted(key) && !isGranted;
      witness.demand("I6", !isUntrue, () => `${key} was told granted and is not`);
    }
    for (const key of witness.grantedKeys()) {
      witness.demand(
        "I6",
        takes.has(key),
        () => `${key} was told granted and no take is left of it`,
      );
    }
  }

  /** One wish is one redemption, however often its page had to ask. */
  #compareWishes(orders: ReadonlyMap<string, OrderRow>): void {
    for (const { memberKey, orderIds } of this.#witness.wishes) {
      const posted = orderIds.filter((id) => orders.get(keyOf(memberKey, id))?.hold === "posted");
      this.#witness.demand(
        "I7",
        posted.length <= 1,
        () => `one wish of ${memberKey} was granted twice: ${posted.join(", ")}`,
      );
    }
  }

  #compareD1(orders: ReadonlyMap<string, OrderRow>, states: ReadonlyMap<string, string>): void {
    const rows = this.#world.d1.read(
      "SELECT programme_id || ':' || member_id AS k, order_id, version, state FROM orders",
    );
    const posted = [...orders.values()].filter((order) => order.hold === "posted");
    this.#witness.demand(
      "D1",
      rows.length === posted.length,
      () => `D1 has ${rows.length} orders of ${posted.length}`,
    );
    for (const row of rows) {
      const key = keyOf(String(row["k"]), String(row["order_id"]));
      const order = orders.get(key);
      const state = states.get(key) ?? (order?.isCancelled ? "cancelled" : "to_ship");
      this.#witness.demand(
        "D1",
        row["version"] === order?.version && row["state"] === state,
        () =>
          `D1 says ${key} is ${String(row["state"])} version ${String(row["version"])}, its Account ${state} version ${order?.version}`,
      );
    }
  }
}
