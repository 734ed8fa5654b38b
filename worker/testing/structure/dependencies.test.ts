/** Who may import whom: the dependency rule of docs/architecture.md. */
import { describe, expect, it } from "vitest";
import {
  filesUnder,
  importsOf,
  isScript,
  isTest,
  readSource,
  type Import,
  type Source,
} from "./source.ts";

const isCode = (path: string): boolean => isScript(path) && !isTest(path);
const worker = filesUnder("worker", isCode).map(readSource);
const storefront = filesUnder("storefront", isScript).map(readSource);
const bench = filesUnder("bench", isScript).map(readSource);

/** Rooms of the worker that are no domains. */
const ROOMS = new Set(["kernel", "platform", "testing", "local"]);
/** Domains inside a domain, each with a door of its own, so that pure parts are entered without their shell. */
const INNER = [
  "accounts/orders",
  "accounts/points",
  "accounts/stored-value",
  "earning/check-in",
  "earning/codes",
  "earning/discounts",
  "earning/editor",
  "earning/invites",
  "earning/manual",
  "earning/programme",
  "earning/rules",
  "earning/tasks",
  "fulfilment/core",
];
const folderIn = (path: string): string => /^worker\/([^/]+)\//.exec(path)?.[1] ?? "";
const domainOf = (path: string): string | null => {
  const inner = INNER.find((one) => path.startsWith(`worker/${one}/`));
  if (inner !== undefined) return inner;
  const folder = folderIn(path);
  return folder === "" || ROOMS.has(folder) ? null : folder;
};
const isIn = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

/** Files that decide and know nothing of the world: what the simulator runs. */
const PURE =
  /^worker\/(?:kernel\/[^/]+|[^/]+\/(?:model|rules|orders|resting|terms|law|frozen)|accounts\/(?:orders|points|stored-value)\/[^/]+|staff\/(?:approval|chain|roles|tenants|throttle)|earning\/[^/]+\/[^/]+|fulfilment\/core\/[^/]+|(?:tiers|evidence|reminders)\/(?!(?:index|store|routes|wire|views|sealer)\.|[\w-]+-object\.)[^/]+)\.ts$/;
const pure = worker.filter(({ path }) => PURE.test(path));

/** Wire types are what the worker and the storefront agree on; anybody may read them as types. */
const isWire = (path: string): boolean =>
  path.endsWith("/wire.ts") || path === "worker/pages/page-data.ts";

/** Imports past a domain's door, each with its reason. One that is not needed any more fails. */
const PAST_THE_DOOR: Readonly<Record<string, string>> = {
  "worker/platform/env.ts → worker/accounts/account-object.ts":
    "bindings are typed by the classes they reach",
  "worker/platform/env.ts → worker/fulfilment/code-vault-object.ts":
    "bindings are typed by the classes they reach",
  "worker/platform/env.ts → worker/redemption/gate-object.ts":
    "bindings are typed by the classes they reach",
  "worker/platform/env.ts → worker/open-pages/open-pages-object.ts":
    "bindings are typed by the classes they reach",
  "worker/platform/env.ts → worker/sales/rehearsal-object.ts":
    "bindings are typed by the classes they reach",
  "worker/platform/env.ts → worker/redemption/sku-object.ts":
    "bindings are typed by the classes they reach",
  "worker/platform/env.ts → worker/sign-in/wechat/tokens-object.ts":
    "bindings are typed by the classes they reach",
};

interface Edge {
  readonly from: string;
  readonly to: Import;
}

function edges(sources: readonly Source[]): Edge[] {
  return sources.flatMap((source) => importsOf(source).map((to) => ({ from: source.path, to })));
}

const named = ({ from, to }: Edge): string => `${from} → ${to.path ?? to.specifier}`;

describe("the dependency rule", () => {
  it("finds the code it is about", () => {
    expect(worker.length).toBeGreaterThan(40);
    expect(pure.length).toBeGreaterThan(10);
    expect(storefront.length).toBeGreaterThan(20);
  });

  it("lets a domain be entered by its index only", () => {
    const past = edges(worker).filter(({ from, to }) => {
      const target = to.path === null ? null : domainOf(to.path);
      if (target === null || target === domainOf(from) || to.path === null) return false;
      if (to.path === `worker/${target}/index.ts`) return false;
      if (to.isTypeOnly && isWire(to.path)) return false;
      // The composition roots put routes and object classes together.
      const isRoot = from === "worker/app.ts" || from === "worker/index.ts";
      if (isRoot && /\/routes\.ts$|-object\.ts$/.test(to.path)) return false;
      // Local tools run in Node and read plain data and pure code; an index would bring the runtime with it.
      if (isIn(from, "worker/local"))
        return !(to.isTypeOnly || PURE.test(to.path) || /\/demo-[\w-]+\.ts$/.test(to.path));
      return true;
    });
    const names = past.map(named);
    expect(names.filter((name) => PAST_THE_DOOR[name] === undefined)).toEqual([]);
    expect(Object.keys(PAST_THE_DOOR).filter((name) => !names.includes(name))).toEqual([]);
    expect(past.filter(({ to }) => !to.isTypeOnly).map(named)).toEqual([]);
  });

  it("keeps the kernel by itself", () => {
    const out = edges(worker).filter(
      ({ from, to }) =>
        isIn(from, "worker/kernel") &&
        (to.path === null ? to.specifier !== "node:crypto" : !isIn(to.path, "worker/kernel")),
    );
    expect(out.map(named)).toEqual([]);
  });

  it("keeps runtime, framework and database out of pure files", () => {
    const out = edges(pure).filter(
      ({ from, to }) =>
        /^(?:cloudflare:|hono|@hono\/|drizzle-orm)/.test(to.specifier) ||
        (to.path !== null &&
          domainOf(to.path) === domainOf(from) &&
          !PURE.test(to.path) &&
          !to.isTypeOnly) ||
        (to.path !== null && isIn(to.path, "worker/platform")),
    );
    expect(out.map(named)).toEqual([]);
  });

  it("lets nothing that a pure file loads reach the runtime", () => {
    const byPath = new Map(worker.map((source) => [source.path, source]));
    const reach = (path: string, seen: Set<string>): string[] => {
      const source = byPath.get(path);
      if (!source || seen.has(path)) return [];
      seen.add(path);
      return importsOf(source)
        .filter((to) => !to.isTypeOnly)
        .flatMap((to) =>
          to.specifier.startsWith("cloudflare:")
            ? [path]
            : to.path === null
              ? []
              : reach(to.path, seen),
        );
    };
    expect(
      pure.flatMap(({ path }) => reach(path, new Set()).map((end) => `${path} ⇒ ${end}`)),
    ).toEqual([]);
  });

  it("keeps clock and chance out of pure files", () => {
    const told = (source: Source): string[] => {
      const words = [
        /\bDate\.now\b/,
        /\bnew Date\(\s*\)/,
        /\bMath\.random\b/,
        /\bperformance\b/,
        /\bset(?:Timeout|Interval)\b/,
      ];
      // The clock module turns a given moment into a calendar; nobody else needs a Date.
      if (source.path !== "worker/kernel/clock.ts") words.push(/\bnew Date\b/);
      return words
        .filter((word) => word.test(source.code))
        .map((word) => `${source.path} ${word.source}`);
    };
    expect(pure.flatMap(told)).toEqual([]);
  });

  it("lets the storefront import nothing but types from the worker", () => {
    const out = edges(storefront).filter(
      ({ to }) => to.path !== null && isIn(to.path, "worker") && !to.isTypeOnly,
    );
    expect(out.map(named)).toEqual([]);
  });

  it("lets the worker reach no page code except through its renderer", () => {
    const out = edges(worker).filter(({ to }) => to.path !== null && isIn(to.path, "storefront"));
    expect(out.map(named)).toEqual([]);
  });

  it("keeps Node to the local tools and the bench", () => {
    const inRuntime = worker.filter(({ path }) => !isIn(path, "worker/local"));
    const node = edges(inRuntime).filter(
      ({ to }) => to.specifier.startsWith("node:") && to.specifier !== "node:crypto",
    );
    const tools = edges(inRuntime).filter(
      ({ to }) => to.path !== null && (isIn(to.path, "worker/local") || isIn(to.path, "bench")),
    );
    const runtime = edges([
      ...bench,
      ...worker.filter(({ path }) => isIn(path, "worker/local")),
    ]).filter(({ to }) => to.specifier.startsWith("cloudflare:"));
    expect([...node, ...tools, ...runtime].map(named)).toEqual([]);
  });

  it("resolves every relative import to a file that is there", () => {
    const all = new Set(
      filesUnder("worker", () => true).concat(
        filesUnder("storefront", () => true),
        filesUnder("bench", () => true),
        filesUnder("migrations", () => true),
      ),
    );
    const lost = edges([...worker, ...storefront, ...bench]).filter(
      ({ to }) =>
        to.path !== null &&
        /\.\w+$/.test(to.path) &&
        !/\?|dist\//.test(to.path) &&
        !all.has(to.path),
    );
    expect(lost.map(named)).toEqual([]);
  });
});
