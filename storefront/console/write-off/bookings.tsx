import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { StaffMe } from "../../../worker/console/wire.ts";
import { dateIso, timeHm } from "../../ui/format.ts";
import {
  Badge,
  Button,
  Card,
  useConfirm,
  useConsole,
  useRead,
  useToast,
  useWords,
  type Tone,
} from "../kit/index.ts";
import { keptOf } from "../kit/kept.ts";
import { dropSavedNote } from "./keep-desk.ts";
import { WORDS } from "./words.ts";

interface Booked {
  readonly voucherId: string;
  readonly locator: string;
  readonly title: string;
  readonly usesLeft: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly state: "expected" | "came" | "missed";
}

interface Bookings {
  readonly asOfMs: number;
  readonly items: readonly Booked[];
}

const TONES: Readonly<Record<Booked["state"], Tone>> = {
  expected: "info",
  came: "ok",
  missed: "warn",
};

const placeOf = (me: StaffMe, storeId: string) => keptOf<Bookings>(me, "list", storeId);

/** Today's list as this device has it. */
export function keptList(me: StaffMe, storeId: string): Bookings | null {
  const list = placeOf(me, storeId).read();
  return list && dateIso(list.asOfMs) === dateIso(Date.now()) ? list : null;
}

/** The member chooses anew, as if they had not booked yet. */
function useRelease(again: () => void): (booked: Booked) => Promise<void> {
  const words = useWords(WORDS);
  const { call } = useConsole();
  const confirm = useConfirm();
  const toast = useToast();
  return async ({ voucherId, title, fromMs }) => {
    const body = words.releaseBody(`${timeHm(fromMs)} ${title}`);
    if (!(await confirm({ title: words.release, body, act: words.release }))) return;
    const answer = await call("POST", `/api/v1/staff/bookings/${voucherId}/release`);
    if (!answer.ok) return toast.refuse(answer.problem);
    toast.show({ text: words.released, tone: "ok" });
    again();
  };
}

/** Who has booked on a day. Today's are kept on this device: a shop's network is down just when people come. */
export function BookedVisits({ storeId, turn }: { storeId: string; turn: number }): JSX.Element {
  const words = useWords(WORDS);
  const { me } = useConsole();
  const [today] = useState(() => dateIso(Date.now()));
  const [day, setDay] = useState(today);
  const dayMs = Date.parse(`${day}T12:00:00+08:00`);
  const read = useRead<Bookings>(
    Number.isNaN(dayMs)
      ? null
      : `/api/v1/staff/write-offs/expected?storeId=${encodeURIComponent(storeId)}&dayMs=${dayMs}`,
    { everyMs: 60_000 },
  );
  const { again } = read;
  const release = useRelease(again);
  useEffect(() => {
    if (turn > 0) again();
  }, [turn, again]);
  useEffect(() => {
    if (!read.value) return;
    dropSavedNote();
    if (day === today) placeOf(me, storeId).write(read.value);
  }, [read.value, me, storeId, day, today]);
  const list = read.value ?? (day === today ? keptList(me, storeId) : null);
  const asOf = list && `${dateIso(list.asOfMs)} ${timeHm(list.asOfMs)}`;
  return (
    <Card
      title={words.bookings}
      note={asOf && day === today ? `${words.todayHelp} ${asOf}` : undefined}
      acts={
        <input
          class="in"
          type="date"
          aria-label={words.day}
          value={day}
          onInput={(event) => setDay(event.currentTarget.value)}
        />
      }
    >
      {read.problem !== null && <p class="warn-text">{words.offline}</p>}
      {list?.items.length === 0 && <p class="mute">{words.bookingsNone}</p>}
      {list && list.items.length > 0 && (
        <ul class="ord-lots">
          {list.items.map((one) => (
            <li key={one.voucherId}>
              <b class="num">
                {timeHm(one.fromMs)}–{timeHm(one.untilMs)}
              </b>
              <span>
                {one.title} <span class="num mute">{one.locator}</span>{" "}
                <span class="mute">{words.leftShort(one.usesLeft)}</span>
              </span>
              <Badge tone={TONES[one.state]}>{words.bookingStates[one.state]}</Badge>
              {one.state !== "came" && (
                <Button kind="link" size="sm" onClick={() => void release(one)}>
                  {words.release}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
