import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  driver: "d1-http",
  schema: ["./worker/platform/d1-schema.ts", "./worker/*/d1-schema.ts"],
  out: "./migrations/d1",
});
