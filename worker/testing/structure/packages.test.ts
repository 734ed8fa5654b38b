/** One runtime for every tool, exact versions, no machine's addresses, migrations in order. */
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { filesUnder, importsOf, isScript, readSource, readText } from "./source.ts";

interface Package {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, Package>>;
}

const manifest = JSON.parse(readText("package.json")) as Package;
const lockText = readText("package-lock.json");
const lock = JSON.parse(lockText) as Lock;
const declared = { ...manifest.dependencies, ...manifest.devDependencies };
const installed = (name: string): string | undefined =>
  lock.packages[`node_modules/${name}`]?.version;

describe("packages", () => {
  it("are declared by exact version, and locked to it", () => {
    expect(Object.entries(declared).filter(([, version]) => !/^\d/.test(version))).toEqual([]);
    expect(
      Object.entries(declared).filter(([name, version]) => installed(name) !== version),
    ).toEqual([]);
  });

  it("are locked without the address of any registry", () => {
    expect(lockText.includes('"resolved"')).toBe(false);
  });

  it("install one wrangler, one miniflare and one workerd, those the test plugin was made for", () => {
    const plugin = lock.packages["node_modules/@cloudflare/vitest-plugin"]?.dependencies ?? {};
    expect(declared["@cloudflare/vitest-plugin"]).toBe(installed("@cloudflare/vitest-plugin"));
    for (const name of ["wrangler", "miniflare"]) {
      expect(declared[name], name).toBe(installed(name));
      expect(plugin[name], name).toBe(installed(name));
    }
    for (const name of ["wrangler", "miniflare", "workerd"]) {
      const copies = Object.keys(lock.packages).filter((path) =>
        path.endsWith(`node_modules/${name}`),
      );
      expect(copies, name).toEqual([`node_modules/${name}`]);
    }
    expect(lock.packages["node_modules/miniflare"]?.dependencies?.["workerd"]).toBe(
      installed("workerd"),
    );
  });

  it("runs under a compatibility date that this runtime knows", () => {
    const date = /^compatibility_date\s*=\s*"([\d-]+)"/m.exec(readText("wrangler.toml"))?.[1] ?? "";
    const built =
      /^1\.(\d{4})(\d{2})(\d{2})\./
        .exec(installed("workerd") ?? "")
        ?.slice(1)
        .join("-") ?? "";
    expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(date <= built).toBe(true);
  });
});

describe("the deployment", () => {
  const settings = readText("wrangler.toml");

  it("binds the object classes that the entry exports", () => {
    const bound = [...settings.matchAll(/^class_name\s*=\s*"(\w+)"/gm)]
      .map((match) => match[1] ?? "")
      .toSorted();
    const exported = [...readText("worker/index.ts").matchAll(/^export \{ (\w+) \} from/gm)]
      .map((match) => match[1] ?? "")
      .toSorted();
    expect(bound).toEqual(exported);
  });

  it("offers no development login and holds no secret", () => {
    expect(settings).toMatch(/^DEV_LOGIN\s*=\s*"off"/m);
    expect(settings).not.toMatch(/^(?:SESSION_KEYS|TICKET_KEYS|EVIDENCE_KEYS|VAULT_KEYS)\s*=/m);
  });
});

describe("migrations", () => {
  const numberOf = (path: string): number => Number(posix.basename(path).slice(0, 4));
  const sqlIn = (folder: string): string[] =>
    filesUnder(`migrations/${folder}`, (path) => path.endsWith(".sql"));

  it.each(["account", "codes", "sku"])(
    "of %s are numbered from 1 without a gap, and every one is applied",
    (folder) => {
      const files = sqlIn(folder);
      expect(files.map(numberOf)).toEqual(files.map((_, at) => at + 1));
      const imported = new Set(
        filesUnder("worker", isScript).flatMap((path) =>
          importsOf(readSource(path)).map((one) => one.path),
        ),
      );
      expect(files.filter((path) => !imported.has(path))).toEqual([]);
    },
  );

  it("of D1 are numbered from 0 without a gap, as the journal lists them", () => {
    const files = sqlIn("d1");
    expect(files.map(numberOf)).toEqual(files.map((_, at) => at));
    const journal = JSON.parse(readText("migrations/d1/meta/_journal.json")) as {
      entries: { tag: string }[];
    };
    expect(files.map((path) => posix.basename(path, ".sql"))).toEqual(
      journal.entries.map(({ tag }) => tag),
    );
  });

  it("belong to a folder that is known", () => {
    const folders = new Set(
      filesUnder("migrations", (path) => path.endsWith(".sql")).map(
        (path) => path.split("/")[1] ?? "",
      ),
    );
    expect([...folders].toSorted()).toEqual(["account", "codes", "d1", "sku"]);
  });
});
