/** Starts a peer as a process group that dies with its parent, and hands out what a run needs of it. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { memberKeyOf } from "../../worker/kernel/ids.ts";
import { parseKeyRing } from "../../worker/kernel/key-ring.ts";
import { signTicket } from "../../worker/redemption/tickets.ts";
import type { Member } from "../load/api.ts";
import { freePort } from "../load/product.ts";
import type { Books } from "./books.ts";
import {
  INSTALL,
  PROGRAMME_ID,
  type Peer,
  type PeerAbsence,
  type PeerKind,
  type PeerOptions,
  type PeerStart,
  type TicketClaims,
  type TunedSetting,
} from "./peer.ts";
import { eachLine, findPrograms } from "./programs.ts";
import { signSession } from "./session.ts";
import type { ServeOrder, ServeReady } from "./wire.ts";

/** What one kind of peer brings. */
export interface Recipe {
  readonly kind: PeerKind;
  readonly dirs: () => readonly string[];
  readonly programs: readonly string[];
  /** Unless told otherwise; the README says how it was chosen. */
  readonly connections: number;
  readonly settings: readonly TunedSetting[];
  readonly versions: (binaryDir: string) => Readonly<Record<string, string>>;
  readonly openBooks: (port: number, password: string) => Promise<Books>;
}

const SERVE = join(import.meta.dirname, "serve.ts");
const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 20_000;
const HOUR_MS = 3_600_000;
const MEMBER_POINTS = 1_000_000;
const ERRORS_KEPT = 20;

/** Whether a peer's programs are there, without starting any. Null: they are. */
export function absenceOf(recipe: Recipe, options: PeerOptions): PeerAbsence | null {
  const dirs = options.binaryDirs ?? recipe.dirs();
  return findPrograms(dirs, recipe.programs) === null ? absent(recipe) : null;
}

function absent({ kind, programs }: Recipe): PeerAbsence {
  const reason = `the programs of the ${kind} peer are not installed: ${programs.join(", ")}`;
  return { ok: false, kind, reason, install: INSTALL };
}

export async function startPeer(recipe: Recipe, options: PeerOptions): Promise<PeerStart> {
  const { kind } = recipe;
  const binaryDir = findPrograms(options.binaryDirs ?? recipe.dirs(), recipe.programs);
  if (binaryDir === null) return absent(recipe);
  const order: ServeOrder = {
    kind,
    binaryDir,
    dataDir: options.dataDir ?? mkdtempSync(join(tmpdir(), `qiangdui-peer-${kind}-`)),
    databasePort: await freePort(),
    connections: options.connections ?? recipe.connections,
    isBatched: kind === "postgres" && (options.isBatched ?? false),
    password: randomBytes(18).toString("hex"),
    sessionKeys: `peer:${randomBytes(24).toString("hex")}`,
    ticketKeys: `peer:${randomBytes(24).toString("hex")}`,
  };
  const host = new Host(order, options.onLog ?? (() => undefined));
  try {
    const ready = await host.ready();
    const books = await recipe.openBooks(order.databasePort, order.password);
    const versions = { ...recipe.versions(binaryDir), ...nodeVersions() };
    return { ok: true, peer: peerOf(recipe, order, host, { ...ready, books, versions }) };
  } catch (error) {
    await host.stop();
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, kind, reason, install: null };
  }
}

interface Parts extends ServeReady {
  readonly books: Books;
  readonly versions: Readonly<Record<string, string>>;
}

function peerOf(recipe: Recipe, order: ServeOrder, host: Host, parts: Parts): Peer {
  const { books, versions, origin, databasePid } = parts;
  const sessionKeys = parseKeyRing(order.sessionKeys);
  const ticketKeys = parseKeyRing(order.ticketKeys);
  const enrolled: Member[] = [];
  return {
    kind: recipe.kind,
    name: order.isBatched ? `${recipe.kind}-batched` : recipe.kind,
    versions,
    settings: recipe.settings,
    origin,
    nodePid: host.pid,
    databasePid,
    books,
    members: async (count) => {
      const fresh: Member[] = [];
      const expiresAtMs = Date.now() + HOUR_MS * 24;
      for (let at = enrolled.length; at < count; at += 1) {
        const memberId = `bench-${at}`;
        const token = signSession(sessionKeys, PROGRAMME_ID, memberId, expiresAtMs);
        fresh.push({ memberId, token });
      }
      if (fresh.length > 0) {
        const keys = fresh.map(({ memberId }) => memberKeyOf(PROGRAMME_ID, memberId));
        await books.enrol(keys, MEMBER_POINTS);
        enrolled.push(...fresh);
      }
      return enrolled.slice(0, count);
    },
    ticketOf: (claims: TicketClaims) =>
      signTicket(ticketKeys, { ...claims, expiresAtMs: Date.now() + HOUR_MS }),
    stop: async () => {
      await books.close();
      await host.stop();
    },
  };
}

/** The process group of a peer. */
class Host {
  readonly #child: ChildProcess;
  readonly #dataDir: string;
  readonly #gone: Promise<void>;
  readonly #errors: string[] = [];
  readonly #ready: Promise<ServeReady>;

  constructor(order: ServeOrder, onLog: (line: string) => void) {
    this.#dataDir = order.dataDir;
    const child = spawn(process.execPath, ["--no-warnings", SERVE], {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    this.#gone = new Promise((resolve) => child.once("close", () => resolve()));
    eachLine(child.stderr, (line) => {
      if (this.#errors.length < ERRORS_KEPT) this.#errors.push(line);
      onLog(line);
    });
    this.#ready = new Promise((resolve) =>
      eachLine(child.stdout, (line) => resolve(JSON.parse(line) as ServeReady)),
    );
    // It may be gone already; then `ready` says so.
    child.stdin.on("error", () => undefined);
    child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ready(): Promise<ServeReady> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const failed = new Promise<never>((_, reject) => {
      const fail = (what: string): void => reject(new Error([what, ...this.#errors].join("\n")));
      timer = setTimeout(() => fail("the peer did not start in time"), START_PATIENCE_MS);
      void this.#gone.then(() => fail("the peer did not start"));
    });
    try {
      return await Promise.race([this.#ready, failed]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The process ends its database and removes its data by itself; a group that cannot is killed. */
  async stop(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#kill(), STOP_PATIENCE_MS);
    await this.#gone;
    clearTimeout(timer);
    this.#kill();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  #kill(): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // Nothing of the group is left.
    }
  }
}

/** The installed version of a package of ours, also of one that does not export its manifest. */
export function packageVersion(name: string): string {
  const require = createRequire(import.meta.url);
  let dir = dirname(require.resolve(name));
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(dir, "package.json"), "utf8")) as {
        name?: string;
        version?: string;
      };
      if (manifest.name === name) return manifest.version ?? "unknown";
    } catch {
      // Not the package's own folder yet.
    }
    const above = dirname(dir);
    if (above === dir) return "unknown";
    dir = above;
  }
}

function nodeVersions(): Record<string, string> {
  return {
    node: process.version,
    hono: packageVersion("hono"),
    "@hono/node-server": packageVersion("@hono/node-server"),
    ws: packageVersion("ws"),
    zod: packageVersion("zod"),
  };
}
