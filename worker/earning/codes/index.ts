/** The till codes' door. Pure. */
export {
  codeFromBytes,
  readCode,
  useCode,
  type CodeFacts,
  type CodeOutcome,
  type CodeUse,
  type TillCode,
} from "./model.ts";
export { parseTillCode } from "./schema.ts";
