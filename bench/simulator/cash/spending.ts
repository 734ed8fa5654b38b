/** What a programme says where points and stored value pay: a conversion that does not divide evenly, and holds that lapse soon. */
const TERMS = "/api/v1/staff/earning/terms";

type Must = (method: "POST" | "PUT", path: string, body?: unknown) => Promise<unknown>;

/** For each member, beside what the sale costs them. */
export const POINTS_TO_SPEND = 300;

export async function openSpending(must: Must): Promise<void> {
  await must("PUT", `${TERMS}/rate`, {
    ...{ rate: { points: 2, fen: 3 }, pointsMin: 4, percentMax: 60, pointsMax: null },
  });
  await must("PUT", `${TERMS}/offset`, {
    ...{ tills: true, mall: true, isStackable: true, holdMinutes: 1 },
  });
  await must("PUT", `${TERMS}/stored_value`, {
    ...{ isOn: true, choicesFen: [], topUpMinFen: 100, topUpMaxFen: 100_000 },
    balanceMaxFen: 500_000,
  });
}
