/** What the console's editors ask of terms before they are saved: their schemas, and what they would mean. Pure. */
export { examplesOf } from "./examples.ts";
export { editorSchemas } from "./schemas.ts";
