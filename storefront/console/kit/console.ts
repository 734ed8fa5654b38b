import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Permission } from "../../../worker/kernel/permission.ts";
import type { StaffMe } from "../../../worker/console/wire.ts";
import type { Call } from "./client.ts";

/** What every page of the console can ask for. */
export interface Console {
  readonly call: Call;
  readonly me: StaffMe;
  /** Whether the signed-in person holds the permission. A page hides what it could not do; the server decides. */
  readonly may: (permission: Permission) => boolean;
  /** Whether they see the section that an address of the console leads to. Every other address is open. */
  readonly opens: (href: string) => boolean;
}

export const ConsoleContext = createContext<Console | null>(null);

export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (!found) throw new Error("useConsole is for pages of a section, which stand inside the shell");
  return found;
}
