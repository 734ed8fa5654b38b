import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { BookingPlan } from "../../../worker/fulfilment/core/booking.ts";
import {
  Button,
  Card,
  ChoicesField,
  Empty,
  Failed,
  FormDialog,
  Loading,
  NumberField,
  PageHead,
  SelectField,
  TextField,
  useConfirm,
  useConsole,
  useForm,
  useNames,
  useRead,
  useToast,
  useUndo,
  useWords,
  type Answer,
  type Form,
} from "../kit/index.ts";
import type { PageProps } from "../section.ts";
import {
  areDays,
  FIRST_PLAN,
  planOf,
  spans,
  spansOf,
  valuesOf,
  type BookingValues,
} from "./booking-form.ts";
import { BOOKING } from "./booking-words.ts";

interface Plan extends BookingPlan {
  /** "": the whole store. */
  readonly skuId: string;
  readonly savedAtMs: number;
}

interface Goods {
  readonly skuId: string;
  readonly title: string;
}

interface Plans {
  readonly plans: readonly Plan[];
  readonly goods: readonly Goods[];
}

const pathOf = (storeId: string): string =>
  `/api/v1/staff/booking-plans/${encodeURIComponent(storeId)}`;

/** `free`: what new times can be for; null while times that stand are changed. */
function PlanFields(props: {
  form: Form<BookingValues>;
  free: readonly Goods[] | null;
}): JSX.Element {
  const { form, free } = props;
  const words = useWords(BOOKING);
  return (
    <>
      {free && (
        <SelectField
          {...{ form, name: "skuId", label: words.sku, help: words.skuHelp }}
          options={free.map(({ skuId, title }) => ({ value: skuId, title }))}
        />
      )}
      <ChoicesField
        {...{ form, name: "weekdays", label: words.weekdays }}
        options={words.days.map((title, at) => ({ value: String(at + 1), title }))}
      />
      <TextField {...{ form, name: "hours", label: words.hours, help: words.hoursHelp }} required />
      <NumberField
        {...{ form, name: "slotMinutes", label: words.slotMinutes, unit: words.minutes }}
        {...{ min: 5, required: true }}
      />
      <NumberField
        {...{ form, name: "capacity", label: words.capacity, unit: words.vouchers }}
        {...{ min: 1, required: true }}
      />
      <TextField
        {...{ form, name: "closedDays", label: words.closedDays, help: words.closedDaysHelp }}
        rows={3}
      />
      <NumberField
        {...{ form, name: "aheadDays", label: words.aheadDays, unit: words.dayUnit }}
        {...{ help: words.aheadHelp, min: 0, required: true }}
      />
      <NumberField
        {...{ form, name: "leadMinutes", label: words.leadMinutes, unit: words.minutes }}
        {...{ help: words.leadHelp, min: 0, required: true }}
      />
      <NumberField
        {...{ form, name: "moveHours", label: words.moveHours, unit: words.hoursBefore }}
        {...{ help: words.moveHelp, min: 0, required: true }}
      />
      <NumberField
        {...{ form, name: "moves", label: words.moves, unit: words.times }}
        {...{ min: 0, required: true }}
      />
    </>
  );
}

function PlanDialog(props: {
  storeId: string;
  plan: Plan | null;
  title: string;
  /** Goods without times of their own; "" among them while the store has none. */
  free: readonly Goods[];
  onClose: () => void;
  onSaved: () => void;
}): JSX.Element {
  const { storeId, plan, title, free, onClose, onSaved } = props;
  const words = useWords(BOOKING);
  const { call } = useConsole();
  const toast = useToast();
  const form = useForm<BookingValues, unknown, Plan>({
    initial: valuesOf(plan?.skuId ?? free[0]?.skuId ?? "", plan ?? FIRST_PLAN),
    fromStored: (stored) => valuesOf(stored.skuId, stored),
    check: ({ hours, closedDays }) => ({
      ...(spansOf(hours) === null ? { hours: words.hoursWrong } : {}),
      ...(areDays(closedDays) ? {} : { closedDays: words.closedWrong }),
    }),
    save: (values, over) => {
      const now = over ?? plan;
      const basedOn = now?.savedAtMs ?? 0;
      const path = `${pathOf(storeId)}?skuId=${values.skuId}&basedOn=${basedOn}`;
      return call("PUT", path, planOf(values));
    },
    onSaved: () => {
      toast.show({ text: words.saved, tone: "ok" });
      onSaved();
    },
  });
  return (
    <FormDialog form={form} title={title} act={words.save} onClose={onClose} wide>
      <PlanFields form={form} free={plan ? null : free} />
    </FormDialog>
  );
}

function PlanCard(props: {
  plan: Plan;
  title: string;
  onEdit?: () => void;
  onRemove?: () => void;
}): JSX.Element {
  const { plan, title, onEdit, onRemove } = props;
  const words = useWords(BOOKING);
  const days = plan.weekdays.toSorted((a, b) => a - b).map((day) => words.days[day - 1]);
  return (
    <Card
      title={title}
      acts={
        <>
          {onEdit && (
            <Button kind="link" size="sm" label={`${words.edit} ${title}`} onClick={onEdit}>
              {words.edit}
            </Button>
          )}
          {onRemove && (
            <Button kind="link" size="sm" label={`${words.remove} ${title}`} onClick={onRemove}>
              {words.remove}
            </Button>
          )}
        </>
      }
    >
      <div class="stack-1">
        <p>
          {days.length === words.days.length ? words.everyDay : days.join(" ")} ·{" "}
          <b class="num">{spans(plan.hours)}</b>
        </p>
        <p>{words.cut(plan.slotMinutes, plan.capacity)}</p>
        <p class="note mute">{words.rules(plan.aheadDays, plan.moveHours, plan.moves)}</p>
        {plan.closedDays.length > 0 && (
          <p class="note mute">{words.closedOn(plan.closedDays.join(" "))}</p>
        )}
      </div>
    </Card>
  );
}

function useRemove(storeId: string, again: () => void) {
  const words = useWords(BOOKING);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  const sayUndo = useUndo();
  return async (plan: Plan, title: string): Promise<void> => {
    const { skuId, savedAtMs } = plan;
    const question = {
      title: words.remove,
      body: `${title}: ${words.removeHelp}`,
      act: words.remove,
    };
    if (!(await confirm({ ...question, danger: true }))) return;
    const path = `${pathOf(storeId)}?skuId=${skuId}`;
    const answer = await call("DELETE", `${path}&basedOn=${savedAtMs}`);
    again();
    if (!answer.ok) return toast.refuse(answer.problem);
    const back = (): Promise<Answer<unknown>> =>
      call("PUT", `${path}&basedOn=0`, planOf(valuesOf(skuId, plan)));
    sayUndo({ text: words.removed(title), back, again });
  };
}

/** When a store takes bookings, and how many at a time. */
export function BookingPage({ params }: PageProps): JSX.Element {
  const { storeId = "" } = params;
  const words = useWords(BOOKING);
  const { may } = useConsole();
  const names = useNames();
  const read = useRead<Plans>(pathOf(storeId));
  const [open, setOpen] = useState<Plan | "new" | null>(null);
  const remove = useRemove(storeId, read.again);
  const { plans = [], goods = [] } = read.value ?? {};
  const titleOf = (skuId: string): string =>
    skuId === "" ? words.wholeStore : (goods.find((one) => one.skuId === skuId)?.title ?? skuId);
  const free = [{ skuId: "", title: words.wholeStore }, ...goods].filter(
    ({ skuId }) => !plans.some((plan) => plan.skuId === skuId),
  );
  const isWriter = may("settings.write");
  const add = isWriter && free.length > 0 && (
    <Button kind="primary" icon="plus" onClick={() => setOpen("new")}>
      {words.add}
    </Button>
  );
  return (
    <>
      <PageHead
        title={words.title(names.store(storeId) ?? storeId)}
        note={words.help}
        back={{ href: "/console/stores", title: words.back }}
      >
        {plans.length > 0 && add}
      </PageHead>
      {read.problem && <Failed problem={read.problem} onRetry={read.again} />}
      {!read.value && !read.problem && <Loading />}
      {read.value && plans.length === 0 && (
        <Card>
          <Empty icon="clock" title={words.empty} body={words.emptyHelp}>
            {add}
          </Empty>
        </Card>
      )}
      <div class="grid cols-2">
        {plans.map((plan) => (
          <PlanCard
            key={plan.skuId}
            {...{ plan, title: titleOf(plan.skuId) }}
            {...(isWriter
              ? {
                  onEdit: () => setOpen(plan),
                  onRemove: () => void remove(plan, titleOf(plan.skuId)),
                }
              : {})}
          />
        ))}
      </div>
      {open !== null && (
        <PlanDialog
          {...{ storeId, free, plan: open === "new" ? null : open }}
          title={open === "new" ? words.add : titleOf(open.skuId)}
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
