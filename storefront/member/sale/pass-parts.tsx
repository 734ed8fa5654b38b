import type { ComponentChildren, JSX } from "preact";
import { Icon } from "../../ui/icon.tsx";
import { Badge, type BadgeTone } from "../../ui/parts.tsx";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import type { GrabState } from "./grab-state.ts";
import type { SaleModel } from "./sale-model.ts";
import { useSaleText } from "./sale-text.ts";

export interface PassProps {
  model: SaleModel;
  grab: GrabState;
  nextSale: SaleView | null;
  doorMissed: boolean;
  onForgo: () => void;
  onAgain: () => void;
  onCopy: (text: string) => void;
}

export interface CardProps {
  title: string;
  badge?: { tone: BadgeTone; icon?: string; text: string };
  children: ComponentChildren;
  end?: ComponentChildren;
}

export function Card({ title, badge, children, end }: CardProps): JSX.Element {
  return (
    <section class="card pass">
      <header>
        <h2>{title}</h2>
        {badge !== undefined && (
          <Badge tone={badge.tone} {...(badge.icon === undefined ? {} : { icon: badge.icon })}>
            {badge.text}
          </Badge>
        )}
      </header>
      {children}
      {end !== undefined && (
        <>
          <div class="tear" />
          {end}
        </>
      )}
    </section>
  );
}

export function Item({
  icon,
  children,
  act,
}: {
  icon: string;
  children: ComponentChildren;
  act?: ComponentChildren;
}): JSX.Element {
  return (
    <li>
      <Icon name={icon} />
      <span>{children}</span>
      {act}
    </li>
  );
}

export function GiveBack({ model, onForgo }: Pick<PassProps, "model" | "onForgo">): JSX.Element {
  const t = useSaleText();
  return (
    <div class="pass-end">
      <p class="note sec">{t.pass.returnNote}</p>
      <button
        type="button"
        class="btn quiet sm"
        onClick={onForgo}
        aria-disabled={model.attempt !== null}
      >
        {t.pass.giveBack}
      </button>
    </div>
  );
}

export function PlainPass({
  title,
  lines,
  end,
}: {
  title: string;
  lines: readonly { icon: string; text: string }[];
  end?: ComponentChildren;
}): JSX.Element {
  return (
    <Card title={title} {...(end ? { end } : {})}>
      <ul>
        {lines.map(({ icon, text }) => (
          <Item key={icon} icon={icon}>
            {text}
          </Item>
        ))}
      </ul>
    </Card>
  );
}
