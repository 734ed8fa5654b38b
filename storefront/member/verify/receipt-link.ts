import type { ReceiptView } from "../../../worker/pages/wire.ts";

/** In the fragment, which browsers never send: who verifies learns nothing about who asks. */
export function receiptLink(receipt: ReceiptView): string {
  return `/verify#${encodeURIComponent(JSON.stringify(receipt))}`;
}

export function receiptFrom(hash: string): string | null {
  if (hash.length < 2) return null;
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return null;
  }
}
