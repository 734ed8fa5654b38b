/** No rule without a mutant: the lists of the protocol and of its design, by name, and every switch there is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CASH_LAW } from "../../worker/accounts/orders/law.ts";
import { RIGHTS_LAW } from "../../worker/fulfilment/core/law.ts";
import { ALIPAY_LAW } from "../../worker/payments/alipay/law.ts";
import { LAW } from "../../worker/redemption/law.ts";
import { MUTANTS as MODELS } from "../model/mutants.ts";
import { MUTANTS } from "./mutants.ts";
import { PLATFORM_LAW } from "./runtime/simulation.ts";

const PROTOCOL = join(import.meta.dirname, "../../docs/protocol.md");

/** What the design asks to be kept in CI, and the mutants that do it. */
const ASKED_FOR = {
  "no idempotency": ["M1", "M8"],
  "void on restart": ["F3"],
  "void on timeout": ["M2"],
  "no recovery": ["M11", "M10c", "M13b"],
  "retry as a new id": ["F1", "E1"],
  "acknowledge before the commit": ["H12"],
  "no epoch": ["M3", "M4", "M4b", "H11"],
  "a void id lives again": ["M5"],
  "double cancel": ["M9", "M9b"],
  "flush without version": ["F2"],
  "outbox not in the commit": ["M10", "M10b", "E2"],
  "limit counts posted holds only": ["M12"],
  "known id after the epoch check": ["H13"],
  "one code, one order": ["V1", "V2", "V3"],
  "cash that is not conserved": ["C1", "C2", "C3", "C4", "C5", "C6", "A1", "A2"],
  "points and stored value that are not conserved": ["T1", "T2", "T3", "S1"],
  "one code, one use": ["W1", "W2", "W3"],
  "booked or paid back": ["U1", "U2"],
} as const;

const ids = MUTANTS.map(({ id }) => id);

describe("mutants", () => {
  it("drop every rule of cash, of Alipay, of rights and of top-ups", () => {
    const dropped = new Set<string | undefined>(
      MUTANTS.flatMap(({ cashRule, rightsRule, alipayRule }) => [cashRule, rightsRule, alipayRule]),
    );
    const rules = Object.keys({ ...CASH_LAW, ...RIGHTS_LAW, ...ALIPAY_LAW });
    expect(rules.filter((rule) => !dropped.has(rule))).toEqual([]);
  });

  it("have one name each and are killed by an invariant, or say why not", () => {
    expect(new Set(ids).size).toBe(ids.length);
    const mute = MUTANTS.filter(({ killedBy, why }) => killedBy.length === 0 && !why);
    expect(mute.map(({ id }) => id)).toEqual([]);
  });

  it("cover what the design asks for", () => {
    const missing = Object.entries(ASKED_FOR).flatMap(([name, wanted]) =>
      wanted.filter((id) => !ids.includes(id)).map((id) => `${name}: ${id}`),
    );
    expect(missing).toEqual([]);
  });

  it("cover every M of the protocol's table", () => {
    const named = [...readFileSync(PROTOCOL, "utf8").matchAll(/^\| (M\d+[a-z]?) (?:▲ )?\|/gm)].map(
      (match) => match[1] ?? "",
    );
    expect(named.length).toBeGreaterThanOrEqual(15);
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("drop every promise of the platform, and with the model's every rule of the law", () => {
    const rules = new Set<string | undefined>([
      ...MUTANTS.map(({ rule }) => rule),
      ...MODELS.flatMap(({ change }) => Object.keys(change.law ?? {})),
    ]);
    expect(Object.keys(LAW).filter((rule) => !rules.has(rule))).toEqual([]);
    const dropped = new Set(MUTANTS.flatMap(({ platform }) => Object.keys(platform ?? {})));
    expect(Object.keys(PLATFORM_LAW).filter((promise) => !dropped.has(promise))).toEqual([]);
  });
});
