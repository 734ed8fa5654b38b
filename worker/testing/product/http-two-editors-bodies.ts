/** Documents that two people edit, as their editors send them; a turn is a figure that only one of the two has typed. */
import { taskBody } from "../points/programme.ts";

export type Turn = 41 | 42 | 43;
export const word = (turn: Turn): string => `第 ${turn} 个名字`;

export const rule = (turn: Turn, ruleId = "two") => ({
  ...{ ruleId, title: word(turn), on: ["order"], startsAtMs: null, endsAtMs: null },
  ...{ condition: null, scope: null, priority: 0, isStackable: true, caps: [], expiry: null },
  ...{ pending: null, benefit: { kind: "fixed", points: 5 } },
});

export const task = (turn: Turn, taskId = "two") => taskBody({ taskId, title: word(turn) });

export const session = (turn: Turn, opensAtMs: number, items: readonly object[] = []) => ({
  ...{ title: word(turn), opensAtMs, closesAtMs: opensAtMs + 3_600_000, items },
});

export const freight = (turn: Turn) => ({
  ...{ title: word(turn), isDefault: false, undeliverable: [] },
  rules: [
    {
      ...{ regions: [], firstPieces: 1, firstFen: 800, extraPieces: 1, extraFen: 200 },
      freeFromPieces: null,
    },
  ],
});

export const plan = (turn: Turn) => ({
  ...{ weekdays: [1, 2], hours: [{ fromMinute: 600, untilMinute: 1_200 }], slotMinutes: 60 },
  ...{ capacity: turn, closedDays: [], aheadDays: 14, leadMinutes: 60 },
  ...{ moveHours: 12, moves: 1 },
});

export const segment = (turn: Turn, version: number) => ({
  ...{ name: word(turn), version },
  rule: { all: [{ kind: "balance", min: 100, max: null }] },
});
