/** Card codes on their way in and out: sealed before they reach their object, opened for whoever may see them. */
import { memberKeyOf, skuKeyOf } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { openVault } from "../vault/index.ts";
import type { OrderRef } from "./address-book.ts";
import type {
  KeptCode,
  ImportReply,
  IssueReply,
  RevealRecord,
  TakeBackReply,
  VaultStanding,
} from "./code-vault-object.ts";

export type RevealedCodes =
  | {
      readonly kind: "revealed";
      readonly codes: readonly string[];
      readonly isFirst: boolean;
      readonly firstAtMs: number;
    }
  | { readonly kind: "reason_needed"; readonly firstAtMs: number }
  | { readonly kind: "not_issued" };

export const CODE_LENGTH_MAX = 200;

export class CodeDesk {
  readonly #env: Env;
  readonly #programmeId: string;

  constructor(env: Env, programmeId: string) {
    this.#env = env;
    this.#programmeId = programmeId;
  }

  #vaultOf(skuId: string) {
    return stubOf(this.#env.CODES, skuKeyOf(this.#programmeId, skuId), this.#env);
  }

  #orderKey({ memberId, orderId }: OrderRef): string {
    return `${memberKeyOf(this.#programmeId, memberId)} ${orderId}`;
  }

  async import(skuId: string, batchId: string, codes: readonly string[]): Promise<ImportReply> {
    const vault = await openVault(this.#env, this.#programmeId);
    const sealed = codes.map((code) => ({
      sealed: vault.seal(`code:${skuId}`, code),
      print: vault.fingerprint(`code:${skuId}`, code),
    }));
    return this.#vaultOf(skuId).import(batchId, sealed);
  }

  issue(skuId: string, order: OrderRef, quantity: number): Promise<IssueReply> {
    return this.#vaultOf(skuId).issue(this.#orderKey(order), quantity);
  }

  async reveal(skuId: string, order: OrderRef, by: string, reason: string): Promise<RevealedCodes> {
    const orderKey = this.#orderKey(order);
    const reply = await this.#vaultOf(skuId).reveal({ orderKey, by, reason });
    if (reply.kind !== "revealed") return reply;
    const vault = await openVault(this.#env, this.#programmeId);
    const codes = await Promise.all(reply.sealed.map((one) => vault.open(`code:${skuId}`, one)));
    return { kind: "revealed", codes, isFirst: reply.isFirst, firstAtMs: reply.firstAtMs };
  }

  takeBack(skuId: string, order: OrderRef, quantity: number): Promise<TakeBackReply> {
    return this.#vaultOf(skuId).takeBack(this.#orderKey(order), quantity);
  }

  withdraw(skuId: string, batchId: string): Promise<{ withdrawn: number }> {
    return this.#vaultOf(skuId).withdraw(batchId);
  }

  standing(skuId: string): Promise<VaultStanding> {
    return this.#vaultOf(skuId).standing();
  }

  looks(skuId: string, order: OrderRef): Promise<RevealRecord[]> {
    return this.#vaultOf(skuId).looks(this.#orderKey(order));
  }

  /** After a rotation: seals some codes anew. Those that open by no key we have stay as they are. */
  async reseal(skuId: string): Promise<void> {
    const vault = await openVault(this.#env, this.#programmeId);
    const stub = this.#vaultOf(skuId);
    const context = `code:${skuId}`;
    for (let after = 0; ;) {
      const old = await stub.sealedUnderOthers(vault.version, after);
      const fresh: KeptCode[] = [];
      const sealAnew = async ({ codeId, sealed }: KeptCode): Promise<void> => {
        fresh.push({ codeId, sealed: vault.seal(context, await vault.open(context, sealed)) });
      };
      await attemptEach("reseal", old, sealAnew, old.length);
      if (fresh.length > 0) return stub.resealed(fresh);
      const last = old.at(-1);
      if (!last) return;
      after = last.codeId;
    }
  }
}
