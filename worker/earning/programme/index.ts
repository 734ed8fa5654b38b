/** The door of a programme's terms. Pure. */
export {
  assembleTerms,
  DEFAULT_TERMS,
  namesOf,
  PROGRAMME_LIMITS,
  rulesAt,
  taskOf,
  tasksAt,
  TERMS_KINDS,
  type GrowthTerms,
  type NamedShare,
  type ProgrammeTerms,
  type RuleWindow,
  type SavedTerms,
  type StoredTask,
  type TaskWindow,
  type TermsKind,
  type TermsOf,
} from "./model.ts";
export { isProgrammeTerms, parseTask, parseTerms, sizeProblem } from "./schema.ts";
