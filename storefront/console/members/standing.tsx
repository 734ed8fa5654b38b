import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { StandingView } from "../../../worker/earning/wire.ts";
import { count, dateIso } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  Failed,
  Loading,
  useConsole,
  useRead,
  useWords,
} from "../kit/index.ts";
import { BENEFITS } from "./benefit-words.ts";
import { Purchases } from "./purchases.tsx";
import { CardsDialog, MembershipDialog } from "./benefit-dialogs.tsx";

/** Tier, bought membership and check-in of one member, as the account itself has them, and what staff may give. */
export function Standing({
  memberId,
  at,
  canGive,
  onChanged,
}: {
  memberId: string;
  at: string;
  /** Of a record that went into another one nothing is given any more. */
  canGive: boolean;
  onChanged: () => void;
}): JSX.Element {
  const words = useWords(BENEFITS);
  const { may } = useConsole();
  const standing = useRead<StandingView>(`${at}/earning`);
  const [open, setOpen] = useState<"cards" | "membership" | null>(null);
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    standing.again();
    onChanged();
  };
  const { value } = standing;
  return (
    <Card
      title={words.standing}
      acts={
        canGive && (
          <>
            {may("points.grant") && value?.checkIn && (
              <Button size="sm" icon="calendar" onClick={() => setOpen("cards")}>
                {words.cards}
              </Button>
            )}
            {may("members.write") && value?.tier && (
              <Button size="sm" icon="crown" onClick={() => setOpen("membership")}>
                {words.membership}
              </Button>
            )}
          </>
        )
      }
    >
      {standing.problem && <Failed problem={standing.problem} onRetry={standing.again} />}
      {!value && !standing.problem && <Loading rows={3} />}
      {value && <Facts standing={value} />}
      {value && value.purchases.length > 0 && <Purchases purchases={value.purchases} />}
      {open === "cards" && <CardsDialog memberIds={[memberId]} onClose={close} onDone={done} />}
      {open === "membership" && (
        <MembershipDialog memberIds={[memberId]} onClose={close} onDone={done} />
      )}
    </Card>
  );
}

function Facts({ standing: { tier, checkIn } }: { standing: StandingView }): JSX.Element {
  const words = useWords(BENEFITS);
  return (
    <dl class="facts">
      <dt>{words.tier}</dt>
      <dd>
        {tier === null ? (
          <>
            {words.noTiers} <a href="/console/rules/terms/tiers">{words.setTiers}</a>
          </>
        ) : (
          <>
            {tier.tier.name}{" "}
            <Badge tone={tier.source === "paid" ? "brand" : "plain"}>
              {words.source[tier.source]}
            </Badge>
          </>
        )}
      </dd>
      {tier && (
        <>
          <dt>{words.growth}</dt>
          <dd>
            <span class="num">{count(tier.growth)}</span>
            {tier.next && (
              <span class="note mute">
                {" "}
                {words.next(count(tier.next.missingGrowth), tier.next.name)}
              </span>
            )}
          </dd>
          <dt>{words.paid}</dt>
          <dd>
            {tier.paid
              ? words.paidUntil(tier.paid.name, dateIso(tier.paid.untilMs))
              : words.notPaid}
          </dd>
        </>
      )}
      <dt>{words.checkIn}</dt>
      <dd>
        {checkIn === null ? (
          <>
            {words.noCheckIn} <a href="/console/rules/terms/check_in">{words.setCheckIn}</a>
          </>
        ) : (
          words.streak(checkIn.streak, checkIn.makeUpCards)
        )}
      </dd>
    </dl>
  );
}
