/** Sheets are imported for their effect by the browser's entry, and as text by the renderer. */
declare module "*.css?inline" {
  const css: string;
  export default css;
}
declare module "*.css";
