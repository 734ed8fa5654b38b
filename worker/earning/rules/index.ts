/** The earning rules' door. Pure: no runtime, no database, no clock. */
export { awardAsRule, awardTerms, type Award } from "./award.ts";
export { capKey, roomUnder, WALLET, withUse } from "./caps.ts";
export {
  linesIn,
  mayMeet,
  meets,
  namesBirthday,
  namesRedemptions,
  type Scene,
} from "./conditions.ts";
export { capProblems, contradictionsOf, type Problem } from "./contradictions.ts";
export {
  dryRun,
  isTakenBack,
  type DryRunReport,
  type MemberChange,
  type PastEvent,
} from "./dry-run.ts";
export { evaluate, grantsOf, TIER_RULE, type EarnGrant } from "./evaluate.ts";
export {
  isOpen,
  newBook,
  publish,
  recordDryRun,
  retire,
  rulesInForce,
  saveDraft,
  type BookOutcome,
  type RuleBook,
  type RuleVersion,
  type Versioned,
  type VersionState,
} from "./lifecycle.ts";
export { capsFreed, reversalOf, type EarnedOrder, type Reversal } from "./returns.ts";
export {
  capSchema,
  conditionSchema,
  expirySchema,
  parseProgramme,
  parseRule,
  parseWith,
  pendingSchema,
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
  type CapPeriod,
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
  type PendingPolicy,
  type RuleInForce,
} from "./types.ts";
