import type { JSX } from "preact";
import type { SessionCheck } from "../../../worker/sales/wire.ts";
import { dateName, timeHm } from "../../ui/format.ts";
import { Card, Icon, useLocale, useWords, type IconName } from "../kit/index.ts";
import { SALES } from "./words.ts";

const ICONS: Readonly<Record<SessionCheck["level"], IconName>> = {
  ok: "check",
  info: "info",
  warn: "alert",
  error: "x",
};

/** The sentence of a check, with the figures that make it one. */
export function useCheckSentence(
  nameOf: (skuId: string) => string,
): (check: SessionCheck) => string {
  const { check: said } = useWords(SALES);
  const locale = useLocale();
  const whenOf = (atMs: unknown): string =>
    `${dateName(locale, Number(atMs), Date.now())} ${timeHm(Number(atMs))}`;
  return ({ check, level, skuId, figures }) => {
    const name = skuId === null ? "" : nameOf(skuId);
    const number = (key: string): number => Number(figures[key] ?? 0);
    const other = String(figures["otherTitle"] ?? "");
    switch (check) {
      case "items":
        return said.items;
      case "window":
        return level === "ok"
          ? said.window_ok
          : level === "warn"
            ? said.window_open
            : said.window_over;
      case "sku_twice":
        return said.sku_twice(name);
      case "sku_unknown":
        return said.sku_unknown(name);
      case "overlap":
        return level === "ok"
          ? said.overlap_ok(name)
          : said.overlap(name, other, whenOf(figures["opensAtMs"]));
      case "units":
        if (level === "info") return said.onDemand(name, number("units"));
        return (level === "ok" ? said.units_ok : said.units)(
          name,
          number("units"),
          number("onStandingShelf"),
        );
      case "same_day":
        return said.same_day(other, timeHm(number("opensAtMs")));
      case "rehearsal":
        return level === "info"
          ? said.rehearsal
          : (level === "ok" ? said.rehearsal_ok : said.rehearsal_bad)(whenOf(figures["atMs"]));
    }
  };
}

export function ChecksCard({
  checks,
  nameOf,
  isStale,
}: {
  checks: readonly SessionCheck[];
  nameOf: (skuId: string) => string;
  /** The form has changes that the checks do not know. */
  isStale: boolean;
}): JSX.Element {
  const words = useWords(SALES);
  const sentence = useCheckSentence(nameOf);
  return (
    <Card title={words.checks}>
      <ul class="checks">
        {checks.map((check) => (
          <li key={`${check.check} ${check.skuId} ${sentence(check)}`} class={check.level}>
            <Icon name={ICONS[check.level]} size={16} />
            <span>{sentence(check)}</span>
          </li>
        ))}
      </ul>
      {isStale && <p class="note mute">{words.checksStale}</p>}
    </Card>
  );
}
