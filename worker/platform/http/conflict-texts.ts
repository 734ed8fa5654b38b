/** What stands against an act, in a sentence for whoever meets it: by the reason of a conflict. */
import type { Figures } from "../../kernel/refusal.ts";
import type { Locale } from "../../pages/page-data.ts";

type Sentences = Readonly<Record<string, (figures: Figures) => string>>;

const onShelf = ({ shelf, onStandingShelf }: Figures): string => String(shelf ?? onStandingShelf);
const say = (sentence: string) => (): string => sentence;

const CHANGED_ZH = say("有人刚改过同一份内容，这一步没有做。看看现在的内容，再决定。");
const CHANGED_EN = say(
  "Somebody just changed the same thing, so this was not done. See what is there now, then decide.",
);

const ZH: Sentences = {
  changed_meanwhile: CHANGED_ZH,
  // A session says which version.
  version: CHANGED_ZH,
  units_insufficient: (figures) => `货架上只有 ${onShelf(figures)} 件，不够这一步，件数没有动。`,
  overlap: ({ otherTitle }) => `同一款在这段时间已有另一场「${String(otherTitle)}」，换个时间。`,
  window_over: say("结束时间已经过了，先改时间。"),
  end_not_later: say("新的结束时间要晚于现在的结束时间。"),
  status: say("这场的状态已经变了，这一步现在做不了。看看现在的状态。"),
  state: say("它的状态已经变了，这一步现在做不了。看看现在的状态。"),
  has_opened: say("这一场已经开始，不能再取消。"),
  second_person: say("这一步要另一位同事同意。"),
  already_proposed: say("同一件事已经有人提请，正等第二个人同意，没有再提一次。"),
  exists: say("这一个已经有了，换一个。"),
  code_taken: say("商家编码已被别的商品用了，换一个。"),
  in_use: say("还有地方在用它，先换掉再删。"),
  no_own_units: say("这家店没有自己的库存，先改成用自己的库存。"),
  no_draft: say("没有草稿可以发布。"),
  not_scheduled: say("没有等着发布的版本，它可能已经到点发布。"),
  not_a_draft: say("没有等着发布的草稿，它可能已经发布。"),
  no_dry_run: say("先试算，再发布。"),
  not_published: say("它现在没有生效，不用停用。"),
  already_over: say("它的结束时间已经过了，先改时间。"),
  worth_more_now: say("现在要退的比申请时多，请重新看过再同意。"),
};

const EN: Sentences = {
  changed_meanwhile: CHANGED_EN,
  version: CHANGED_EN,
  units_insufficient: (figures) =>
    `Only ${onShelf(figures)} on the shelf, too few for this; no units were moved.`,
  overlap: ({ otherTitle }) =>
    `Another sale of the same, “${String(otherTitle)}”, runs at that time. Choose another.`,
  window_over: say("The end has passed. Change the time first."),
  end_not_later: say("The new end has to be later than the one there is."),
  status: say("The sale stands otherwise by now, so this cannot be done. Look at it as it is."),
  state: say("It stands otherwise by now, so this cannot be done. Look at it as it is."),
  has_opened: say("The session has opened and cannot be called off any more."),
  second_person: say("A second person has to agree to this."),
  already_proposed: say(
    "Somebody asked for the same already, and a second person has yet to agree. It was not asked for again.",
  ),
  exists: say("There is one already. Choose another."),
  code_taken: say("Other goods have this code. Choose another."),
  in_use: say("It is still in use. Replace it there, then remove it."),
  no_own_units: say("This store has no units of its own. Let it sell its own first."),
  no_draft: say("There is no draft to publish."),
  not_scheduled: say("Nothing waits to be published; its hour may have come."),
  not_a_draft: say("No draft waits to be published; it may have been already."),
  no_dry_run: say("Try it on past events first, then publish."),
  not_published: say("It is not in force, so there is nothing to retire."),
  already_over: say("Its end has passed. Change the time first."),
  worth_more_now: say("More would be given back than was asked for. Look at it again, then agree."),
};

const SENTENCES: Readonly<Record<Locale, Sentences>> = { "zh-CN": ZH, en: EN };

/** A reason without a sentence is named: its caller is a program. */
export function conflictText(locale: Locale, figures: Figures): string {
  const reason = String(figures["reason"]);
  const sentence = SENTENCES[locale][reason]?.(figures);
  if (sentence !== undefined) return sentence;
  return locale === "en"
    ? `Not possible in the present state (${reason}).`
    : `现在的状态不允许这一步（${reason}）。`;
}
