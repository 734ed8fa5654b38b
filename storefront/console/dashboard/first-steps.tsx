import type { JSX } from "preact";
import type { MixView } from "../../../worker/catalog/wire.ts";
import { Button, Card, useConsole, useRead, useWords } from "../kit/index.ts";
import { DASHBOARD } from "./words.ts";

/** What a merchant without goods begins with. Goods that are there end it. */
export function FirstSteps(): JSX.Element | null {
  const { firstSteps: words } = useWords(DASHBOARD);
  const { may } = useConsole();
  const isBuilder = may("goods.write") && may("pages.write") && may("rules.write");
  const mix = useRead<MixView>(isBuilder ? "/api/v1/staff/goods-mix" : null);
  if (mix.value?.goods !== 0) return null;
  return (
    <Card title={words.title} note={words.note}>
      <div class="stack">
        <ol class="first-steps">
          {words.steps.map(([title, note]) => (
            <li key={title}>
              <b>{title}</b>
              <span class="note sec">{note}</span>
            </li>
          ))}
        </ol>
        <div class="acts">
          <Button kind="primary" icon="store" href="/console/pages/start">
            {words.template}
          </Button>
          <Button href="/console/goods/new">{words.own}</Button>
          <Button href="/console/goods/import">{words.import}</Button>
        </div>
      </div>
    </Card>
  );
}
