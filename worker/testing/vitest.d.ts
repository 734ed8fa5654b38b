import type {} from "vitest";
import type { D1Migration } from "cloudflare:test";

declare module "vitest" {
  interface ProvidedContext {
    d1Migrations: D1Migration[];
  }
}
