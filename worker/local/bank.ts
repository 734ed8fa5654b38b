/** The pretended bank beside a local server. Its keys are kept with the data, as the other secrets are. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Bank } from "../testing/bank/bank.ts";
import { newBankKeys, type BankKeys } from "../testing/bank/keys.ts";

export async function openBank(dataDir: string, origin: () => string): Promise<Bank> {
  const path = join(dataDir, "bank-keys.json");
  const keys = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as BankKeys)
    : await newBankKeys();
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600 });
  return new Bank({
    keys,
    origin,
    now: () => Date.now(),
    deliver: ({ url, headers, body }) => fetch(url, { method: "POST", headers, body }),
  });
}
