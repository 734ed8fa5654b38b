/** What members of a life earn beside its sale, and what they give back: orders, returns, check-ins, claw-backs. */
import type { Random } from "../../worker/testing/simulation/random.ts";
import type { Plan } from "./plan.ts";

export type EarnAct =
  | {
      readonly kind: "order";
      readonly amountFen: number;
      /** Of which so much comes back, in parts; 0: nothing. */
      readonly returnsFen: readonly number[];
    }
  | { readonly kind: "check_in" }
  | { readonly kind: "claw_back"; readonly points: number };

export interface Earning {
  readonly memberId: string;
  /** From the opening on, one after the other. */
  readonly startsAtMs: number;
  readonly acts: readonly EarnAct[];
}

/** Not every life earns: those that do are slower, and the others find what they find. */
const SHARE = 0.25;
const MEMBERS_MAX = 12;

/** Empty: nobody earns. Drawn apart from the rest of a life, so that a life that does not earn stays what it was. */
export function makeEarnings(random: Random, plan: Plan): readonly Earning[] {
  if (!random.chance(SHARE)) return [];
  return plan.members.slice(0, MEMBERS_MAX).map(({ memberId }) => ({
    memberId,
    startsAtMs: random.below(6_000),
    acts: Array.from({ length: 1 + random.below(4) }, () => makeAct(random)),
  }));
}

function makeAct(random: Random): EarnAct {
  const roll = random.next();
  if (roll < 0.25) return { kind: "check_in" };
  if (roll < 0.4) return { kind: "claw_back", points: 1 + random.below(30) };
  const amountFen = 100 + random.below(4_000);
  const first = random.chance(0.5) ? 1 + random.below(amountFen) : 0;
  const returnsFen =
    first === 0
      ? []
      : random.chance(0.4) && first < amountFen
        ? [first, amountFen - first]
        : [first];
  return { kind: "order", amountFen, returnsFen };
}
