/** What an Account knows of sales: their terms by version, where they stand, how far they are frozen. */
import { parseSaleId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import type { FinalRefusal } from "../kernel/refusal.ts";
import type { FrozenEpoch, SaleSnapshot, SaleStanding, SaleTerms } from "../redemption/index.ts";
import type { AccountStore } from "./store.ts";

export interface SaleKnowledge {
  readonly terms: SaleTerms;
  readonly standing: SaleStanding;
}

interface FrozenRow {
  readonly upTo: number;
  readonly refusal: FinalRefusal;
}

export class SaleDirectory {
  readonly #store: AccountStore;
  readonly #fetch: (skuKey: string, saleId: string) => Promise<SaleSnapshot | null>;
  readonly #known = new Lru<string, SaleKnowledge>(LIMITS.cachedSalesMax);
  readonly #frozen = new Lru<string, readonly FrozenRow[]>(LIMITS.cachedSalesMax);
  readonly #loading = new Map<string, Promise<SaleKnowledge | null>>();

  constructor(
    store: AccountStore,
    fetch: (skuKey: string, saleId: string) => Promise<SaleSnapshot | null>,
  ) {
    this.#store = store;
    this.#fetch = fetch;
  }

  forget(): void {
    this.#frozen.clear();
  }

  known(saleId: string): SaleKnowledge | null {
    return this.#known.get(saleId) ?? null;
  }

  /**
   * Terms and standing, asking the Sku when nothing is known, when the request names an epoch not read yet, and while
   * the sale was last seen paused: nobody tells an Account that it goes on.
   */
  async load(saleId: string, epochSeen: number): Promise<SaleKnowledge | null> {
    const known = this.#known.get(saleId);
    const isUsable = known !== undefined && known.standing.status !== "paused";
    if (isUsable && known.standing.epoch >= epochSeen) return known;
    return this.#refresh(saleId);
  }

  /** Requests that arrive while the Sku is being asked share its answer. */
  #refresh(saleId: string): Promise<SaleKnowledge | null> {
    const running = this.#loading.get(saleId);
    if (running) return running;
    const loading = this.#load(saleId).finally(() => this.#loading.delete(saleId));
    this.#loading.set(saleId, loading);
    return loading;
  }

  async #load(saleId: string): Promise<SaleKnowledge | null> {
    const address = parseSaleId(saleId);
    const snapshot = address && (await this.#fetch(address.skuKey, saleId));
    if (!snapshot || snapshot.standing.status === "draft") return null;
    const knowledge = { terms: snapshot.terms, standing: snapshot.standing };
    this.#known.set(saleId, knowledge);
    return knowledge;
  }

  /** Takes in what a Sku's answer said; never goes back to an older word. */
  learn(standing: SaleStanding): void {
    const known = this.#known.get(standing.saleId);
    if (!known || known.standing.version > standing.version) return;
    if (standing.termsVersion === known.terms.version) {
      this.#known.set(standing.saleId, { ...known, standing });
    } else {
      this.#known.delete(standing.saleId);
    }
  }

  // ---- frozen epochs

  /** The refusal that an unknown id with this stamp gets without a row, if its epoch is frozen. */
  frozenRefusal(saleId: string, stamp: number): FinalRefusal | null {
    return this.frozen(saleId).find((row) => stamp <= row.upTo)?.refusal ?? null;
  }

  frozen(saleId: string): readonly FrozenRow[] {
    const cached = this.#frozen.get(saleId);
    if (cached) return cached;
    const rows = this.#store.frozen(saleId);
    this.#frozen.set(saleId, rows);
    return rows;
  }

  isNews(frozen: FrozenEpoch | null): frozen is FrozenEpoch {
    // `stale` is answered with a row, because the epoch it names moves on.
    if (!frozen || frozen.refusal.code === "stale") return false;
    return frozen.upTo > (this.frozen(frozen.saleId).at(-1)?.upTo ?? -1);
  }

  /** Inside a commit: from now on unknown ids stamped `upTo` or less are refused without a row. */
  freeze(frozen: FrozenEpoch): void {
    if (!this.isNews(frozen)) return;
    this.#store.insertFrozen(frozen.saleId, frozen.upTo, frozen.refusal);
    this.#frozen.delete(frozen.saleId);
    globalThis.failpoints?.mark("account:freeze");
  }
}
