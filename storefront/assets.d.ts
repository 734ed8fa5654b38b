/** Sheets are imported for their effect only, and only by the browser's entry. */
declare module "*.css";
