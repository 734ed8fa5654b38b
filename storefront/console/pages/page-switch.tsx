import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { PageDocumentView } from "../../../worker/page-builder/wire.ts";
import {
  Button,
  Dialog,
  useConsole,
  useRead,
  useRouter,
  useToast,
  useWords,
} from "../kit/index.ts";
import { Text } from "./fields.tsx";
import { WORDS } from "./words.ts";

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
  const isGood = PAGE_ID.test(pageId) && !TAKEN.has(pageId);
  const create = async (): Promise<void> => {
    const share = { title: "", description: "", picture: null };
    const answer = await call("PUT", `/api/v1/staff/pages/${pageId}/draft`, {
      revision: 0,
      body: { title: pageId, blocks: [], share },
    });
    if (!answer.ok) return toast.refuse(answer.problem);
    setOpen(false);
    void router.go(`/console/pages/${pageId}`);
  };
  return (
    <>
      <select
        class="pb-switch"
        aria-label={words.choose}
        value={current}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value === "+") setOpen(true);
          else void router.go(value === "home" ? "/console/pages" : `/console/pages/${value}`);
        }}
      >
        <option value="home">{words.home}</option>
        {own.map((one) => (
          <option key={one.pageId} value={one.pageId}>
            {nameOf(one)}
          </option>
        ))}
        <option value="look">{words.look}</option>
        {may("pages.write") && <option value="start">{words.start}</option>}
        {may("pages.write") && <option value="+">{words.newPage}…</option>}
      </select>
      {isOpen && (
        <Dialog
          title={words.newPage}
          onClose={() => setOpen(false)}
          foot={
            <>
              <Button onClick={() => setOpen(false)}>{words.cancel}</Button>
              <Button kind="primary" disabled={!isGood} onClick={() => void create()}>
                {words.create}
              </Button>
            </>
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
