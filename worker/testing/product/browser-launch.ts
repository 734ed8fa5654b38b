/** The browser of the product's tests: the one the storefront is measured with. */
export { launchBrowser } from "../../../storefront/testing/launch-browser.ts";
