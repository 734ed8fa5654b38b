import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { KIT } from "../kit/kit-words.ts";
import { Button, Empty, Loading } from "../kit/parts.tsx";
import { useWords } from "../kit/words.ts";
import type { Page, Section } from "../section.ts";
import { pageAt } from "./places.ts";
import { SHELL } from "./shell-words.ts";

/** Pages of sections that were fetched already: going back to one shows it at once. */
const fetched = new Map<string, readonly Page[]>();

/** Starts to fetch a section's pages; the shell does it before anything is drawn. */
export async function fetchPages(section: Section): Promise<readonly Page[]> {
  const known = fetched.get(section.path);
  if (known) return known;
  const { default: pages } = await section.load();
  fetched.set(section.path, pages);
  return pages;
}

export function SectionView({
  section,
  path,
}: {
  section: Section | null;
  path: string;
}): JSX.Element {
  const words = useWords(SHELL);
  const [, setTurn] = useState(0);
  const [failed, setFailed] = useState<string | null>(null);
  // As it was drawn: the file may come between the drawing and the effect, and then something must draw again.
  const isDrawn = section !== null && fetched.has(section.path);
  useEffect(() => {
    if (!section || isDrawn) return;
    let isGone = false;
    fetchPages(section).then(
      () => isGone || setTurn((turn) => turn + 1),
      () => isGone || setFailed(section.path),
    );
    return () => {
      isGone = true;
    };
  }, [section, isDrawn]);
  const nowhere = (
    <Empty icon="search" title={words.notFound} body={words.notFoundHelp}>
      <Button href="/console">{words.home}</Button>
    </Empty>
  );
  if (!section) return nowhere;
  const pages = fetched.get(section.path);
  if (!pages) return failed === section.path ? <OldVersion /> : <Loading />;
  const found = pageAt(pages, section, path);
  if (!found) return nowhere;
  const { page: Page } = found.page;
  // Another address is another page: nothing of the one before stays in its state.
  return <Page key={`${section.path}/${found.page.path}/${path}`} params={found.params} />;
}

/** The file of a section is gone: a newer version was deployed since this page was opened. */
function OldVersion(): JSX.Element {
  const words = useWords(KIT);
  return (
    <Empty icon="refresh" title={words.oldVersion}>
      <Button kind="primary" onClick={() => location.reload()}>
        {words.reload}
      </Button>
    </Empty>
  );
}
