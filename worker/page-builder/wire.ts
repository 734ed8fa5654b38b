import { z } from "@hono/zod-openapi";
import type { Block, Look, PageBody } from "./document.ts";
import type { Paragraph, Span } from "./rich-text.ts";
import type { ContrastCheck } from "./theme.ts";

export type { Block, ContrastCheck, Look, PageBody, Paragraph, Span };

/** A block as a page draws it: words parsed, goods chosen. */
export type BlockView =
  | Exclude<Block, { type: "rich_text" } | { type: "goods" }>
  | {
      readonly type: "rich_text";
      readonly id: string;
      readonly paragraphs: readonly Paragraph[];
    }
  | {
      readonly type: "goods";
      readonly id: string;
      readonly title: string;
      readonly layout: "grid" | "list";
      readonly showsBands: boolean;
      readonly max: number;
      /** Null: those just out of the member's reach. */
      readonly skuIds: readonly string[] | null;
    };

export const LOOK_PATH = "/api/v1/look";

/** What every page of the mall wears. */
export const lookViewSchema = z
  .object({
    name: z.string(),
    theme: z.string().describe("A theme of the house, or `custom`: then all of it is in `css`."),
    css: z.string().describe("Made from checked colours; empty for a theme of the house as it is."),
  })
  .openapi("Look");
export type LookView = z.infer<typeof lookViewSchema>;

const bodySchema = z.record(z.string(), z.unknown());

export const headSchema = z
  .object({
    pageId: z.string(),
    revision: z.int().describe("Send it back with every command."),
    draft: bodySchema.nullable().describe("Null: nothing was ever saved; edit `shown`."),
    shown: bodySchema.describe("What visitors see now, the default included."),
    newestVersion: z.int(),
    shownVersion: z.int().nullable().describe("Null: the default."),
    publishedAtMs: z.int().nullable(),
    scheduledVersion: z.int().nullable(),
    scheduledAtMs: z.int().nullable(),
    isChanged: z.boolean().describe("The draft differs from what visitors see."),
    savedBy: z.string().nullable(),
    savedAtMs: z.int().nullable(),
  })
  .openapi("PageDocument");
export type PageDocumentView = z.infer<typeof headSchema>;

export const versionSchema = z
  .object({
    version: z.int(),
    restores: z.int().nullable().describe("The version it brought back."),
    savedBy: z.string(),
    savedAtMs: z.int(),
  })
  .openapi("PageVersion");
export type PageVersionView = z.infer<typeof versionSchema>;

export const checkSchema = z
  .object({
    key: z.enum(["button", "price", "badge", "edge"]),
    scheme: z.enum(["light", "dark"]),
    foreground: z.string(),
    background: z.string(),
    ratio: z.number().describe("WCAG contrast as used."),
    givenRatio: z.number().describe("Before any correction."),
    needed: z.number(),
    isCorrected: z.boolean(),
  })
  .openapi("ContrastCheck");
