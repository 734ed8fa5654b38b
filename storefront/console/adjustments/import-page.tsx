import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../../ui/format.ts";
import { BASE, CsvImport, PageHead, useWords, type ImportReport } from "../kit/index.ts";
import { ADJUSTMENTS } from "./words.ts";

const COLUMNS = ["memberId", "points", "reason", "lastDay"];

interface PointsReport extends ImportReport {
  readonly lines: number;
  readonly members: number;
  readonly points: number;
  readonly booked: number;
  readonly repeated: number;
}

const add = (sum: PointsReport, part: PointsReport): PointsReport => ({
  ...part,
  booked: sum.booked + part.booked,
  repeated: sum.repeated + part.repeated,
  badCount: sum.badCount + part.badCount,
  bad: [...sum.bad, ...part.bad],
});

const isWritten = ({ importedBefore }: PointsReport): boolean => importedBefore?.nextLine === null;

/** Points of many members at once: balances that come along from another system, or a gift to a list. */
export function ImportPage(): JSX.Element {
  const { title, imports } = useWords(ADJUSTMENTS);
  const says = (report: PointsReport): string => {
    const { isDryRun, lines, members, points, booked, repeated } = report;
    return isDryRun
      ? imports.fine(lines, members, count(points))
      : imports.done(booked, count(points), repeated);
  };
  const [nextYear] = useState(() => new Date().getFullYear() + 1);
  return (
    <>
      <PageHead title={imports.title} back={{ href: `${BASE}/adjustments`, title }} />
      <CsvImport<PointsReport>
        help={imports.help}
        columns={COLUMNS}
        sample={[
          ["tea-001", 1_200, imports.sampleReason, `${nextYear}-12-31`],
          ["tea-002", 300, imports.sampleReason, ""],
        ]}
        sampleName="points-sample.csv"
        path="/api/v1/staff/points/import"
        says={says}
        parts={{ lines: 250, add, isWritten }}
        see={{ href: `${BASE}/members?sort=-balance`, title: imports.see }}
      />
    </>
  );
}
