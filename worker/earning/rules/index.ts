/** The earning rules' door. Pure: no runtime, no database, no clock. */
export { awardAsRule, awardTerms, type Award } from "./award.ts";
export { WALLET, withUse } from "./caps.ts";
export { mayMeet, meets, namesBirthday, namesRedemptions, type Scene } from "./conditions.ts";
export { type Problem } from "./contradictions.ts";
export {
  dryRun,
  isTakenBack,
  type DryRunReport,
  type MemberChange,
  type PastEvent,
} from "./dry-run.ts";
export { evaluate, grantsOf } from "./evaluate.ts";
export {
  isOpen,
  publish,
  recordDryRun,
  retire,
  saveDraft,
  type BookOutcome,
  type RuleBook,
  type RuleVersion,
  type Versioned,
  type VersionState,
} from "./lifecycle.ts";
export { capsFreed, reversalOf } from "./returns.ts";
export {
  conditionSchema,
  parseProgramme,
  parseRule,
  parseWith,
  programmeSchema,
  RULE_LIMITS,
  ruleSchema,
  type Parsed,
} from "./schema.ts";
export {
  EVENT_KINDS,
  REDEMPTION_CHANNEL,
  type Benefit,
  type Cap,
  type CapChange,
  type CapNotice,
  type CapUsage,
  type CapUse,
  type Condition,
  type EarnEvent,
  type EarnProgramme,
  type EarnRule,
  type Evaluation,
  type EventKind,
  type EventLine,
  type LineScope,
  type MemberFacts,
  type RuleInForce,
} from "./types.ts";
