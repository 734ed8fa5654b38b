import { fileURLToPath } from "node:url";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const jsx = { jsx: { runtime: "automatic", importSource: "preact" } } as const;

/** Files at a time, in every project: each mostly waits for its server or browser, and two cores carry two. */
const maxWorkers = 2;

/** `*.object.test.ts` run in the Workers runtime, `testing/product` against the built product, the rest in Node. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: ["worker/**/*.test.ts", "bench/model/**/*.test.ts"],
          exclude: ["worker/**/*.object.test.ts", "worker/testing/product/**"],
          maxWorkers,
        },
      },
      {
        oxc: jsx,
        test: { name: "storefront", include: ["storefront/**/*.test.{ts,tsx}"], maxWorkers },
      },
      {
        oxc: jsx,
        resolve: { alias: { "storefront-ssr": here("storefront/ssr.tsx") } },
        plugins: [
          cloudflareTest({
            wrangler: { configPath: here("wrangler.toml") },
            miniflare: {
              // A deployment may have it; locally sharp stands behind it.
              images: { binding: "IMAGES" },
              bindings: {
                ACCOUNT_BUCKETS: "4",
                PROJECTORS: "1",
                DOORS_PER_SALE: "1",
                DEV_LOGIN: "on",
                SESSION_KEYS: "test:0123456789abcdef0123456789abcdef",
                TICKET_KEYS: "test:fedcba9876543210fedcba9876543210",
                EVIDENCE_KEYS: `test:${"0123456789abcdef".repeat(4)}`,
                VAULT_KEYS: `test:${"0123456789abcdef".repeat(2)}`,
              },
            },
          }),
        ],
        test: {
          name: "objects",
          include: ["worker/**/*.object.test.ts"],
          maxWorkers,
          provide: { d1Migrations: await readD1Migrations(here("migrations/d1")) },
        },
      },
      {
        test: {
          name: "simulator",
          include: ["bench/simulator/**/*.test.ts"],
          maxWorkers,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: "product",
          include: ["worker/testing/product/**/*.test.ts", "bench/**/*.test.ts"],
          exclude: ["bench/model/**", "bench/simulator/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers,
        },
      },
    ],
  },
});
