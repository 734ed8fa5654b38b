/** The schemas by which terms, rules and tasks are read, as JSON Schema: what the console draws its forms from. */
import { z } from "zod";
import { reminderSchema } from "../../reminders/index.ts";
import { tierSchema } from "../../tiers/index.ts";
import { checkInSchema } from "../check-in/index.ts";
import { discountTermsSchema } from "../discounts/index.ts";
import { inviteSchema } from "../invites/index.ts";
import {
  approvalSchema,
  clawbackSchema,
  growthSchema,
  offsetSchema,
  rateSchema,
  refundSchema,
  storedValueSchema,
  taskPageSchema,
  type TermsKind,
} from "../programme/index.ts";
import { programmeSchema, ruleSchema } from "../rules/index.ts";
import { taskSchema } from "../tasks/index.ts";

const TERMS: Readonly<Record<TermsKind, z.ZodType>> = {
  earn: programmeSchema,
  check_in: checkInSchema,
  invites: inviteSchema,
  tiers: tierSchema,
  growth: growthSchema,
  reminders: reminderSchema,
  approval: approvalSchema,
  refund: refundSchema,
  clawback: clawbackSchema,
  rate: rateSchema,
  discounts: discountTermsSchema,
  offset: offsetSchema,
  stored_value: storedValueSchema,
};

type JsonSchema = Readonly<Record<string, unknown>>;
export interface EditorSchemas {
  readonly terms: Readonly<Record<TermsKind, JsonSchema>>;
  readonly rule: JsonSchema;
  readonly task: JsonSchema;
}

/** Filled in by the server, so no form asks for them. */
const FILLED_IN: ReadonlySet<string> = new Set(["version", "zoneOffsetMs"]);

function jsonOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    reused: "ref",
  });
  return withoutFilledIn(json) as JsonSchema;
}

function withoutFilledIn(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutFilledIn);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([name, value]): [string, unknown] => {
    if (name === "properties") {
      const kept = Object.entries(value as object).filter(([key]) => !FILLED_IN.has(key));
      return [name, withoutFilledIn(Object.fromEntries(kept))];
    }
    if (name === "required") {
      return [name, (value as string[]).filter((key) => !FILLED_IN.has(key))];
    }
    return [name, withoutFilledIn(value)];
  });
  return Object.fromEntries(entries);
}

let made: EditorSchemas | null = null;

export function editorSchemas(): EditorSchemas {
  if (made) return made;
  const terms = Object.fromEntries(
    Object.entries(TERMS).map(([kind, schema]) => [kind, jsonOf(schema)]),
  ) as Record<TermsKind, JsonSchema>;
  const task = jsonOf(taskSchema);
  const page = jsonOf(taskPageSchema);
  const properties = { ...(task["properties"] as object), ...(page["properties"] as object) };
  made = { terms, rule: jsonOf(ruleSchema), task: { ...task, properties } };
  return made;
}
