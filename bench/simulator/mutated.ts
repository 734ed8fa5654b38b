/** A life with one rule dropped. The laws are constant for the product; only here they are written to. */
import { CASH_LAW } from "../../worker/accounts/orders/law.ts";
import { RIGHTS_LAW } from "../../worker/fulfilment/core/law.ts";
import { ALIPAY_LAW } from "../../worker/payments/alipay/law.ts";
import { LAW } from "../../worker/redemption/law.ts";
import type { Mutant } from "./mutants.ts";
import { PLATFORM_LAW, type PlatformLaw } from "./runtime/simulation.ts";

export function platformOf(mutant: Mutant | undefined): PlatformLaw {
  return { ...PLATFORM_LAW, ...mutant?.platform };
}

/** Runs `work` with the mutant's rule dropped. */
export async function withMutant<T>(
  mutant: Mutant | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const dropped = [
    ruleOf(LAW, mutant?.rule),
    ruleOf(CASH_LAW, mutant?.cashRule),
    ruleOf(RIGHTS_LAW, mutant?.rightsRule),
    ruleOf(ALIPAY_LAW, mutant?.alipayRule),
  ];
  for (const set of dropped) set(false);
  try {
    return await work();
  } finally {
    for (const set of dropped) set(true);
  }
}

function ruleOf<Laws extends object>(laws: Laws, rule: keyof Laws | undefined) {
  return (isKept: boolean): void => {
    if (rule !== undefined) Object.assign(laws, { [rule]: isKept });
  };
}
