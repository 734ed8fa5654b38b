/**
 * Everything that may be on its way, numbered. The network is a set of these numbers that only grows: delivering
 * removes nothing, so each message may be late, doubled, reordered, or, by never being delivered, lost.
 */

export type MessageKind =
  | "ticket"
  | "redeem"
  | "cancel"
  | "forgo"
  | "pay"
  | "granted"
  | "refused"
  | "stale"
  | "forgone"
  | "not_open"
  | "notice"
  | "take"
  | "probe"
  | "cancel_take"
  | "forgo_take"
  | "share"
  | "grab"
  | "door_notice"
  | "told_granted"
  | "told_refused"
  | "said_sold_out";

export type Receiver = "account" | "sku" | "gate" | "worker" | "client";

const RECEIVERS: Readonly<Record<MessageKind, Receiver>> = {
  ticket: "account",
  redeem: "account",
  cancel: "account",
  forgo: "account",
  pay: "account",
  granted: "account",
  refused: "account",
  stale: "account",
  forgone: "account",
  not_open: "account",
  notice: "account",
  take: "sku",
  probe: "sku",
  cancel_take: "sku",
  forgo_take: "sku",
  share: "worker",
  grab: "gate",
  door_notice: "gate",
  told_granted: "client",
  told_refused: "client",
  said_sold_out: "client",
};
const KINDS = Object.keys(RECEIVERS) as readonly MessageKind[];

/** `detail` of a take: who brought it. */
export const BY_DOOR = 0;
export const BY_ACCOUNT = 1;
/** A notice carries a bit per order that it names, and above them the bucket it goes to. */
const BUCKET_SHIFT = 8;

export interface Message {
  readonly id: number;
  readonly kind: MessageKind;
  readonly to: Receiver;
  /** Position of the order in the bounds; -1: about none. */
  readonly order: number;
  /** The stamp it names; of a notice, the epoch up to which it speaks; 0: none. */
  readonly epoch: number;
  /** By kind: who brought a take, the current epoch of a `stale`, the orders of a notice, the quantity refused. */
  readonly detail: number;
}

export const noticeDetail = (named: number, bucket: number): number =>
  named | (bucket << BUCKET_SHIFT);
export const namedBy = (notice: Message): number => notice.detail & ((1 << BUCKET_SHIFT) - 1);
export const bucketOfNotice = (notice: Message): number => notice.detail >> BUCKET_SHIFT;

/** Numbers messages in the order in which a search first meets them. */
export class MessageTable {
  readonly #max: number;
  readonly #ids = new Map<number, number>();
  readonly #messages: Message[] = [];

  /** Throws RangeError when a search needs more than `max` distinct messages. */
  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#messages.length;
  }

  at(id: number): Message {
    const message = this.#messages[id];
    if (!message) throw new RangeError(`no message ${id}`);
    return message;
  }

  id(kind: MessageKind, order: number, epoch = 0, detail = 0): number {
    const key = keyOf(kind, order, epoch, detail);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#messages.length;
    if (id >= this.#max) throw new RangeError(`more than ${this.#max} distinct messages`);
    this.#messages.push({ id, kind, to: RECEIVERS[kind], order, epoch, detail });
    this.#ids.set(key, id);
    return id;
  }

  /** The number of a message that may never have been sent. */
  find(kind: MessageKind, order: number, epoch = 0, detail = 0): number | undefined {
    return this.#ids.get(keyOf(kind, order, epoch, detail));
  }
}

function keyOf(kind: MessageKind, order: number, epoch: number, detail: number): number {
  return ((KINDS.indexOf(kind) * 16 + order + 1) * 32 + epoch) * 4_096 + detail;
}

/** `take(o0 e1 by door)`. */
export function describeMessage(message: Message): string {
  const { kind, order, epoch, detail } = message;
  const o = `o${order}`;
  switch (kind) {
    case "take":
      return `take(${o} e${epoch} by ${detail === BY_DOOR ? "door" : "account"})`;
    case "stale":
      return `stale(${o} e${epoch}, now e${detail})`;
    case "share":
    case "notice":
    case "door_notice":
      return `${kind}(up to e${epoch}, names ${nameOrders(namedBy(message))})`;
    case "said_sold_out":
      return `sold_out said for ${detail} in e${epoch}`;
    case "told_granted":
      return `${o} told granted`;
    case "told_refused":
      return `${o} told refused`;
    default:
      return epoch === 0 ? `${kind}(${o})` : `${kind}(${o} e${epoch})`;
  }
}

/** `o0 o2`, or `nobody`. */
export function nameOrders(bits: number): string {
  const names: string[] = [];
  for (let at = 0; bits >> at > 0; at += 1) if ((bits >> at) & 1) names.push(`o${at}`);
  return names.length === 0 ? "nobody" : names.join(" ");
}
