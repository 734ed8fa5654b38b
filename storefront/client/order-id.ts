/**
 * Order ids are made here and stored before anything is sent: every repeat (a second tap, a reload,
 * a second tab, a retry) then carries the same id, and one id settles once.
 */
export interface StoredOrder {
  orderId: string;
  quantity: number;
  epoch: number;
  /** ticket: booked or being booked; sent: the member tapped; granted: settled in the member's favour. */
  phase: "ticket" | "sent" | "granted";
  /** The id this one exchanges, so that a reload in the middle repeats the same exchange. */
  replaces?: string;
}

export interface OrderStore {
  read(): StoredOrder | null;
  write(order: StoredOrder | null): void;
  /** Calls back when another tab wrote; returns the way to stop. */
  watch(changed: (order: StoredOrder | null) => void): () => void;
}

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const ID_LENGTH = 26;

export function newOrderId(
  fill: (bytes: Uint8Array<ArrayBuffer>) => unknown = (bytes) => crypto.getRandomValues(bytes),
): string {
  let id = "";
  while (id.length < ID_LENGTH) {
    const bytes = new Uint8Array(ID_LENGTH * 2);
    fill(bytes);
    for (const byte of bytes) {
      // 248 = 4 × 62: larger bytes would favour the first letters.
      if (byte < 248 && id.length < ID_LENGTH) id += ALPHABET.charAt(byte % 62);
    }
  }
  return id;
}

export function parseStoredOrder(text: string | null): StoredOrder | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<StoredOrder> | null;
    if (
      value === null ||
      typeof value.orderId !== "string" ||
      !/^[0-9A-Za-z_-]{16,40}$/.test(value.orderId)
    )
      return null;
    if (typeof value.quantity !== "number" || typeof value.epoch !== "number") return null;
    if (value.phase !== "ticket" && value.phase !== "sent" && value.phase !== "granted")
      return null;
    return value as StoredOrder;
  } catch {
    return null;
  }
}

/** The store of one member in one sale. Private windows may refuse storage; memory then serves this visit. */
export function orderStore(saleId: string, memberId: string): OrderStore {
  const key = `qd:order:${saleId}:${memberId}`;
  let memory: string | null = null;
  return {
    read() {
      try {
        return parseStoredOrder(localStorage.getItem(key));
      } catch {
        return parseStoredOrder(memory);
      }
    },
    write(order) {
      memory = order === null ? null : JSON.stringify(order);
      try {
        if (memory === null) localStorage.removeItem(key);
        else localStorage.setItem(key, memory);
      } catch {
        // Kept in memory above: the server still settles one id once.
      }
    },
    watch(changed) {
      const listen = (event: StorageEvent): void => {
        if (event.key === key) changed(parseStoredOrder(event.newValue));
      };
      addEventListener("storage", listen);
      return () => removeEventListener("storage", listen);
    },
  };
}
