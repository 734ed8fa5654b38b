/** Asks providers about top-ups whose word was lost. Each call was claimed in a commit before; its answer is applied in one. */
import { splitMemberKey } from "../../kernel/ids.ts";
import { payerTrait, type PaymentProvider, type ProviderName } from "../../payments/index.ts";
import type { CommitQueue } from "../../platform/commit-queue.ts";
import { describeError, log } from "../../platform/log.ts";
import { claimTopUp, isOverdue, type TopUp } from "../stored-value/index.ts";
import type { AccountStore } from "../store.ts";
import type { StoredDesk } from "./stored-desk.ts";

export interface TopUpWorksPorts {
  readonly store: AccountStore;
  readonly commits: CommitQueue;
  readonly desk: StoredDesk;
  readonly now: () => number;
  readonly providers: (programmeId: string) => Promise<ReadonlyMap<ProviderName, PaymentProvider>>;
  /** A provider said who paid, in a commit of its own cause. */
  readonly payerHeard: (memberKey: string, payment: string | null) => void;
}

export class TopUpWorks {
  readonly #ports: TopUpWorksPorts;

  constructor(ports: TopUpWorksPorts) {
    this.#ports = ports;
  }

  /** Part of a commit: writes down when each is asked again, and says which to ask now. */
  claim(nowMs: number, count: number): TopUp[] {
    const due = this.#ports.store.stored.dueTopUps(nowMs, count);
    for (const topUp of due) this.#ports.store.stored.saveTopUp(claimTopUp(topUp, nowMs));
    return due;
  }

  /** Never throws: the claim says when it is tried again. */
  async ask(topUp: TopUp): Promise<void> {
    const { memberKey, topUpId, paymentId } = topUp;
    const { desk, commits, now, providers, payerHeard } = this.#ports;
    try {
      const own = await providers(splitMemberKey(memberKey).programmeId);
      const provider = own.get(topUp.provider as ProviderName);
      if (!provider) return;
      const word = isOverdue(topUp, now())
        ? await provider.close(paymentId, now())
        : await provider.query(paymentId, now());
      await commits.run(() => {
        if (word.kind === "paid") {
          payerHeard(memberKey, payerTrait(provider, word));
          desk.receive(memberKey, topUpId, word.paid, now());
        }
        // Once its time is over by the provider's clock, what is unknown there cannot begin any more.
        const isOver =
          word.kind === "closed" || (word.kind === "unknown" && isOverdue(topUp, word.atMs));
        if (isOver) desk.closed(memberKey, topUpId);
      });
    } catch (error) {
      log("top_up_work_failed", { error: describeError(error) });
    }
  }
}
