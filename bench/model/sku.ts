/** The Sku of the checker: the product's decisions, and what its object does around them. */
import { finalWord } from "../../worker/accounts/decisions.ts";
import {
  advance,
  cancelTake,
  changeStatus,
  decideForgo,
  decideTake,
  draftSale,
  moveOut,
  restock,
  wave,
  type Sale,
  type SaleCommand,
  type Take,
  type TakeAnswer,
} from "../../worker/redemption/model.ts";
import { rest } from "../../worker/redemption/resting.ts";
import { invariant } from "../../worker/kernel/invariant.ts";
import { extend } from "../../worker/redemption/terms.ts";
import { LAW } from "../../worker/redemption/law.ts";
import { forgetSale, forgetTake } from "./forget.ts";
import { BY_ACCOUNT, BY_DOOR, noticeDetail, type Message } from "./messages.ts";
import { noticeOf } from "./notices.ts";
import { Breach, OPENS_AT_MS, type Scene, type Step } from "./scene.ts";

export interface SkuState {
  readonly sale: Sale;
  /** By position of the order. */
  readonly takes: readonly (Take | null)[];
  /** A bit per order: its grant waits in the outbox. Rows stay, so a grant may be sent again at any time. */
  readonly grantRows: number;
}

/** What happens at a Sku without a message. */
export type SkuEvent =
  | "open"
  | "wave"
  | "units move out"
  | "restock"
  | "pause"
  | "rest"
  | "resume"
  | "close"
  | "extend"
  | "clock steps back over the close"
  | "next sale scheduled"
  | "notice";

export class SkuPart {
  readonly #scene: Scene;
  #sends: number[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  start(): SkuState {
    const { bounds, terms } = this.#scene;
    const scheduled = changed(draftSale(terms, bounds.stock), { kind: "schedule" }, LAW);
    const sale = bounds.startsScheduled ? scheduled : advance(scheduled, OPENS_AT_MS, LAW);
    return { sale: forgetSale(sale), takes: bounds.orders.map(() => null), grantRows: 0 };
  }

  /** `tapped`: whether a tap of the order was handled at or after the opening; only I9 reads it. */
  deliver(state: SkuState, message: Message, tapped: boolean): Step<SkuState> {
    this.#sends = [];
    const next = this.#deliver(state, message, tapped);
    return { state: kept(next), sends: this.#sends };
  }

  #deliver(state: SkuState, message: Message, tapped: boolean): SkuState {
    switch (message.kind) {
      case "take":
      case "probe":
        return this.#take(state, message, tapped);
      case "cancel_take":
        return this.#cancel(state, message.order);
      case "forgo_take":
        return this.#forgo(state, message.order);
      default:
        throw new RangeError(`a Sku is sent no ${message.kind}`);
    }
  }

  happen(state: SkuState, event: SkuEvent): Step<SkuState> {
    this.#sends = [];
    if (event === "notice") {
      this.#publish(state);
      return { state, sends: this.#sends };
    }
    return { state: kept({ ...state, sale: this.#after(state.sale, event) }), sends: this.#sends };
  }

  /** The outbox sends a grant, for the first time or again. */
  sendGrant(state: SkuState, order: number): Step<SkuState> {
    this.#sends = [];
    this.#send("granted", order, state.takes[order]?.epoch ?? 0);
    return { state, sends: this.#sends };
  }

  #send(...message: Parameters<Scene["messages"]["id"]>): void {
    this.#sends.push(this.#scene.messages.id(...message));
  }

  // ---- take

  /** The order whose row answers for this one: itself, unless takes are kept by the client's text alone. */
  #rowOf(state: SkuState, order: number): number {
    if (this.#scene.rules.identity !== "sku_by_text" || state.takes[order]) return order;
    return this.#scene.twinsOf(order).find((twin) => state.takes[twin]) ?? order;
  }

  #take(state: SkuState, message: Message, tapped: boolean): SkuState {
    const { rules } = this.#scene;
    const { order, epoch } = message;
    const { quantity } = this.#scene.plan(order);
    const probe = message.kind === "probe";
    const via = probe ? BY_ACCOUNT : message.detail;
    const known = state.takes[this.#rowOf(state, order)] ?? undefined;
    const command = { epoch, quantity, probe };
    const outcome = decideTake(state.sale, known, command, OPENS_AT_MS, rules.law);
    const answer = reordered(outcome.answer, state.sale, epoch, rules.closedBeforeStale);
    if (!outcome.grant) {
      this.#answer(state, order, epoch, via, answer);
      return state;
    }
    if (epoch !== state.sale.epoch) throw new Breach("I8 granted under an old epoch");
    if (via === BY_ACCOUNT && rules.countsTapsBySku && !tapped)
      throw new Breach("I9 granted without a tap that was handled at or after the opening");
    const next: SkuState = {
      sale: outcome.grant.sale,
      takes: state.takes.with(order, outcome.grant.take),
      grantRows: state.grantRows | (1 << order),
    };
    this.#answer(next, order, epoch, via, answer);
    return next;
  }

  #answer(state: SkuState, order: number, stamp: number, via: number, answer: TakeAnswer): void {
    if (answer.kind === "sold_out")
      this.#send("said_sold_out", -1, state.sale.epoch, this.#scene.plan(order).quantity);
    if (via === BY_DOOR) this.#answerDoor(state, order, stamp, answer);
    else this.#answerAccount(order, stamp, answer);
  }

  #answerDoor(state: SkuState, order: number, stamp: number, answer: TakeAnswer): void {
    const { rules } = this.#scene;
    if (answer.kind === "granted") return this.#send("told_granted", order);
    if (!this.#isVerdict(answer, stamp)) return;
    const isExchangedForStamp =
      answer.kind === "stale" && (rules.restamp === "any_time" || rules.restamp === "on_stale");
    if (isExchangedForStamp) return;
    if (rules.gateRefusalIsFinal) this.#send("told_refused", order);
    if (answer.kind !== "sold_out" || rules.gateCache === "none") return;
    const notice = noticeOf(this.#scene, state);
    if (notice?.upTo === state.sale.epoch)
      this.#send("door_notice", -1, notice.upTo, this.#doorList(state, notice.named));
  }

  #doorList(state: SkuState, named: number): number {
    if (this.#scene.rules.gateListsAllEpochs) return named;
    return named & bitsOf(state, (take) => take.epoch === state.sale.epoch);
  }

  #answerAccount(order: number, stamp: number, answer: TakeAnswer): void {
    if (answer.kind === "granted") return this.#send("granted", order, answer.epoch);
    if (answer.kind === "not_open" && this.#scene.rules.notOpenClearsTap)
      return this.#send("not_open", order, stamp);
    // What is no verdict changes nothing at an Account, so it need not be sent: the alarm asks again anyway.
    if (!this.#isVerdict(answer, stamp)) return;
    if (answer.kind === "forgone") return this.#send("forgone", order);
    if (answer.kind === "not_open") return this.#send("not_open", order, stamp);
    if (answer.kind === "stale") return this.#send("stale", order, stamp, answer.epoch);
    // To an Account `sold_out` and `closed` are one word: final for the stamp they name.
    this.#send("refused", order, stamp);
  }

  #isVerdict(answer: TakeAnswer, stamp: number): boolean {
    return finalWord(answer, { epoch: stamp }, this.#scene.rules.law) !== null;
  }

  // ---- cancel, forgo

  #cancel(state: SkuState, order: number): SkuState {
    const { rules } = this.#scene;
    const row = this.#rowOf(state, order);
    const outcome = cancelTake(state.sale, state.takes[row] ?? undefined, OPENS_AT_MS, rules.law);
    if (outcome === "already") return state;
    const raise = rules.cancelRaisesEpoch ? 1 : 0;
    return {
      ...state,
      sale: { ...outcome.sale, epoch: outcome.sale.epoch + raise },
      takes: state.takes.with(row, rules.keepsCancelledTakes ? outcome.take : null),
    };
  }

  #forgo(state: SkuState, order: number): SkuState {
    const row = this.#rowOf(state, order);
    const { quantity } = this.#scene.plan(order);
    const outcome = decideForgo(state.takes[row] ?? undefined, 0, quantity, OPENS_AT_MS);
    this.#answerAccount(order, 0, outcome.answer);
    return outcome.take ? { ...state, takes: state.takes.with(order, outcome.take) } : state;
  }

  // ---- the sale

  #after(sale: Sale, event: Exclude<SkuEvent, "notice">): Sale {
    const { law, closeIsLatched } = this.#scene.rules;
    switch (event) {
      case "open":
        return advance(sale, OPENS_AT_MS, law);
      case "wave":
        return wave(sale, law);
      case "units move out":
        return moveOut(sale).sale;
      case "restock":
        return restock(sale, 1, law);
      case "pause":
      case "resume":
        return changed(sale, { kind: event }, law);
      case "rest":
        return rest(sale);
      case "close":
        return changed(
          sale,
          { kind: event },
          closeIsLatched ? law : { ...law, closeRaisesEpoch: false },
        );
      case "extend": {
        const later = extend(sale, sale.terms.closesAtMs + 1, law);
        if (later === "conflict" || sale.status !== "closed")
          return later === "conflict" ? sale : later;
        return { ...later, shelf: sale.movedOut, movedOut: 0 };
      }
      case "clock steps back over the close":
        return { ...sale, status: "open", shelf: sale.movedOut, movedOut: 0 };
      case "next sale scheduled": {
        // The product makes a new sale; the same instance again is harder, because old stamps still name it.
        const again: Sale = { ...sale, status: "draft", shelf: sale.movedOut, movedOut: 0 };
        return changed(again, { kind: "schedule" }, law);
      }
    }
  }

  /** Whether a notice can be published, and what it would change: only I3 and the receivers look at it. */
  #publish(state: SkuState): void {
    const { rules, bounds } = this.#scene;
    const notice = noticeOf(this.#scene, state);
    if (!notice) return;
    const { upTo, named } = notice;
    if (state.sale.status === "open" && upTo === state.sale.epoch)
      this.#send("said_sold_out", -1, upTo, 1);
    if (rules.gateCache === "frozen") this.#send("door_notice", -1, upTo, named);
    for (let bucket = 0; bucket < bounds.buckets; bucket += 1)
      this.#send("notice", -1, upTo, noticeDetail(named, bucket));
  }
}

function kept(state: SkuState): SkuState {
  return {
    sale: forgetSale(state.sale),
    takes: state.takes.map((take) => take && forgetTake(take)),
    grantRows: state.grantRows,
  };
}

function changed(sale: Sale, command: SaleCommand, law: typeof LAW): Sale {
  const next = changeStatus(sale, command, OPENS_AT_MS, law);
  invariant(next !== "conflict", `the checker asks for no ${command.kind} that makes no sense`);
  return next;
}

function bitsOf(state: SkuState, isWanted: (take: Take) => boolean): number {
  let bits = 0;
  state.takes.forEach((take, at) => {
    if (take && take.state !== "forgone" && isWanted(take)) bits |= 1 << at;
  });
  return bits;
}

/** The variant that looks at the stamp before the close; both answers are final for the stamp. */
function reordered(
  answer: TakeAnswer,
  sale: Sale,
  stamp: number,
  closedBeforeStale: boolean,
): TakeAnswer {
  if (closedBeforeStale || answer.kind !== "closed" || stamp >= sale.epoch) return answer;
  return { kind: "stale", stamp, epoch: sale.epoch };
}
