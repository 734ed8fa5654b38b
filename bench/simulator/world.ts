/** One simulated deployment: the product's own Worker and object classes on a simulated platform. */
import { Account } from "../../worker/accounts/account-object.ts";
import { createApi } from "../../worker/app.ts";
import { sweepObjects } from "../../worker/console/index.ts";
import { CodeVault } from "../../worker/fulfilment/code-vault-object.ts";
import { sweepFulfilment } from "../../worker/fulfilment/index.ts";
import { DAY_MS } from "../../worker/kernel/clock.ts";
import { bucketOf } from "../../worker/kernel/ids.ts";
import { signSession } from "../../worker/members/session.ts";
import { sweepApprovals } from "../../worker/staff/index.ts";
import type { Env } from "../../worker/platform/env.ts";
import { Projector } from "../../worker/platform/projector-object.ts";
import { Gate } from "../../worker/redemption/gate-object.ts";
import { Sku } from "../../worker/redemption/sku-object.ts";
import { Random } from "../../worker/testing/simulation/random.ts";
import { SimBank, type ToMall } from "./cash/bank.ts";
import type { CashPlan } from "./cash/plan.ts";
import { Faults, type Chances, type Counts } from "./faults.ts";
import type { Plan } from "./plan.ts";
import { SimD1 } from "./runtime/d1.ts";
import { Network } from "./runtime/network.ts";
import { SimSupplier } from "./cash/supplier.ts";
import { ObjectHost, type Instance } from "./runtime/object-host.ts";
import { Scheduler, type Party } from "./runtime/scheduler.ts";
import type { PlatformLaw, Simulation } from "./runtime/simulation.ts";
import { SimRequest, type SimResponse, type SimSocket } from "./runtime/web.ts";
import { short, Trace } from "./trace.ts";

const { app } = createApi();
const KEYS = "sim:0123456789abcdef0123456789abcdef";
const TOKEN_MS = 30 * DAY_MS;

/** The members, staff and the Worker: nothing of theirs is durable or held back. */
class Outside implements Party {
  readonly name = "outside";
  readonly skewMs = 0;
  readonly life = 0;
  endTurn(): void {}
  output(send: () => void): void {
    send();
  }
}

const CLASSES = { Account, Sku, Gate, Projector, CodeVault } as const;
type Kind = keyof typeof CLASSES;

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly socket: SimSocket | null;
}

export interface WorldPorts {
  readonly committed: (host: ObjectHost) => void;
  readonly observe: (host: ObjectHost, method: string, args: readonly unknown[]) => void;
}

export interface WorldOptions {
  readonly seed: number;
  readonly chances: Chances;
  readonly counts: Counts;
  readonly law: PlatformLaw;
  readonly isTraced: boolean;
  /** Unlike any other life's in this process, and the same wherever this life is lived. */
  readonly name: string;
  /** Null: points are all that anything costs. */
  readonly cash: CashPlan | null;
}

export class World {
  readonly plan: Plan;
  readonly sim: Simulation;
  readonly d1: SimD1;
  /** What the product's own Math.random draws from. */
  readonly chance: Random;
  readonly hosts = new Map<string, ObjectHost>();
  readonly outside = new Outside();
  /** Unlike any other life's in this process, because a Worker keeps what it knows of a sale. */
  readonly skuId: string;
  /** Of its own too: a Worker keeps what it knows of a programme's staff and terms. */
  readonly programmeId: string;
  readonly env: Env;
  readonly cash: CashPlan | null;
  /** Who carries money, where anything costs any. */
  readonly bank: SimBank | null;
  /** Who books top-ups, where any are sold. */
  readonly supplier: SimSupplier | null;
  /** What went wrong outside every object. */
  onFailure: (error: unknown) => void = () => undefined;
  /** A member hears that an order is granted, perhaps once more. */
  onGranted: (memberId: string, orderId: string) => void = () => undefined;

  constructor(plan: Plan, options: WorldOptions, ports: WorldPorts) {
    this.plan = plan;
    const { seed } = options;
    const random = new Random(seed * 4 + 1);
    const scheduler = new Scheduler(plan.startMs, random);
    const sim = {
      scheduler,
      random,
      faults: this.#faultsOf(options),
      trace: new Trace(options.isTraced, () => scheduler.nowMs),
      law: options.law,
      outside: this.outside,
      ...ports,
    };
    this.sim = Object.assign(sim, { network: new Network(sim as unknown as Simulation) });
    this.chance = new Random(seed * 4 + 3);
    this.d1 = new SimD1(this.sim);
    this.skuId = `cup-${options.name}`;
    this.programmeId = `demo-${options.name}`;
    this.cash = options.cash;
    this.bank = options.cash && new SimBank(this.sim, this.#hearsBank);
    const sellsTopUps = options.cash?.goods === "virtual";
    this.supplier = sellsTopUps
      ? new SimSupplier(this.sim, this.programmeId, this.#hearsSupplier)
      : null;
    this.env = this.#envOf(this.outside);
  }

  #faultsOf({ seed, chances, counts }: WorldOptions): Faults {
    return new Faults(new Random(seed * 4 + 2), new Random(seed * 4 + 6), chances, counts);
  }

  readonly #hearsBank: ToMall = async ({ url, headers, body }) => {
    if (this.sim.faults.strikes("http_cut")) return null;
    const request = new SimRequest(url, { method: "POST", headers, body });
    const response = await this.#fetch(request);
    this.sim.trace.say("bank", () => `tells the mall, which answers ${response.status}`);
    return response.status;
  };

  readonly #hearsSupplier = async (path: string, body: string): Promise<void> => {
    if (this.sim.faults.strikes("http_cut")) return;
    const headers = { "content-type": "application/json" };
    const request = new SimRequest(`https://shop${path}`, { method: "POST", headers, body });
    const { status } = await this.#fetch(request);
    this.sim.trace.say("supplier", () => `tells the mall, which answers ${status}`);
  };

  async #fetch(request: SimRequest): Promise<SimResponse> {
    const context = { waitUntil: () => undefined, passThroughOnException: () => undefined };
    const asked = [request, this.env, context] as unknown as [Request, Env, ExecutionContext];
    return (await app.fetch(...asked)) as unknown as SimResponse;
  }

  get nowMs(): number {
    return this.sim.scheduler.nowMs;
  }

  get opensAtMs(): number {
    return this.plan.startMs + this.plan.opensInMs;
  }

  host(kind: Kind, name: string): ObjectHost {
    const key = `${kind} ${name}`;
    const known = this.hosts.get(key);
    if (known) return known;
    const host = new ObjectHost(this.sim, kind, name, (context, owner) => {
      const Class = CLASSES[kind] as unknown as new (context: unknown, env: Env) => Instance;
      const instance = new Class(context, this.#envOf(owner));
      if (this.sim.law.restartVoids && kind === "Account" && owner.life > 0) {
        this.#voidPending(owner, instance);
      }
      return instance;
    });
    this.hosts.set(key, host);
    return host;
  }

  hostsOf(kind: Kind): ObjectHost[] {
    return [...this.hosts.values()].filter((host) => host.kind === kind);
  }

  /** Mutant F3: takes a restart for a refusal. */
  #voidPending(host: ObjectHost, instance: Instance): void {
    for (const memberKey of this.membersOf(host)) {
      const list = instance["orders"]?.(memberKey, 50) as Promise<
        readonly {
          readonly order: { orderId: string; saleId: string; hold: string; epoch: number };
        }[]
      >;
      list
        .then((orders) => {
          const pending = orders.filter(({ order }) => order.hold === "pending");
          const answerOf = (epoch: number) => ({ kind: "closed", stamp: epoch, closedAtMs: 1 });
          return instance["settle"]?.(
            pending.map(({ order: { orderId, saleId, epoch } }) => ({
              ...{ saleId, memberKey, orderId },
              answer: answerOf(epoch),
            })),
          );
        })
        .catch((error: unknown) => this.onFailure(error));
    }
  }

  /** Keys of the members whom an Account holds. */
  membersOf(account: ObjectHost): string[] {
    return this.plan.members
      .map(({ memberId }) => `${this.programmeId}:${memberId}`)
      .filter((memberKey) => bucketOf(memberKey, this.plan.buckets) === account.id);
  }

  #envOf(party: Party): Env {
    const { network } = this.sim;
    const space = (kind: Kind): unknown =>
      network.namespace(party, (name) => this.host(kind, name));
    return {
      DB: this.d1.binding(party),
      ACCOUNT: space("Account"),
      SKU: space("Sku"),
      GATE: space("Gate"),
      PROJECTOR: space("Projector"),
      CODES: space("CodeVault"),
      // Nobody has a page open here.
      OPEN_PAGES: { getByName: () => ({ changed: async () => {}, changesAt: async () => {} }) },
      ACCOUNT_BUCKETS: String(this.plan.buckets),
      PROJECTORS: "1",
      DOORS_PER_SALE: String(this.plan.doors),
      SESSION_KEYS: KEYS,
      TICKET_KEYS: KEYS,
      DEV_LOGIN: "on",
      DEFAULT_PROGRAMME: this.programmeId,
      MEMBER_RATE: "1000000/1000000",
      REGION_HINT: "",
      VAULT_KEYS: KEYS,
      ...(this.supplier ? { TOP_UP_SUPPLIER: this.supplier.setting } : {}),
      ...(this.bank ? { PAY_SIM: this.bank.binding() } : {}),
    } as unknown as Env;
  }

  // ---- time

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.sim.scheduler.after(this.outside, ms, resolve));
  }

  /** Runs a script of the outside in a turn of its own. */
  start(script: () => Promise<void>): void {
    this.sim.scheduler.after(this.outside, 0, () => {
      script().catch((error: unknown) => this.onFailure(error));
    });
  }

  // ---- the Worker

  token(memberId: string, role: "member" | "staff"): string {
    const memberKey = `${this.programmeId}:${memberId}`;
    const session = { programmeId: this.programmeId, memberId, memberKey, role };
    return signSession(KEYS, session, this.plan.startMs + TOKEN_MS);
  }

  /** A request over the network, with a text as a table and all else as JSON; or null when it or its answer was lost. */
  async http(
    who: string,
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Reply | null> {
    const { faults, random, trace } = this.sim;
    const isText = typeof body === "string";
    const isCut = faults.strikes("http_cut");
    const isLostOnTheWay = isCut && random.chance(0.5);
    trace.say(who, () => `${method} ${path.slice(0, 70)} ${body === undefined ? "" : short(body)}`);
    await this.sleep(2 + random.next() * 20);
    if (isLostOnTheWay) return this.#lost(who, path);
    const request = new SimRequest(`https://shop${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "accept-language": "en",
        ...(path.includes("/door?") ? { upgrade: "websocket" } : {}),
        ...(body === undefined ? {} : { "content-type": isText ? "text/csv" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
    });
    const response = await this.#fetch(request);
    const socket = response.webSocket as SimSocket | null;
    await this.sleep(2 + random.next() * 20);
    if (isCut) {
      socket?.close();
      return this.#lost(who, path);
    }
    const text = (await response.text()) || "{}";
    trace.say(who, () => `${response.status} ${short(text, 160)}`);
    return {
      status: response.status,
      body: JSON.parse(text) as Record<string, unknown>,
      socket,
    };
  }

  async #lost(who: string, path: string): Promise<null> {
    this.sim.trace.say(who, () => `hears nothing of ${path.slice(0, 60)}`);
    await this.sleep(this.sim.random.next() * 3_000);
    return null;
  }

  /** What cron does once a minute. */
  async sweep(): Promise<void> {
    this.sim.trace.say("cron", () => "sweeps");
    await sweepObjects(this.env);
    if (!this.cash) return;
    const nowMs = Math.floor(this.nowMs);
    for (const part of [sweepApprovals, sweepFulfilment]) {
      await part(this.env, nowMs).catch((error: unknown) =>
        this.sim.trace.say("cron", () => `comes back in a minute: ${String(error)}`),
      );
    }
  }

  /** `keepsSchemas`: later databases start as these ended up after their migrations. */
  close(keepsSchemas: boolean): void {
    for (const host of this.hosts.values()) {
      if (keepsSchemas) host.rows.keepAs(host.kind);
      host.rows.close(host.kind);
    }
  }
}
