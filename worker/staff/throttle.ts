/** How long a sign-in waits after failures: longer and longer, and never for ever. */

const SECOND_MS = 1_000;
/** Failures are forgotten when nobody failed for so long. */
export const FORGET_MS = 3_600_000;

export type ThrottleKind = "account" | "device" | "address" | "second_step" | "setup";

/**
 * Failures that cost nothing, and the longest wait.
 *
 * An account's wait is for strangers only: whoever signed in on a device before is counted by that device, and a passkey is not
 * counted by the account at all. So nobody can lock others out by failing in their name.
 */
const POLICY: Readonly<
  Record<ThrottleKind, { readonly free: number; readonly waitMaxMs: number }>
> = {
  account: { free: 5, waitMaxMs: 15 * 60 * SECOND_MS },
  device: { free: 10, waitMaxMs: 15 * 60 * SECOND_MS },
  address: { free: 30, waitMaxMs: 60 * 60 * SECOND_MS },
  second_step: { free: 5, waitMaxMs: 15 * 60 * SECOND_MS },
  setup: { free: 5, waitMaxMs: 60 * 60 * SECOND_MS },
};

/** The wait after the n-th failure in a row, at index n − 1; the last stands for all later ones. */
export function waitsOf(kind: ThrottleKind): readonly number[] {
  const { free, waitMaxMs } = POLICY[kind];
  const waits = Array.from({ length: free - 1 }, () => 0);
  for (let waitMs = 2 * SECOND_MS; waitMs < waitMaxMs; waitMs *= 2) waits.push(waitMs);
  return [...waits, waitMaxMs];
}

/** Addresses of version 6 are given out by the /64: counting single ones would count nothing. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = ""] = address.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  return `${groups.slice(0, 4).join(":")}::/64`;
}
