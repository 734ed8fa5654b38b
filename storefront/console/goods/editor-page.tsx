import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { StaffCategoriesView, StaffGoodsView } from "../../../worker/catalog/wire.ts";
import type { PageProps } from "../section.ts";
import {
  BASE,
  Button,
  Card,
  FailedPage,
  FormView,
  Loading,
  localOf,
  PageHead,
  Tabs,
  useConfirm,
  useConsole,
  useEvery,
  useForm,
  useRead,
  useRouter,
  useToast,
  useUndo,
  useNames,
  useWords,
  type Answer,
  type Form,
} from "../kit/index.ts";
import { Advice } from "./advice.tsx";
import { DELIVERY } from "./delivery-words.ts";
import { draftOf, formPath, NEW_GOODS, valuesOf, type GoodsValues } from "./editor-model.ts";
import { AboutTab, BasicsTab, PriceTab, PublishTab, SkusTab, WhoTab } from "./editor-tabs.tsx";
import { EDITOR, type EditorText } from "./editor-words.ts";
import { StateBadge } from "./columns.tsx";
import { useGoodsTell } from "./use-goods-tell.ts";
import { useShelves, type Shelves } from "./use-shelves.ts";
import { GOODS } from "./words.ts";
import "./goods.css";

const LIST = "/api/v1/staff/goods";
const pathOf = (goodsId: string): string => `${LIST}/${encodeURIComponent(goodsId)}`;

/** The server names fields of the document; the form has names of its own. */
function inForm<T>(answer: Answer<T>): Answer<T> {
  if (answer.ok) return answer;
  const errors = answer.problem.errors.map(({ path, message }) => ({
    path: formPath(path),
    message,
  }));
  return { ...answer, problem: { ...answer.problem, errors } };
}

export function NewGoodsPage(): JSX.Element {
  const words = useWords(EDITOR);
  const goods = useWords(GOODS);
  const { call } = useConsole();
  const router = useRouter();
  const toast = useToast();
  const tree = useRead<StaffCategoriesView>("/api/v1/staff/categories");
  const [goodsId, setGoodsId] = useState("");
  const [made, setMade] = useState<string | null>(null);
  const shelves = useShelves(null, () => undefined);
  const form = useForm<GoodsValues, StaffGoodsView>({
    initial: NEW_GOODS,
    save: async (values) =>
      inForm(
        await call<StaffGoodsView>("POST", LIST, {
          ...(goodsId === "" ? {} : { goodsId }),
          goods: draftOf(values, null),
        }),
      ),
    onSaved: (saved) => {
      toast.show({ text: words.savedDraft });
      setMade(saved.goodsId);
    },
  });
  // Once the form has settled: before, it would ask whether to leave.
  useEffect(() => {
    if (made !== null) void router.go(`${BASE}/goods/${made}?tab=skus`);
  }, [made, router]);
  return (
    <>
      <PageHead title={words.newTitle} back={{ href: `${BASE}/goods`, title: goods.title }} />
      <FormView form={form} act={words.saveNew}>
        <Card>
          <BasicsTab form={form} tree={tree.value} newId={{ value: goodsId, put: setGoodsId }} />
          <SkusTab form={form} shelves={shelves} />
        </Card>
      </FormView>
    </>
  );
}

export function EditorPage({ params }: PageProps): JSX.Element {
  const goods = useWords(GOODS);
  const goodsId = params["goodsId"] ?? "";
  const read = useRead<StaffGoodsView>(pathOf(goodsId));
  // What is typed stays, also when a later look at it fails.
  if (read.problem && !read.value) {
    const back = { href: `${BASE}/goods`, title: goods.title };
    return <FailedPage problem={read.problem} back={back} onRetry={read.again} />;
  }
  if (!read.value) return <Loading rows={10} />;
  return <Editor key={goodsId} stored={read.value} onStored={read.put} again={read.again} />;
}

function Editor({
  stored,
  onStored,
  again,
}: {
  stored: StaffGoodsView;
  onStored: (view: StaffGoodsView) => void;
  again: () => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  const goods = useWords(GOODS);
  const delivery = useWords(DELIVERY);
  const { call, may } = useConsole();
  const names = useNames();
  const toast = useToast();
  const tree = useRead<StaffCategoriesView>("/api/v1/staff/categories");
  const form = useForm<GoodsValues, StaffGoodsView, StaffGoodsView>({
    initial: valuesOf(stored),
    stored,
    fromStored: valuesOf,
    tell: useGoodsTell(tree.value),
    save: async (values, over) =>
      inForm(
        await call<StaffGoodsView>("PUT", pathOf(stored.goodsId), {
          revision: over?.revision ?? stored.revision,
          goods: draftOf(values, stored.goods),
        }),
      ),
    onSaved: (saved) => {
      // The server gave new variants their ids: the form goes on with them.
      onStored(saved);
      toast.show({ text: words.saved });
    },
  });
  const shelves = useShelves(stored, again);
  // What was brought in elsewhere ends the advice to bring it.
  useEvery(shelves.areEmpty ? 3_000 : undefined, again);
  const when = localOf(stored.updatedAtMs).replace("T", " ");
  const who = names.actor(stored.updatedBy);
  return (
    <>
      <PageHead
        title={stored.goods.title}
        badge={<StateBadge state={stored.state} />}
        note={words.changed(when, who)}
        back={{ href: `${BASE}/goods`, title: goods.title }}
      >
        <Button icon="truck" href={`${BASE}/goods/${stored.goodsId}/delivery`}>
          {delivery.link}
        </Button>
        {stored.state === "published" && (
          <Button icon="external" href={`/g/${stored.goodsId}`}>
            {words.see}
          </Button>
        )}
        {may("goods.write") && (
          <StateActs {...{ stored, onStored, again }} isDirty={form.isDirty} />
        )}
      </PageHead>
      <Advice view={stored} isEmpty={shelves.areEmpty} />
      {!stored.isApplied && <p class="g-advice">{words.notApplied}</p>}
      <FormView form={form} act={words.save} quiet={!may("goods.write")}>
        <Card>
          <EditorTabs {...{ form, stored, shelves }} tree={tree.value} />
        </Card>
      </FormView>
    </>
  );
}

interface TabsInput {
  readonly form: Form<GoodsValues>;
  readonly stored: StaffGoodsView;
  readonly shelves: Shelves;
  readonly tree: StaffCategoriesView | null;
}

const BODIES: readonly {
  readonly id: keyof EditorText["tabs"];
  readonly body: (input: TabsInput) => JSX.Element;
}[] = [
  { id: "basics", body: ({ form, tree }) => <BasicsTab form={form} tree={tree} /> },
  { id: "skus", body: ({ form, shelves }) => <SkusTab form={form} shelves={shelves} /> },
  { id: "price", body: ({ form }) => <PriceTab form={form} /> },
  { id: "who", body: ({ form }) => <WhoTab form={form} /> },
  { id: "about", body: ({ form }) => <AboutTab form={form} /> },
  { id: "publish", body: ({ form }) => <PublishTab form={form} /> },
];

function EditorTabs(input: TabsInput): JSX.Element {
  const { tabs } = useWords(EDITOR);
  const { may } = useConsole();
  const shown = BODIES.map(({ id, body }) => ({ id, title: tabs[id], body: () => body(input) }));
  return <Tabs label={input.stored.goods.title} tabs={shown} readOnly={!may("goods.write")} />;
}

/** Publish and withdraw; what is not saved yet has to be saved first. */
function StateActs({
  stored,
  isDirty,
  onStored,
  again,
}: {
  stored: StaffGoodsView;
  isDirty: boolean;
  onStored: (view: StaffGoodsView) => void;
  again: () => void;
}): JSX.Element {
  const words = useWords(EDITOR);
  const { bulk } = useWords(GOODS);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const sayUndo = useUndo();
  const [isBusy, setBusy] = useState(false);
  const [openedAtMs] = useState(() => Date.now());
  const isLater = (stored.goods.publishAtMs ?? 0) > openedAtMs;
  const turn = async (verb: "publish" | "withdraw"): Promise<void> => {
    setBusy(true);
    const { goodsId, revision } = stored;
    const path = `${pathOf(goodsId)}/${verb}`;
    const answer = await call<StaffGoodsView>("POST", path, { revision });
    setBusy(false);
    if (!answer.ok) {
      again();
      return toast.refuse(answer.problem);
    }
    onStored(answer.value);
    const { state } = answer.value;
    const text = state === "draft" ? words.savedDraft : words[state];
    const back = async (): Promise<Answer<StaffGoodsView>> => {
      const opposite = `${pathOf(goodsId)}/${verb === "publish" ? "withdraw" : "publish"}`;
      const { revision: atRevision } = answer.value;
      const turned = await call<StaffGoodsView>("POST", opposite, { revision: atRevision });
      if (turned.ok) onStored(turned.value);
      return turned;
    };
    sayUndo({ text, back });
  };
  const withdraw = async (): Promise<void> => {
    const asked = {
      ...{ title: bulk.withdrawTitle(1), body: bulk.withdrawBody, act: words.withdraw },
      danger: true,
    };
    if (await confirm(asked)) await turn("withdraw");
  };
  const publish = async (): Promise<void> => {
    const act = isLater ? words.publishAt : words.publishing;
    // A price that was forgotten is a price of nothing, and gives the shelf away.
    const isFree = stored.advice.some(({ code }) => code === "free");
    const asked = { title: bulk.publishTitle(1), body: words.advice.free, act };
    if (!isFree || (await confirm(asked))) await turn("publish");
  };
  if (stored.state === "published" || stored.state === "scheduled")
    return (
      <Button kind="danger" busy={isBusy} onClick={() => void withdraw()}>
        {words.withdraw}
      </Button>
    );
  return (
    <Button kind="primary" busy={isBusy} disabled={isDirty} onClick={() => void publish()}>
      {isLater ? words.publishAt : words.publishing}
    </Button>
  );
}
