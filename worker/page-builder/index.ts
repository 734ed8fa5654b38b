/** The page builder's door for other domains. */
export { HOME, PAGE_ID_PATTERN } from "./document.ts";
export type { Look, PageBody } from "./document.ts";
export { parseRichText } from "./rich-text.ts";
export { pageBuilderRoutes } from "./routes.ts";
export { lookOf, pageBodyOf, PREVIEW_MS, previewOf, signPreview, type Reading } from "./shown.ts";
export { themeCss, themeWord } from "./theme.ts";
