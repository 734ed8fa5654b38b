/** What a door tells Accounts of final refusals: a loser's points come back at once, not at the next alarm. */
import { LIMITS } from "../kernel/limits.ts";
import { describeError, log } from "../platform/log.ts";
import type { SettleItem, SettleReply } from "./messages.ts";

interface AccountPeer {
  settle(items: readonly SettleItem[]): Promise<SettleReply>;
}

export interface LoserPorts {
  /** The bucket that a member's Account is in. */
  readonly bucketOf: (memberKey: string) => string;
  readonly account: (bucket: string) => AccountPeer;
}

const TELL_AFTER_MS = 20;

export class LoserReport {
  readonly #ports: LoserPorts;
  #waiting = new Map<string, SettleItem[]>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: LoserPorts) {
    this.#ports = ports;
  }

  /** Sent with others of its bucket, each naming its stamp. */
  add(item: SettleItem): void {
    const bucket = this.#ports.bucketOf(item.memberKey);
    const items = this.#waiting.get(bucket);
    if (items) items.push(item);
    else this.#waiting.set(bucket, [item]);
    this.#timer ??= setTimeout(() => void this.#tell(), TELL_AFTER_MS);
  }

  async #tell(): Promise<void> {
    this.#timer = null;
    globalThis.failpoints?.reach("gate:losers:before-send");
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [bucket, items] of waiting) {
      for (let at = 0; at < items.length; at += LIMITS.outboxBatchMax) {
        try {
          await this.#ports.account(bucket).settle(items.slice(at, at + LIMITS.outboxBatchMax));
        } catch (error) {
          // The Account asks by itself later; only the wait is longer.
          log("tell_account_failed", { bucket, error: describeError(error) });
        }
      }
    }
  }
}
