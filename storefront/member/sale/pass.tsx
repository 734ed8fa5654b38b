import type { JSX } from "preact";
import { Icon } from "../../ui/icon.tsx";
import { AttemptPass, BookPass, ReadyPass } from "./pass-ahead.tsx";
import { ClosedPass, GonePass, NextCard, ShortPass, WavePass, WonPass } from "./pass-ends.tsx";
import { PlainPass, type PassProps } from "./pass-parts.tsx";
import { useSaleText } from "./sale-text.ts";

type KeptOut = ReturnType<typeof useSaleText>["pass"]["notEligible"][string];

/** Where what keeps a member out can be seen, or spoken of. */
const WAYS_OUT: Readonly<Record<string, string | undefined>> = {
  tier: "/points/tier",
  blocked: "/help",
};

function RefusedPass(props: PassProps): JSX.Element {
  const t = useSaleText();
  const { model, grab } = props;
  const { sale } = model;
  switch (grab.state) {
    case "limit_reached": {
      const limit =
        grab.sub.key === "limit" ? grab.sub : { limit: sale.limitPerMember, used: model.limitUsed };
      return (
        <PlainPass
          title={t.pass.limitTitle}
          lines={[
            { icon: "orders", text: t.pass.limitItem(limit.limit, limit.used) },
            { icon: "users", text: t.pass.limitWhy },
          ]}
        />
      );
    }
    case "not_eligible": {
      const rule = grab.sub.key === "rule" ? String(grab.sub.rule) : "";
      const said: KeptOut = t.pass.notEligible[rule] ?? t.pass.notEligibleElse;
      const lines = [{ icon: "shield", text: said.body }];
      const to = WAYS_OUT[rule];
      const end = to !== undefined && (
        <a class="row-a" href={to}>
          <Icon name="users" size={18} />
          <span>{said.go}</span>
          <Icon name="right" size={16} />
        </a>
      );
      return <PlainPass title={said.title} lines={lines} end={end} />;
    }
    default: {
      const { loginTitle, loginItem, loginLiveTitle, openNoTicket } = t.pass;
      const isLive = model.nowMs >= sale.opensAtMs;
      const text = (isLive ? openNoTicket : loginItem)(sale.pricePoints);
      return (
        <PlainPass title={isLive ? loginLiveTitle : loginTitle} lines={[{ icon: "coin", text }]} />
      );
    }
  }
}

/** One card, under the price: before the end what is ready, after it why. */
export function PassCard(props: PassProps): JSX.Element | null {
  const t = useSaleText();
  const { model, grab } = props;
  // The band says that the sale is paused: what is left to say is what is kept meanwhile.
  const isPaused = model.sale.status === "paused";
  switch (grab.state) {
    case "granted":
      return <WonPass {...props} />;
    case "sending":
    case "queued":
    case "in_doubt":
      return <AttemptPass {...props} />;
    case "points_insufficient":
      return <ShortPass {...props} />;
    case "sold_out":
      return <GonePass {...props} />;
    case "wave":
      return <WavePass {...props} />;
    case "paused":
      return model.ticket === null ? null : <ReadyPass {...props} />;
    case "login":
      return isPaused ? null : <RefusedPass {...props} />;
    case "closed":
      return (
        <>
          <ClosedPass {...props} />
          {props.nextSale !== null && <NextCard next={props.nextSale} nowMs={model.nowMs} />}
        </>
      );
    case "booked":
    case "arming":
    case "open":
    case "bookable":
    case "booking": {
      const stale = model.verdict?.kind === "refused" && model.verdict.code === "stale";
      if (stale && model.attempt === null) {
        return (
          <PlainPass
            title={t.pass.staleTitle}
            lines={[
              { icon: "alert", text: t.pass.stale },
              { icon: "shield", text: t.pass.staleOld },
            ]}
          />
        );
      }
      return model.ticket === null ? <BookPass {...props} /> : <ReadyPass {...props} />;
    }
    default:
      return <RefusedPass {...props} />;
  }
}
