/** The till codes' door. Pure. */
export { codeFromBytes, readCode, useCode, type CodeUse, type TillCode } from "./model.ts";
export { parseTillCode } from "./schema.ts";
