/** The pretended bank beside a local server. Its keys and its trades are kept with the data, as what the mall knows of them is. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Bank, type BankPorts } from "../testing/bank/bank.ts";
import { newBankKeys, type BankKeys } from "../testing/bank/keys.ts";
import { Ledger, type Trade } from "../testing/bank/trades.ts";

export interface OpenBank {
  readonly bank: Bank;
  /** After a request: its trades are written down soon, so that it knows them after a restart as well. */
  touched(): void;
  close(): void;
}

const WRITE_AFTER_MS = 100;

const keptIn = (path: string): unknown =>
  existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : null;

export async function openBank(dataDir: string, origin: () => string): Promise<OpenBank> {
  const keysPath = join(dataDir, "bank-keys.json");
  const tradesPath = join(dataDir, "bank-trades.json");
  const keys = (keptIn(keysPath) as BankKeys | null) ?? (await newBankKeys());
  writeFileSync(keysPath, JSON.stringify(keys), { mode: 0o600 });
  const ledger = new Ledger((keptIn(tradesPath) as Trade[] | null) ?? []);
  const ports: BankPorts = {
    ...{ keys, origin, now: () => Date.now() },
    deliver: ({ url, headers, body }) => fetch(url, { method: "POST", headers, body }),
  };
  let timer: NodeJS.Timeout | null = null;
  const close = (): void => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    writeFileSync(tradesPath, JSON.stringify([...ledger.trades.values()]));
  };
  const touched = (): void => void (timer ??= setTimeout(close, WRITE_AFTER_MS));
  return { bank: new Bank(ports, ledger), touched, close };
}
