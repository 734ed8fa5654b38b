import type { JSX } from "preact";
import { timeHm } from "../../ui/format.ts";
import { Badge, Button, Card, useWords } from "../kit/index.ts";
import { locatorOf, type NotedList } from "./noted.ts";
import { WORDS } from "./words.ts";

/** What was served without a network: waiting for it, or refused since, until the clerk has read why. */
export function NotedCard({ noted }: { noted: NotedList }): JSX.Element | null {
  const words = useWords(WORDS);
  if (noted.items.length === 0) return null;
  return (
    <Card title={words.noted} note={noted.isStored ? words.notedHelp : words.notedHere}>
      <ul class="ord-lots">
        {noted.items.map(({ writeOffId, code, uses, title, readAtMs, refusal }) => (
          <li key={writeOffId}>
            <b class="num">{timeHm(readAtMs)}</b>
            <span>
              {title} <span class="num mute">{locatorOf(code)}</span> {words.times(uses)}
              {refusal !== null && (
                <span class="warn-text"> {words.notTaken(words.reasons[refusal] ?? refusal)}</span>
              )}
            </span>
            {refusal === null ? (
              <Badge tone="info">{words.waitsForNetwork}</Badge>
            ) : (
              <Button kind="link" size="sm" onClick={() => noted.drop(writeOffId)}>
                {words.seen}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
