import type { Permission } from "../../../worker/kernel/permission.ts";
import { BASE, matchPath } from "../kit/router.ts";
import { GROUPS, type Page, type Section } from "../section.ts";

/** Whether the signed-in person sees a section: one of its permissions is enough. */
export function mayOpen(
  { permission }: Pick<Section, "permission">,
  may: (permission: Permission) => boolean,
): boolean {
  if (permission === "self") return true;
  return typeof permission === "string" ? may(permission) : permission.some((one) => may(one));
}

export const hrefOf = ({ path }: Pick<Section, "path">): string =>
  path === "" ? BASE : `${BASE}/${path}`;

export interface Place {
  readonly href: string;
  readonly section: Section;
  /** What is looked for there; null: it is the section itself. */
  readonly wanted: string | null;
}

/** Where a text may lead: sections that go by it, then the searches of those that have one. */
export function placesFor(sections: readonly Section[], text: string): Place[] {
  const wanted = text.trim();
  const word = wanted.toLowerCase();
  const named = sections.filter(({ title, finds, path }) =>
    [title["zh-CN"], title.en, path, ...(finds?.["zh-CN"] ?? []), ...(finds?.en ?? [])].some(
      (one) => one.toLowerCase().includes(word),
    ),
  );
  const searched = wanted === "" ? [] : sections.filter(({ hasSearch }) => hasSearch);
  return [
    ...named.map((section) => ({ href: hrefOf(section), section, wanted: null })),
    ...searched.map((section) => ({
      ...{ href: `${hrefOf(section)}?q=${encodeURIComponent(wanted)}`, section, wanted },
    })),
  ];
}

/** The section an address belongs to: its first part, or the first view for none. */
export function sectionAt(sections: readonly Section[], path: string): Section | null {
  const first = path.slice(BASE.length).split("/").find(Boolean) ?? "";
  return sections.find((section) => section.path === first) ?? null;
}

/** An address outside the console, or of a section that is among these. */
export function leadsSomewhere(sections: readonly Section[], href: string): boolean {
  const [path = ""] = href.split(/[?#]/);
  const isOurs = path === BASE || path.startsWith(`${BASE}/`);
  return !isOurs || sectionAt(sections, path) !== null;
}

/** The page of a section at an address, and what its pattern found there. */
export function pageAt(
  pages: readonly Page[],
  section: Section,
  path: string,
): { page: Page; params: Readonly<Record<string, string>> } | null {
  const rest = path.slice(hrefOf(section).length);
  for (const page of pages) {
    const params = matchPath(page.path, rest);
    if (params) return { page, params };
  }
  return null;
}

export function grouped(
  sections: readonly Section[],
): { group: Section["group"]; of: Section[] }[] {
  return GROUPS.map((group) => ({
    group,
    of: sections.filter((section) => section.group === group),
  })).filter(({ of }) => of.length > 0);
}
