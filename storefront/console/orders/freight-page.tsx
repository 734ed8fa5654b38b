import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { yuan } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  ChoicesField,
  Empty,
  Failed,
  FormDialog,
  Loading,
  MoneyField,
  NumberField,
  PageHead,
  SwitchField,
  TextField,
  useConfirm,
  useConsole,
  useForm,
  useRead,
  useToast,
  useUndo,
  useWords,
  type Answer,
} from "../kit/index.ts";
import { WORDS, type OrderWords } from "./words.ts";

interface Rule {
  readonly regions: readonly string[];
  readonly firstPieces: number;
  readonly firstFen: number;
  readonly extraPieces: number;
  readonly extraFen: number;
  readonly freeFromPieces: number | null;
}

interface Template {
  readonly templateId: string;
  readonly title: string;
  readonly isDefault: boolean;
  readonly rules: readonly Rule[];
  readonly undeliverable: readonly string[];
  readonly savedAtMs: number;
}

/** Xinjiang, Tibet, Inner Mongolia, Qinghai, Ningxia, Gansu. */
const REMOTE = ["650000", "540000", "150000", "630000", "640000", "620000"];
const FAR: readonly { value: string; title: string }[] = [
  { value: "650000", title: "新疆" },
  { value: "540000", title: "西藏" },
  { value: "150000", title: "内蒙古" },
  { value: "630000", title: "青海" },
  { value: "810000", title: "香港" },
  { value: "820000", title: "澳门" },
  { value: "710000", title: "台湾" },
];

function valuesOf(template: Template | null) {
  const base = template?.rules.find(({ regions }) => regions.length === 0);
  const remote = template?.rules.find(({ regions }) => regions.length > 0);
  return {
    title: template?.title ?? "",
    isDefault: template?.isDefault ?? true,
    firstFen: (base?.firstFen ?? 800) as number | null,
    extraFen: (base?.extraFen ?? 200) as number | null,
    freeFromPieces: base?.freeFromPieces ?? null,
    hasRemote: remote !== undefined,
    remoteFirstFen: (remote?.firstFen ?? 1_800) as number | null,
    undeliverable: template?.undeliverable ?? [],
  };
}

type Values = ReturnType<typeof valuesOf>;

/** Regions that somebody named by the API stay as they are; the page sets their price. */
function bodyOf(values: Values, template: Template | null): unknown {
  const remote = template?.rules.find(({ regions }) => regions.length > 0)?.regions ?? REMOTE;
  const rule = (firstFen: number | null, regions: readonly string[]) => ({
    ...{ regions, firstPieces: 1, firstFen: firstFen ?? 0, extraPieces: 1 },
    ...{ extraFen: values.extraFen ?? 0, freeFromPieces: values.freeFromPieces },
  });
  return {
    ...{ title: values.title, isDefault: values.isDefault, undeliverable: values.undeliverable },
    rules: [
      ...(values.hasRemote
        ? [{ ...rule(values.remoteFirstFen, remote), freeFromPieces: null }]
        : []),
      rule(values.firstFen, []),
    ],
  };
}

function TemplateDialog(props: {
  template: Template | null;
  onClose: () => void;
  onSaved: () => void;
}): JSX.Element {
  const { template, onClose, onSaved } = props;
  const words = useWords(WORDS);
  const { call } = useConsole();
  const toast = useToast();
  const [id] = useState(() => template?.templateId ?? `t-${crypto.randomUUID().slice(0, 8)}`);
  const form = useForm<Values, unknown, Template>({
    initial: valuesOf(template),
    fromStored: valuesOf,
    save: (values, over) => {
      const now = over ?? template;
      const basedOn = now?.savedAtMs ?? 0;
      const path = `/api/v1/staff/freight-templates/${id}?basedOn=${basedOn}`;
      return call("PUT", path, bodyOf(values, now));
    },
    onSaved: () => {
      toast.show({ text: words.saved, tone: "ok" });
      onSaved();
    },
  });
  return (
    <FormDialog
      title={template?.title ?? words.freightNew}
      onClose={onClose}
      wide
      form={form}
      act={words.save}
    >
      <TextField form={form} name="title" label={words.freightName} maxLength={40} required />
      <SwitchField
        form={form}
        name="isDefault"
        label={words.isDefault}
        help={words.isDefaultHelp}
      />
      <MoneyField form={form} name="firstFen" label={words.first} />
      <MoneyField form={form} name="extraFen" label={words.extra} />
      <NumberField
        form={form}
        name="freeFromPieces"
        label={words.freeFrom}
        help={words.freeFromHelp}
        min={1}
      />
      <SwitchField form={form} name="hasRemote" label={words.remote} help={words.remoteHelp} />
      {form.values.hasRemote && (
        <MoneyField form={form} name="remoteFirstFen" label={words.remoteFirst} />
      )}
      <ChoicesField form={form} name="undeliverable" label={words.undeliverable} options={FAR} />
    </FormDialog>
  );
}

function Rules({ template, words }: { template: Template; words: OrderWords }): JSX.Element {
  return (
    <ul class="stack-1">
      {template.rules.map((rule) => (
        <li key={rule.regions.join(" ")}>
          <b>{rule.regions.length === 0 ? words.everywhere : words.remoteRegions}</b>{" "}
          <span class="num">
            {words.rate(yuan(rule.firstFen, "full"), yuan(rule.extraFen, "full"))}
          </span>
          {rule.freeFromPieces !== null && (
            <span class="mute"> · {words.freeAt(rule.freeFromPieces)}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function useRemove(again: () => void): (template: Template) => Promise<void> {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const sayUndo = useUndo();
  return async (template: Template): Promise<void> => {
    const question = { title: words.remove, body: template.title, act: words.remove, danger: true };
    if (!(await confirm(question))) return;
    const path = `/api/v1/staff/freight-templates/${template.templateId}`;
    const answer = await call("DELETE", `${path}?basedOn=${template.savedAtMs}`);
    again();
    if (!answer.ok) return toast.refuse(answer.problem);
    const { title, isDefault, rules, undeliverable } = template;
    const back = (): Promise<Answer<unknown>> =>
      call("PUT", `${path}?basedOn=0`, { title, isDefault, rules, undeliverable });
    sayUndo({ text: words.removed(title), back, again });
  };
}

export function FreightPage(): JSX.Element {
  const words = useWords(WORDS);
  const { may } = useConsole();
  const read = useRead<{ templates: Template[] }>("/api/v1/staff/freight-templates");
  const [open, setOpen] = useState<Template | "new" | null>(null);
  const remove = useRemove(read.again);
  const templates = read.value?.templates;
  return (
    <>
      <PageHead
        title={words.freightTitle}
        note={words.freightHelp}
        back={{ href: "/console/orders", title: words.back }}
      >
        {may("settings.write") && (
          <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
            {words.freightNew}
          </Button>
        )}
      </PageHead>
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!templates && !read.problem && <Loading />}
      {templates?.length === 0 && (
        <Empty icon="truck" title={words.freightEmpty} body={words.freightEmptyHelp} />
      )}
      <div class="grid cols-2">
        {templates?.map((template) => (
          <Card
            key={template.templateId}
            title={template.title}
            acts={
              may("settings.write") && (
                <>
                  {template.isDefault && <Badge tone="brand">{words.isDefault}</Badge>}
                  <Button kind="link" size="sm" onClick={() => setOpen(template)}>
                    {words.edit}
                  </Button>
                  <Button kind="link" size="sm" onClick={() => void remove(template)}>
                    {words.remove}
                  </Button>
                </>
              )
            }
          >
            <Rules template={template} words={words} />
          </Card>
        ))}
      </div>
      {open !== null && (
        <TemplateDialog
          template={open === "new" ? null : open}
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null);
            read.again();
          }}
        />
      )}
    </>
  );
}
