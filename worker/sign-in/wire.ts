import { z } from "@hono/zod-openapi";
import { IDENTITY_KINDS } from "./model.ts";

export const identitiesSchema = z
  .object({
    identities: z.array(
      z.object({
        kind: z.enum(IDENTITY_KINDS),
        shown: z.string().describe("Masked, for the member to recognise."),
      }),
    ),
    hasConsent: z.boolean(),
  })
  .openapi("Identities");

export type IdentitiesView = z.infer<typeof identitiesSchema>;
