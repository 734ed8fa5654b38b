/** What a merchant's page is made of. Pure: a fixed set of blocks with bounds, and no text that could become markup. */
import { z } from "@hono/zod-openapi";

/** Bounds of one page; the whole document also fits a request body. */
export const PAGE_LIMITS = {
  blocksMax: 30,
  slidesMax: 6,
  entriesMax: 10,
  goodsMax: 24,
  salesMax: 6,
  suggestedMax: 6,
  textMax: 2_000,
  titleMax: 24,
  linkMax: 300,
} as const;

/** The home page, or a page of the merchant's own at `/p/<id>`. `look` is no page: it is what all of them share. */
export const PAGE_ID_PATTERN = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
export const HOME = "home";
export const LOOK = "look";

/** A path of this mall, or a page of another site over https. Never a script, and never a host dressed up as a path. */
const LINK_PATTERN = /^(?:\/(?![/\\])[^\\\s]*|https:\/\/[^\s\\/?#@]+(?:[/?#][^\s\\]*)?)$/;
/** Pictures come from this origin, as the content policy of the pages demands. */
const PICTURE_PATTERN = /^\/(?![/\\])[0-9A-Za-z/_.-]+$/;

export const linkSchema = z
  .string()
  .max(PAGE_LIMITS.linkMax)
  .regex(LINK_PATTERN, "a path of this mall, or an https address");
export const pictureSchema = z
  .string()
  .max(200)
  .regex(PICTURE_PATTERN, "the path of a picture on this origin");

const title = z.string().trim().max(PAGE_LIMITS.titleMax);
const blockId = z.string().regex(/^[0-9a-z]{1,12}$/, "1–12 lower-case letters and digits");
const link = linkSchema.nullable().default(null);

export const QUICK_ICONS = [
  ...(["gift", "clock", "calendar", "list", "users", "ticket", "truck", "shield"] as const),
  ...(["crown", "coin", "orders", "pin", "help", "star", "cart", "tag"] as const),
] as const;

/** Why goods are shown to somebody: a figure or an act of their own. */
export const SUGGESTION_REASONS = ["expiring", "because"] as const;

const BLOCKS = [
  z.strictObject({ type: z.literal("wallet"), id: blockId }),
  z.strictObject({
    type: z.literal("banner"),
    id: blockId,
    /** Height in percent of the width; the box is held before the picture comes. */
    heightPercent: z.union([z.literal(30), z.literal(40), z.literal(50), z.literal(66)]),
    slides: z
      .array(
        z.strictObject({
          picture: pictureSchema,
          alt: z.string().trim().max(60).describe("Empty: the picture is ornament."),
          title: title.default(""),
          note: z.string().trim().max(40).default(""),
          link,
        }),
      )
      .min(1)
      .max(PAGE_LIMITS.slidesMax),
  }),
  z.strictObject({
    type: z.literal("notice"),
    id: blockId,
    text: z.string().trim().min(1).max(80),
    link,
  }),
  z.strictObject({
    type: z.literal("quick"),
    id: blockId,
    entries: z
      .array(
        z.strictObject({
          icon: z.enum(QUICK_ICONS),
          title: z.string().trim().min(1).max(8),
          note: z.string().trim().max(10).default(""),
          link: linkSchema,
        }),
      )
      .min(1)
      .max(PAGE_LIMITS.entriesMax),
  }),
  z.strictObject({
    type: z.literal("sales"),
    id: blockId,
    title,
    max: z.int().min(1).max(PAGE_LIMITS.salesMax),
  }),
  z.strictObject({
    type: z.literal("goods"),
    id: blockId,
    title,
    layout: z.enum(["grid", "list"]),
    /** Which goods: all, those of a category, those named, or what is just out of the member's reach. */
    source: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("all") }),
      z.strictObject({ kind: z.literal("near") }),
      z.strictObject({ kind: z.literal("category"), category: z.string().min(1).max(64) }),
      z.strictObject({
        kind: z.literal("named"),
        skuIds: z.array(z.string().min(1).max(64)).min(1).max(PAGE_LIMITS.goodsMax),
      }),
    ]),
    max: z.int().min(1).max(PAGE_LIMITS.goodsMax),
    /** Chips by which the member narrows the list to a band of points. */
    showsBands: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("suggested"),
    id: blockId,
    /** In this order; each stands there only for members of whom it is true, and guests see none. */
    reasons: z
      .array(z.enum(SUGGESTION_REASONS))
      .min(1)
      .max(SUGGESTION_REASONS.length)
      .refine((reasons) => new Set(reasons).size === reasons.length, "each reason once")
      .describe(
        "`expiring`: what points about to lapse can pay by themselves; `because`: more of a kind that was redeemed.",
      ),
    max: z.int().min(1).max(PAGE_LIMITS.suggestedMax),
  }),
  z.strictObject({ type: z.literal("tier"), id: blockId }),
  z.strictObject({ type: z.literal("check_in"), id: blockId }),
  z.strictObject({
    type: z.literal("rich_text"),
    id: blockId,
    text: z
      .string()
      .min(1)
      .max(PAGE_LIMITS.textMax)
      .describe("Paragraphs; `## heading`, `- item`, `**strong**`, `[words](link)`. No HTML."),
  }),
  z.strictObject({
    type: z.literal("picture"),
    id: blockId,
    picture: pictureSchema,
    alt: z.string().trim().max(60),
    heightPercent: z.int().min(20).max(200),
    link,
  }),
  z.strictObject({
    type: z.literal("spacer"),
    id: blockId,
    size: z.union([z.literal(8), z.literal(16), z.literal(24), z.literal(40)]),
  }),
] as const;

export const blockSchema = z.discriminatedUnion("type", BLOCKS);
export type Block = z.infer<typeof blockSchema>;

export const pageBodySchema = z
  .strictObject({
    title: z.string().trim().min(1).max(PAGE_LIMITS.titleMax),
    blocks: z.array(blockSchema).max(PAGE_LIMITS.blocksMax),
    share: z.strictObject({
      title: z.string().trim().max(24).describe("Empty: the page's own title."),
      description: z.string().trim().max(60),
      picture: pictureSchema.nullable(),
    }),
  })
  .superRefine(({ blocks }, context) => {
    const seen = new Set<string>();
    blocks.forEach(({ id }, at) => {
      if (seen.has(id)) {
        context.addIssue({
          code: "custom",
          path: ["blocks", at, "id"],
          message: "each block has an id of its own",
        });
      }
      seen.add(id);
    });
  });
export type PageBody = z.infer<typeof pageBodySchema>;

export const THEME_PRESETS = ["cinnabar", "tea", "bank", "market"] as const;

export const lookSchema = z.strictObject({
  name: z.string().trim().min(1).max(PAGE_LIMITS.titleMax),
  logo: pictureSchema.nullable().describe("Null: the first letter of the name."),
  theme: z
    .union([z.enum(THEME_PRESETS), z.string().regex(/^#[0-9a-f]{6}$/, "#rrggbb in lower case")])
    .describe("A theme of the house, or the merchant's own colour."),
  corners: z.enum(["square", "small", "round"]),
  /** Whom members ask; shown on the help page. */
  contact: z.strictObject({ phone: z.string().trim().max(30), hours: z.string().trim().max(40) }),
  rules: z
    .string()
    .max(PAGE_LIMITS.textMax * 2)
    .describe("Rules of the mall, as rich text."),
  privacy: z
    .string()
    .max(PAGE_LIMITS.textMax * 2)
    .describe("The privacy notice, as rich text."),
});
export type Look = z.infer<typeof lookSchema>;

export const DEFAULT_LOOK: Look = {
  name: "积分商城",
  logo: null,
  theme: "cinnabar",
  corners: "small",
  contact: { phone: "", hours: "" },
  rules: "",
  privacy: "",
};

/** What a mall shows before anybody has touched the builder. */
export const DEFAULT_HOME: PageBody = {
  title: "首页",
  share: { title: "", description: "", picture: null },
  blocks: [
    { type: "wallet", id: "wallet" },
    { type: "sales", id: "sales", title: "", max: 6 },
    { type: "suggested", id: "suggested", reasons: [...SUGGESTION_REASONS], max: 6 },
    {
      ...{ type: "goods", id: "goods", title: "", layout: "grid", max: 24, showsBands: true },
      source: { kind: "all" },
    },
    {
      ...{ type: "goods", id: "near", title: "", layout: "list", max: 3, showsBands: false },
      source: { kind: "near" },
    },
  ],
};
