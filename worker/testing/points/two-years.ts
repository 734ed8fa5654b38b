/** The whole programme: households one after the other, each audited and let go, so that memory stays flat. */
import { assertWallet } from "../../accounts/points/index.ts";
import { Random } from "../simulation/random.ts";
import { chinaMs, CHINA_MS } from "./earning.ts";
import { LivingMember, type LifeCount } from "./life.ts";
import { LIFE_PROGRAMME, LIFE_RULES } from "./life-terms.ts";

const DAYS = 730;
const DAY_MS = 86_400_000;
const HOUSEHOLD = 10;

export interface Audit extends LifeCount {
  readonly members: number;
  /** Entries by type, and awards by the source they came from. */
  readonly kinds: Readonly<Record<string, number>>;
  /** What does not agree; empty: all is well. */
  readonly faults: readonly string[];
  readonly sums: {
    granted: number;
    active: number;
    pending: number;
    held: number;
    spent: number;
    expired: number;
    clawedBack: number;
    negative: number;
  };
}

/** Two years of `members` members from a seed. Finds faults instead of throwing for them, so that one hides no other. */
export function liveTwoYears(members: number, seed: number): Audit {
  const random = new Random(seed);
  const count: LifeCount = { entries: 0, events: 0, repeats: 0, reminders: 0 };
  const sums = {
    granted: 0,
    active: 0,
    pending: 0,
    held: 0,
    spent: 0,
    expired: 0,
    clawedBack: 0,
    negative: 0,
  };
  const faults: string[] = [];
  const kinds: Record<string, number> = {};
  const startMs = chinaMs("2024-01-01");
  const endMs = startMs + DAYS * DAY_MS;
  for (let first = 0; first < members; first += HOUSEHOLD) {
    const size = Math.min(HOUSEHOLD, members - first);
    for (const member of household(first, size, startMs, random, count)) {
      const { purse } = member;
      count.entries += purse.entries.length;
      for (const { type, naturalKey } of purse.entries) {
        const kind = type === "earn_action" ? (naturalKey.split(":")[0] ?? type) : type;
        kinds[kind] = (kinds[kind] ?? 0) + 1;
      }
      const found = [...purse.audit(), ...overCaps(member)];
      try {
        assertWallet(purse.wallet);
      } catch (error) {
        found.push(String(error));
      }
      faults.push(...found.map((one) => `${purse.wallet.memberKey}: ${one}`));
      const balance = purse.balance(endMs);
      sums.granted += purse.wallet.granted;
      for (const name in balance) {
        sums[name as keyof typeof balance] += balance[name as keyof typeof balance];
      }
    }
  }
  return { ...count, members, kinds, faults, sums };
}

function household(
  first: number,
  size: number,
  startMs: number,
  random: Random,
  count: LifeCount,
): readonly LivingMember[] {
  const byKey = new Map<string, LivingMember>();
  const people = Array.from({ length: size }, (_, at) => {
    const memberKey = `demo:m${first + at}`;
    const person = new LivingMember(memberKey, startMs, random, count, (key) => byKey.get(key));
    byKey.set(memberKey, person);
    return person;
  });
  for (let day = 0; day < DAYS; day += 1) {
    const midnightMs = startMs + day * DAY_MS;
    for (const [at, person] of people.entries()) {
      const inviter = people[at - 1];
      // They join one after the other in the first months, half of them invited by the one before.
      if (day === at * 20 && inviter && random.chance(0.5)) person.invitedBy(inviter, midnightMs);
      if (day >= at * 20) person.day(midnightMs);
    }
  }
  return people;
}

/** Recounts the caps of the wallet and of a rule from the ledger alone. */
function overCaps({ purse }: LivingMember): readonly string[] {
  const found: string[] = [];
  const byDay = new Map<number, number>();
  for (const entry of purse.entries) {
    if (entry.breakdown.length === 0) continue;
    const day = Math.floor((entry.occurredAtMs + CHINA_MS) / DAY_MS);
    byDay.set(day, (byDay.get(day) ?? 0) + entry.points);
    const shared = entry.breakdown.reduce((sum, share) => sum + share.points, 0);
    if (shared !== entry.points) found.push(`entry ${entry.seq}: shares sum to ${shared}`);
  }
  const most = LIFE_PROGRAMME.walletCaps.find((cap) => cap.period === "day")?.pointsMax ?? 0;
  // A return frees what it took of the day's cap, and nobody orders again on the day of an order that came back.
  for (const [day, points] of byDay) if (points > most) found.push(`day ${day}: ${points} points`);
  const known = new Set(LIFE_RULES.map(({ rule }) => rule.ruleId));
  for (const entry of purse.entries) {
    for (const { ruleId } of entry.breakdown) {
      if (!known.has(ruleId) && ruleId !== "tier" && !ruleId.startsWith("award-")) {
        found.push(`entry ${entry.seq}: unknown rule ${ruleId}`);
      }
    }
  }
  return found;
}
