import { newOrderId } from "./order-id.ts";

const KEY = "qd:device";

/**
 * What this browser knows itself by, made when an invitation is first shown or accepted: it lets the server see a person who
 * invites themself. The server keeps a keyed hash of it only. Empty where nothing can be stored.
 */
export function deviceId(): string {
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null && /^[0-9A-Za-z]{16,40}$/.test(known)) return known;
    const made = newOrderId();
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    return "";
  }
}
