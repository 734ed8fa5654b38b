/** Asks Skus about orders, a batch per sale, one batch in flight: requests that arrive meanwhile share the next. */
import { parseSaleId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { describeError, log } from "../platform/log.ts";
import {
  packItems,
  unpackAnswers,
  type SaleStanding,
  type TakeAnswer,
  type TakeBatch,
  type TakeBatchReply,
  type TakeItem,
} from "../redemption/index.ts";
import { asksByProbe } from "./decisions.ts";
import type { Order } from "./orders.ts";

interface Question {
  readonly item: TakeItem;
  readonly done: (answer: TakeAnswer | null) => void;
}

interface Line {
  questions: Question[];
  /** Ordinals of grants that are posted here. */
  acks: number[];
  isAsking: boolean;
  ackTimer: ReturnType<typeof setTimeout> | null;
}

interface SkuPeer {
  takeBatch(batch: TakeBatch): Promise<TakeBatchReply | null>;
  ack(saleId: string, ordinals: readonly number[]): Promise<void>;
}

/** Acknowledgements ride on the next batch; alone they leave after this. */
const ACK_ALONE_AFTER_MS = 150;
/** An answer that takes longer is no answer: the member is told `pending` and the alarm asks again. */
const PATIENCE_MS = 8_000;

export class Asker {
  readonly #lines = new Map<string, Line>();
  readonly #sku: (skuKey: string) => SkuPeer;
  readonly #learn: (standing: SaleStanding) => void;

  constructor(sku: (skuKey: string) => SkuPeer, learn: (standing: SaleStanding) => void) {
    this.#sku = sku;
    this.#learn = learn;
  }

  /** The Sku's answer, or null when it could not be had. `take` only for an order its member tapped. */
  ask(order: Order): Promise<TakeAnswer | null> {
    const { memberKey, orderId, epoch, quantity } = order;
    return new Promise((done) => {
      const line = this.#line(order.saleId);
      const item = { memberKey, orderId, epoch, quantity, probe: asksByProbe(order) };
      line.questions.push({ item, done });
      if (line.isAsking) return;
      line.isAsking = true;
      // Orders held by one commit ask at the same moment; a turn later they are one batch and not one plus the rest.
      setTimeout(() => void this.#run(order.saleId, line), 0);
    });
  }

  /** A grant of this sale is posted: its Sku need not send it. */
  acknowledge(saleId: string, ordinal: number): void {
    const line = this.#line(saleId);
    line.acks.push(ordinal);
    line.ackTimer ??= setTimeout(() => void this.#ackAlone(saleId, line), ACK_ALONE_AFTER_MS);
  }

  #line(saleId: string): Line {
    let line = this.#lines.get(saleId);
    if (!line) {
      line = { questions: [], acks: [], isAsking: false, ackTimer: null };
      this.#lines.set(saleId, line);
    }
    return line;
  }

  async #run(saleId: string, line: Line): Promise<void> {
    while (line.questions.length > 0) {
      const batch = line.questions.splice(0, LIMITS.takesPerBatchMax);
      const acks = line.acks.splice(0, LIMITS.outboxBatchMax);
      const answers = await this.#send(saleId, batch, acks);
      batch.forEach((question, at) => question.done(answers?.[at] ?? null));
    }
    line.isAsking = false;
  }

  /** Answers in the order of the questions; null: none could be had. It never throws, or the line would stand still. */
  async #send(
    saleId: string,
    batch: readonly Question[],
    acks: number[],
  ): Promise<TakeAnswer[] | null> {
    const address = parseSaleId(saleId);
    if (!address) return null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const patience = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), PATIENCE_MS);
    });
    try {
      const items = packItems(batch.map((question) => question.item));
      globalThis.failpoints?.reach("account:ask:before-send");
      const call = this.#sku(address.skuKey).takeBatch({ saleId, via: "account", items, acks });
      const reply = await Promise.race([call, patience]);
      globalThis.failpoints?.reach("account:ask:after-reply");
      if (!reply) return null;
      this.#learn(reply.standing);
      return unpackAnswers(reply.answers, batch.length);
    } catch (error) {
      log("ask_failed", { saleId, questions: batch.length, error: describeError(error) });
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  async #ackAlone(saleId: string, line: Line): Promise<void> {
    line.ackTimer = null;
    const acks = line.acks.splice(0);
    const address = parseSaleId(saleId);
    if (acks.length === 0 || !address) return;
    try {
      globalThis.failpoints?.reach("account:acks:before-send");
      await this.#sku(address.skuKey).ack(saleId, acks);
    } catch (error) {
      // The Sku sends the grant again and learns then that it is settled.
      log("ack_failed", { saleId, error: describeError(error) });
    }
  }
}
