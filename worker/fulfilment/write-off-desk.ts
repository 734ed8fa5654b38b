/**
 * Writing off at a store. The voucher's uses are taken first, which decides between two clerks; then the order is asked, which
 * decides against a refund; then the act is done. What a crash leaves in between is asked again under the same key.
 */
import { reportWriteOff, reportWriteOffReversal } from "../earning/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { parseKeyRing } from "../kernel/key-ring.ts";
import type { Env } from "../platform/env.ts";
import type { OrderRef } from "./address-book.ts";
import {
  CODE_STEP_MS,
  readCode,
  RIGHTS_LAW,
  shownStep,
  writeOffRefusal,
  type WriteOffRefusal,
} from "./core/index.ts";
import { hasAgreed, OrderGate } from "./order-gate.ts";
import { usesOfAll, VoucherStore, type StoredVoucher, type WriteOff } from "./voucher-store.ts";

export interface WriteOffWish {
  /** Made by the clerk's page, so that a repeated tap is the same act. */
  readonly writeOffId: string;
  readonly code: string;
  readonly uses: number;
  readonly storeId: string;
  readonly staffId: string;
  readonly snapshot: WriteOff["snapshot"];
  /** When the code was read, where its desk had no network then; absent: now. */
  readonly readAtMs?: number;
}

/** A desk without a network sends what it noted within so long. */
export const NOTED_WITHIN_MS = DAY_MS;
/** A code stands for its minute and the next; so long apart are two codes. */
const CODE_LIFE_MS = 2 * CODE_STEP_MS;

export type WriteOffOutcome =
  | { readonly kind: "done"; readonly act: WriteOff; readonly voucher: StoredVoucher }
  | {
      readonly kind: "refused";
      readonly reason:
        | WriteOffRefusal
        | "code_unreadable"
        | "code_unknown"
        | "code_old"
        | "order_state"
        | "taken_meanwhile";
      readonly voucher?: StoredVoucher;
    };

export class WriteOffDesk {
  readonly #env: Env;
  readonly #programmeId: string;
  readonly #store: VoucherStore;
  readonly #orders: OrderGate;

  constructor(env: Env, programmeId: string) {
    this.#env = env;
    this.#programmeId = programmeId;
    this.#store = new VoucherStore(env.DB, programmeId);
    this.#orders = new OrderGate(env, programmeId);
  }

  /** The voucher that a code stands for now; the clerk sees it before anything is taken. */
  async read(
    code: string,
    storeId: string,
    uses: number,
    nowMs: number,
  ): Promise<
    | { readonly kind: "voucher"; readonly voucher: StoredVoucher; readonly step: number }
    | Extract<WriteOffOutcome, { kind: "refused" }>
  > {
    const read = readCode(code);
    if (!read) return { kind: "refused", reason: "code_unreadable" };
    const voucher = await this.#store.byLocator(read.locator);
    if (!voucher) return { kind: "refused", reason: "code_unknown" };
    const { voucherId, orderId, storeIds } = voucher;
    const subject = { programmeId: this.#programmeId, voucherId, orderId, storeIds };
    const step = shownStep(parseKeyRing(this.#env.TICKET_KEYS), subject, read.proof, nowMs);
    if (step === null) return { kind: "refused", reason: "code_old" };
    const reason = writeOffRefusal(voucher, storeId, uses, nowMs);
    return reason ? { kind: "refused", reason, voucher } : { kind: "voucher", voucher, step };
  }

  async writeOff(wish: WriteOffWish, nowMs: number): Promise<WriteOffOutcome> {
    const known = await this.#store.writeOff(wish.writeOffId);
    if (known) return this.#again(known, nowMs);
    const { writeOffId, uses, storeId, staffId, snapshot, readAtMs = nowMs } = wish;
    const read = await this.read(wish.code, storeId, uses, readAtMs);
    if (read.kind === "refused") return read;
    const { voucher, step } = read;
    const { memberId, orderId, voucherId } = voucher;
    if (wish.readAtMs !== undefined && (await this.#wasServed(voucherId, readAtMs))) {
      return { kind: "refused", reason: "taken_meanwhile", voucher };
    }
    const act: WriteOff = {
      ...{ writeOffId, voucherId, memberId, orderId, uses, storeId, staffId },
      snapshot: { ...snapshot, shownStep: step },
      ...{ state: "pending", atMs: readAtMs, reason: "", reversedBy: null },
    };
    if (!(await this.#store.reserve(voucher, act))) {
      return { kind: "refused", reason: "taken_meanwhile", voucher };
    }
    globalThis.failpoints?.reach("fulfilment:write-off:reserved");
    return this.finish(act, nowMs);
  }

  /** A code that was noted counts once: its member was there for that minute, and not for every use of a day. */
  async #wasServed(voucherId: string, readAtMs: number): Promise<boolean> {
    const acts = await this.#store.writeOffsOf([voucherId]);
    return acts.some(
      ({ state, atMs }) => state === "done" && Math.abs(atMs - readAtMs) < CODE_LIFE_MS,
    );
  }

  async #again(known: WriteOff, nowMs: number): Promise<WriteOffOutcome> {
    if (known.state === "pending") return this.finish(known, nowMs);
    const voucher = await this.#store.find(known.voucherId);
    if (!voucher) return { kind: "refused", reason: "code_unknown" };
    return known.state === "done"
      ? { kind: "done", act: known, voucher }
      : { kind: "refused", reason: "order_state", voucher };
  }

  /** Asks the order, and does or undoes what was reserved. */
  async finish(act: WriteOff, nowMs: number): Promise<WriteOffOutcome> {
    const voucher = await this.#store.find(act.voucherId);
    if (!voucher) return { kind: "refused", reason: "code_unknown" };
    if (!(await this.#mayUse(voucher, act))) {
      const note = { by: "system", reason: "order_state", nowMs };
      await this.#store.giveBack(act, "refused", note);
      // As it is again: while the order was asked, the use counted as taken.
      const back = (await this.#store.find(act.voucherId)) ?? voucher;
      return { kind: "refused", reason: "order_state", voucher: back };
    }
    globalThis.failpoints?.reach("fulfilment:write-off:agreed");
    // Before the act is done, so that whoever finishes it after a crash tells the rules too.
    await reportWriteOff(this.#env, this.#programmeId, { ...act, skuId: voucher.skuId }, nowMs);
    await this.#store.confirm(act.writeOffId);
    await this.tellOrder(voucher);
    const after = (await this.#store.find(act.voucherId)) ?? voucher;
    return { kind: "done", act: { ...act, state: "done" }, voucher: after };
  }

  /** Counted by its order, which must not have been given back since, nor be asked to be. */
  async #mayUse({ kind }: StoredVoucher, act: WriteOff): Promise<boolean> {
    if (!RIGHTS_LAW.orderAgreesToUse) return true;
    const { memberId, orderId, uses: units, writeOffId: key, storeId: note } = act;
    const order: OrderRef = { memberId, orderId };
    const use = { ...order, by: `staff:${act.staffId}`, note, units, key };
    // The order of a coupon knows the uses of all from its issue on.
    const reply =
      kind === "coupon"
        ? await this.#orders.advance({ ...use, step: "use_coupon" })
        : await this.#orders.advance({
            ...{ ...use, step: "use" },
            usesTotal: usesOfAll(await this.#store.ofOrder(order)),
          });
    return hasAgreed(reply);
  }

  /** Once every use of every voucher is gone, the order of a service is fulfilled. */
  async tellOrder({ memberId, orderId, kind }: StoredVoucher): Promise<void> {
    const order: OrderRef = { memberId, orderId };
    const all = await this.#store.ofOrder(order);
    if (all.some(({ usesLeft, state }) => usesLeft > 0 && state === "live")) return;
    const voucherIds = all.map(({ voucherId }) => voucherId);
    // A use that is only held may come back; whoever finishes it tells the order.
    if (await this.#store.hasPending(voucherIds)) return;
    if (kind === "service") {
      // After a reversal the last use may come again: it is another one, so it has another key.
      const [last] = await this.#store.writeOffsOf(voucherIds);
      const reply = await this.#orders.advance({
        ...{ ...order, step: "write_off", by: "system" },
        key: `used-up:${all.length}:${last?.writeOffId ?? ""}`,
      });
      if (!hasAgreed(reply)) return;
    }
    await this.#store.orderTold(order);
  }

  /** Undoes a write-off, after a second person agreed where the merchant asks for one. */
  async reverse(
    writeOffId: string,
    by: string,
    reason: string,
    nowMs: number,
  ): Promise<"reversed" | "not_found" | "not_done"> {
    await this.#store.beginReversal(writeOffId, by, reason);
    const act = await this.#store.writeOff(writeOffId);
    if (!act) return "not_found";
    if (act.state === "reversed") return "reversed";
    if (act.state !== "reversing") return "not_done";
    return this.finishReversal(act, nowMs);
  }

  /** Asks the order, which counts the uses back or was given back since, and undoes the act or leaves it. */
  async finishReversal(act: WriteOff, nowMs: number): Promise<"reversed" | "not_done"> {
    const { writeOffId, memberId, orderId, reason, uses: units } = act;
    const by = act.reversedBy ?? "system";
    const voucher = await this.#store.find(act.voucherId);
    const step = voucher?.kind === "coupon" ? "reverse_coupon" : "reverse_write_off";
    const reply = await this.#orders.advance({
      ...{ memberId, orderId, step, by, note: reason, key: `reverse:${writeOffId}`, units },
    });
    if (!hasAgreed(reply)) {
      await this.#store.dropReversal(writeOffId);
      return "not_done";
    }
    await reportWriteOffReversal(this.#env, this.#programmeId, act, nowMs);
    await this.#store.giveBack(act, "reversed", { by, reason, nowMs });
    return "reversed";
  }
}
