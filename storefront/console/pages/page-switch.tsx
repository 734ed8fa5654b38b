import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageDocumentView } from "../../../worker/page-builder/wire.ts";
import {
  BASE,
  Button,
  Dialog,
  LinkTabs,
  useConsole,
  useRead,
  useRouter,
  useToast,
  useWords,
} from "../kit/index.ts";
import { Text } from "../value-fields/index.tsx";
import { WORDS } from "./words.ts";

const PAGES = `${BASE}/pages`;
const PAGE_ID = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const TAKEN = new Set(["home", "look", "start"]);

/** Which page is edited; and a new one. */
export function PageSwitch({ current }: { current: string }): JSX.Element {
  const words = useWords(WORDS);
  const { call, may } = useConsole();
  const toast = useToast();
  const router = useRouter();
  const list = useRead<{ pages: PageDocumentView[] }>("/api/v1/staff/pages");
  const [isOpen, setOpen] = useState(false);
  const [pageId, setPageId] = useState("");
  const own = (list.value?.pages ?? []).filter((one) => !TAKEN.has(one.pageId));
  const nameOf = ({ pageId: id, draft, shown }: PageDocumentView): string =>
    String((draft ?? shown)["title"] ?? id);
  const isWriter = may("pages.write");
  const tabs = [
    { id: "home", title: words.home, href: PAGES },
    ...own.map((one) => ({
      id: one.pageId,
      title: nameOf(one),
      href: `${PAGES}/${one.pageId}`,
    })),
    { id: "look", title: words.look, href: `${PAGES}/look` },
    ...(isWriter ? [{ id: "start", title: words.start, href: `${PAGES}/start` }] : []),
  ];
  const isGood = PAGE_ID.test(pageId) && !TAKEN.has(pageId);
  const create = async (): Promise<void> => {
    const share = { title: "", description: "", picture: null };
    const answer = await call("PUT", `/api/v1/staff/pages/${pageId}/draft`, {
      revision: 0,
      body: { title: pageId, blocks: [], share },
    });
    if (!answer.ok) return toast.refuse(answer.problem);
    setOpen(false);
    void router.go(`${PAGES}/${pageId}`);
  };
  return (
    <>
      <LinkTabs label={words.choose} current={current} tabs={tabs}>
        {isWriter && (
          <button type="button" onClick={() => setOpen(true)}>
            {words.newPage}…
          </button>
        )}
      </LinkTabs>
      {isOpen && (
        <Dialog
          title={words.newPage}
          onClose={() => setOpen(false)}
          acts={
            <Button kind="primary" disabled={!isGood} onClick={() => void create()}>
              {words.create}
            </Button>
          }
        >
          <Text
            label={words.newPageId}
            value={pageId}
            help={words.newPageHelp}
            maxLength={32}
            set={(text) => setPageId(text.trim().toLowerCase())}
          />
        </Dialog>
      )}
    </>
  );
}
