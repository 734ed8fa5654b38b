import type { JSX } from "preact";
import type { MembershipPurchaseView } from "../../../worker/earning/wire.ts";
import {
  Dialog,
  FormDialog,
  MoneyField,
  NumberField,
  SelectField,
  useConsole,
  useForm,
  useNames,
  useToast,
  useUndo,
  useWords,
  type Answer,
  type Form,
} from "../kit/index.ts";
import { BENEFITS } from "./benefit-words.ts";
import { useEach } from "./use-each.ts";

interface DialogProps {
  readonly memberIds: readonly string[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

const CARDS_MAX = 100;

/** Cards with which members make up for days they missed: given, or taken back. */
export function CardsDialog({ memberIds, onClose, onDone }: DialogProps): JSX.Element {
  const words = useWords(BENEFITS);
  const toast = useToast();
  const sayUndo = useUndo();
  const each = useEach(memberIds);
  const form = useForm<{ direction: string; cards: number | null }>({
    initial: { direction: "give", cards: 1 },
    check: ({ cards }) =>
      cards === null || cards < 1 || cards > CARDS_MAX
        ? { cards: words.cardsRange(CARDS_MAX) }
        : {},
    save: ({ direction, cards }) =>
      each("make-up-cards", { cards: direction === "give" ? cards : 0 - (cards ?? 0) }),
    onSaved: (_, { direction, cards }) => {
      const isGiven = direction === "give";
      const text = words.cardsDone(isGiven, cards ?? 0, memberIds.length);
      const back = (): Promise<Answer<unknown>> =>
        each("make-up-cards", { cards: 0 - (cards ?? 0) }, true);
      // Of those that were taken nobody knows how many there were: fewer may have been left.
      if (isGiven) sayUndo({ text, back, again: onDone });
      else toast.show({ text });
      onDone();
    },
  });
  return (
    <FormDialog
      title={words.cards}
      onClose={onClose}
      form={form}
      act={form.values.direction === "give" ? words.give : words.take}
    >
      <p class="note mute">{words.cardsWhy}</p>
      <To memberIds={memberIds} />
      <div class="fields">
        <SelectField
          form={form}
          name="direction"
          label={words.direction}
          options={[
            { value: "give", title: words.give },
            { value: "take", title: words.take },
          ]}
          help={form.values.direction === "take" ? words.takeHelp : undefined}
        />
        <NumberField
          form={form}
          name="cards"
          label={words.cardsCount}
          unit={words.cardUnit}
          min={1}
          max={CARDS_MAX}
          required
        />
      </div>
    </FormDialog>
  );
}

const MONTHS = [1, 3, 6, 12, 24, 36] as const;

const PAID_BY = [
  ...(["cash", "wechat", "alipay", "card", "transfer", "other", "points", "gift"] as const),
];

interface Bought {
  readonly tierId: string;
  readonly months: string;
  readonly paidBy: (typeof PAID_BY)[number];
  readonly amountFen: number | null;
  readonly points: number | null;
}

const isMoney = ({ paidBy }: Bought): boolean => paidBy !== "points" && paidBy !== "gift";

function paidOf({ paidBy, amountFen, points }: Bought): MembershipPurchaseView["paid"] {
  if (paidBy === "gift") return { kind: "gift" };
  if (paidBy === "points") return { kind: "points", points: points ?? 0 };
  return { kind: "money", amountFen: amountFen ?? 0, method: paidBy };
}

/** What was paid, and how. */
function PriceFields({ form }: { form: Form<Bought> }): JSX.Element {
  const words = useWords(BENEFITS);
  const { may } = useConsole();
  const ways = PAID_BY.filter((way) => way !== "points" || may("points.grant"));
  return (
    <>
      <SelectField
        form={form}
        name="paidBy"
        label={words.paidBy}
        options={ways.map((way) => ({ value: way, title: words.ways[way] }))}
      />
      {isMoney(form.values) && (
        <MoneyField form={form} name="amountFen" label={words.amount} required />
      )}
      {form.values.paidBy === "points" && (
        <NumberField
          form={form}
          name="points"
          label={words.pointsPaid}
          help={words.pointsHelp}
          min={1}
          required
        />
      )}
    </>
  );
}

/** A membership that somebody paid for: the tier holds beside what growth gives, and the higher one counts. */
export function MembershipDialog({ memberIds, onClose, onDone }: DialogProps): JSX.Element {
  const words = useWords(BENEFITS);
  const names = useNames();
  const toast = useToast();
  const each = useEach(memberIds);
  const tiers = names.choices("tiers", []);
  const form = useForm<Bought>({
    initial: {
      ...{ tierId: "", months: "12", paidBy: "cash", amountFen: null, points: null },
    },
    check: (values) => ({
      ...(values.tierId === "" ? { tierId: words.tierNeeded } : {}),
      ...(isMoney(values) && !values.amountFen ? { amountFen: words.amountNeeded } : {}),
      ...(values.paidBy === "points" && !values.points ? { points: words.pointsNeeded } : {}),
    }),
    save: (values) =>
      each("membership", {
        ...{ tierId: values.tierId, months: Number(values.months), paid: paidOf(values) },
      }),
    onSaved: (_, { tierId, months }) => {
      const tier = names.tier(tierId) ?? tierId;
      toast.show({
        text: words.membershipDone(tier, words.months(Number(months)), memberIds.length),
      });
      onDone();
    },
  });
  const { months } = form.values;
  if (tiers.length === 0) {
    return (
      <Dialog title={words.membership} onClose={onClose}>
        <p>
          {words.noTiers} <a href="/console/rules/terms/tiers">{words.setTiers}</a>
        </p>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={words.membership}
      onClose={onClose}
      form={form}
      act={words.membershipAct(words.months(Number(months)))}
    >
      <p class="note mute">{words.membershipWhy}</p>
      <To memberIds={memberIds} />
      <div class="fields">
        <SelectField
          form={form}
          name="tierId"
          label={words.tier}
          options={[{ value: "", title: words.chooseTier }, ...tiers]}
          required
        />
        <SelectField
          form={form}
          name="months"
          label={words.length}
          options={MONTHS.map((count) => ({
            value: String(count),
            title: words.months(count),
          }))}
          help={words.lengthHelp}
        />
        <PriceFields form={form} />
      </div>
    </FormDialog>
  );
}

/** Who it goes to, where it is more than the one whose page this is. */
function To({ memberIds }: { memberIds: readonly string[] }): JSX.Element {
  const words = useWords(BENEFITS);
  if (memberIds.length < 2) return <></>;
  return (
    <p>
      <b>{words.to(memberIds.length)}</b>{" "}
      <span class="note mute num">{memberIds.slice(0, 5).join(", ")}</span>
      {memberIds.length > 5 && "…"}
    </p>
  );
}
