/**
 * Who books direct top-ups: slow, at times silent, refuses some for good, and says its last word by a call that may be late, lost,
 * repeated or overtaken. What it is sent under one number it books once.
 */
import { supplierSign } from "../../../worker/fulfilment/supplier.ts";
import type { Party } from "../runtime/scheduler.ts";
import type { Simulation } from "../runtime/simulation.ts";
import { SimResponse } from "../runtime/web.ts";
import { callOutside, neighbour } from "./outside-call.ts";

const KEY_ID = "sim";
const SECRET = "0123456789abcdef";
const ORIGIN = "https://supplier";
/** As the product waits. */
const TIMEOUT_MS = 8_000;
const WORK_MS = 4_000;

export type SupplierState = "processing" | "success" | "fail";

interface Sent {
  readonly method?: string;
  readonly body?: string;
}

/** Hands a call of the supplier to the mall. */
type ToMall = (path: string, body: string) => Promise<unknown>;

export class SimSupplier {
  /** As the product's setting names it. */
  readonly setting = `${KEY_ID}:${SECRET} ${ORIGIN}`;
  readonly booked = new Map<string, SupplierState>();
  /** Calls that it has still to make, and top-ups that it has still to decide. */
  waiting = 0;
  readonly #sim: Simulation;
  readonly #self: Party;
  readonly #path: string;
  readonly #toMall: ToMall;

  constructor(sim: Simulation, programmeId: string, toMall: ToMall) {
    this.#sim = sim;
    this.#self = neighbour(sim, "supplier");
    this.#path = `/api/v1/callbacks/top-ups/${programmeId}`;
    this.#toMall = toMall;
  }

  /** What the product's `fetch` reaches. */
  fetch(url: string, sent: Sent): Promise<unknown> {
    const path = url.slice(ORIGIN.length);
    return callOutside(this.#sim, this.#self, {
      ...{ who: "supplier", what: path, silence: "supplier_silent", timeoutMs: TIMEOUT_MS },
      answer: async () => {
        const { topUpId } = JSON.parse(sent.body ?? "{}") as { topUpId: string };
        if (path === "/top-ups") this.#book(topUpId);
        const state = this.booked.get(topUpId) ?? "unknown";
        this.#sim.trace.say("supplier", () => `${path} ${topUpId} answers ${state}`);
        return SimResponse.json({ state, reason: state === "fail" ? "number not in use" : "" });
      },
    });
  }

  #book(topUpId: string): void {
    if (this.booked.has(topUpId)) return;
    const { faults, random, scheduler } = this.#sim;
    this.booked.set(topUpId, "processing");
    const last = faults.strikes("supplier_refuses") ? "fail" : "success";
    this.waiting += 1;
    scheduler.after(this.#self, random.next() * WORK_MS, () => {
      this.waiting -= 1;
      // Both words are on their way at once, so the first may come last.
      this.#tell(topUpId, "processing");
      this.booked.set(topUpId, last);
      this.#tell(topUpId, last);
    });
  }

  #tell(topUpId: string, state: SupplierState): void {
    const { faults, random } = this.#sim;
    if (faults.strikes("callback_lost")) return;
    const lateMs = faults.strikes("callback_late") ? random.next() * 120_000 : random.next() * 300;
    this.#call(topUpId, state, lateMs);
    if (faults.strikes("callback_twice")) this.#call(topUpId, state, random.next() * 90_000);
  }

  #call(topUpId: string, state: SupplierState, afterMs: number): void {
    const { random, scheduler } = this.#sim;
    this.waiting += 1;
    scheduler.after(this.#self, afterMs, () => {
      this.waiting -= 1;
      const atMs = Math.floor(scheduler.nowMs);
      const reason = state === "fail" ? "number not in use" : "";
      const nonce = `nonce-${random.below(1_000_000_000)}`;
      const sign = supplierSign(SECRET, ["callback", topUpId, state, reason, atMs, nonce]);
      const told = { topUpId, state, reason, atMs, nonce, sign };
      void this.#toMall(this.#path, JSON.stringify(told));
    });
  }
}
