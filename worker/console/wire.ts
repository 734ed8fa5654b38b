import type { Permission } from "../kernel/permission.ts";
import type { Locale, PageBase } from "../pages/page-data.ts";

/** The signed-in person, as the console needs to know them. */
export interface StaffMe {
  readonly staffId: string;
  /** How they are called. */
  readonly name: string;
  readonly email?: string;
  readonly programmeId: string;
  readonly permissions: readonly Permission[];
  readonly roleName?: Readonly<Record<Locale, string>>;
  /** What every figure they see is limited to: a brand, a store; absent for the whole programme. */
  readonly scopeName?: string;
  /** Where else they work; the programme they are in is among them. */
  readonly programmes?: readonly { readonly programmeId: string; readonly name: string }[];
  readonly isDevelopment?: boolean;
  /** The programme asks for a second step that this person has not set up: nothing else is open. */
  readonly needsSecondStep?: boolean;
}

/** What the console's page carries, so that its first view asks for nothing. */
export interface ConsoleStart {
  readonly locale: Locale;
  readonly scheme: "auto" | "light" | "dark";
  readonly programme: PageBase["programme"];
  /** Null: nobody is signed in. */
  readonly me: StaffMe | null;
  /** What the first page would ask the API at once, with the answers. */
  readonly first: readonly { readonly path: string; readonly body: unknown }[];
  /** Whether the development login may be offered. */
  readonly devLogin: boolean;
}
