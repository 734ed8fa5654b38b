/** The newest points terms that an Account was told, by programme. */
import { splitMemberKey } from "../kernel/ids.ts";
import { DEFAULT_POINTS_TERMS, type PointsTerms } from "./terms.ts";

export class TermsStore {
  readonly #sql: SqlStorage;
  readonly #known = new Map<string, PointsTerms>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  forget(): void {
    this.#known.clear();
  }

  of(memberKey: string): PointsTerms {
    return this.#ofProgramme(splitMemberKey(memberKey).programmeId);
  }

  #ofProgramme(programmeId: string): PointsTerms {
    const known = this.#known.get(programmeId);
    if (known) return known;
    const row = this.#sql
      .exec("SELECT terms FROM points_terms WHERE programme_id = ?", programmeId)
      .toArray()[0];
    const terms = row ? (JSON.parse(String(row["terms"])) as PointsTerms) : DEFAULT_POINTS_TERMS;
    this.#known.set(programmeId, terms);
    return terms;
  }

  /** Keeps the terms if they are newer than those that are known. Part of a commit. */
  learn(programmeId: string, terms: PointsTerms): void {
    if (terms.version <= this.#ofProgramme(programmeId).version) return;
    this.#sql.exec(
      `INSERT INTO points_terms (programme_id, version, terms) VALUES (?, ?, ?)
       ON CONFLICT (programme_id) DO UPDATE SET version = excluded.version, terms = excluded.terms`,
      programmeId,
      terms.version,
      JSON.stringify(terms),
    );
    this.#known.set(programmeId, terms);
  }
}
