/** What an open page hears on its line. The page reads its own address again; what it shows then is nobody's word but the server's. */
export interface ShownFrame {
  readonly t: "shown";
  /** When the merchant last changed what members see, by the server's clock; 0: not since this line was first opened. */
  readonly changedAtMs: number;
  /** When staff last gave a sale a command, which the page of the sale hears of at its door. */
  readonly ranAtMs: number;
  /** How long to wait until every server goes by the change. */
  readonly waitMs: number;
  /** Pages that are told together spread their reading over so long. */
  readonly withinMs: number;
}

/** Longest that a server goes on showing what it read before a change, with a little over. */
export const SETTLED_AFTER_MS = 2_600;

export const OPEN_PAGES_PATH = "/api/v1/open-pages";
/** What a page sends to keep its line from being cut; answered by the runtime itself, which wakes nobody. */
export const STILL_THERE = "?";
export const STILL_HERE = "!";

/** A command to a sale, or anything else that was set. */
export type Change = "set" | "run";
