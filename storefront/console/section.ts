/** What a section of the console gives the shell. docs/console.md tells how to add one. */
import type { ComponentType } from "preact";
import type { Permission, StaffRight } from "../../worker/kernel/permission.ts";
import type { Console } from "./kit/console.ts";
import type { IconName } from "./kit/icons.ts";
import type { Bilingual } from "./kit/words.ts";

/** Groups of the side navigation, in this order. */
export const GROUPS = ["daily", "goods", "members", "front", "system"] as const;
export type Group = (typeof GROUPS)[number];

export interface PageProps {
  /** What the `:names` of the page's pattern stand for, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Page {
  /** Below the section's path: "" for its first page, `:memberId`, `:memberId/edit`. The first that fits is shown. */
  readonly path: string;
  readonly page: ComponentType<PageProps>;
}

/** The first entry is known at once, the pages are fetched when somebody goes there. */
export interface Section {
  /** One word: the path below /console, and the name in the registry. "" is the first view. */
  readonly path: string;
  readonly title: Bilingual<string>;
  readonly icon: IconName;
  readonly group: Group;
  /** Who lacks all of these does not see the section; `self` is for everybody. */
  readonly permission: StaffRight | readonly Permission[];
  /** Second key after `g`; unique. */
  readonly key?: string;
  /** Words beside the title by which the command palette finds it. */
  readonly finds?: Bilingual<readonly string[]>;
  /** Its first page has a search: what is typed into the command palette can be looked for there. */
  readonly hasSearch?: true;
  /** How many things wait for somebody here; asked once a minute. Null: none to tell. */
  readonly waiting?: (console: Pick<Console, "call" | "may">) => Promise<number | null>;
  /** What its first page reads at once, as it asks for it: answered in the first HTML. */
  readonly reads?: readonly string[];
  readonly load: () => Promise<{ readonly default: readonly Page[] }>;
}

/** Checks a section's shape where it is written. */
export const section = (given: Section): Section => given;
export const pages = (...given: Page[]): readonly Page[] => given;
