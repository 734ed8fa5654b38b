/** What a peer is: another way to build the same redemption, with the same requests, the same work and the same durability. */
import type { Member } from "../load/api.ts";
import type { Books } from "./books.ts";

export type PeerKind = "redis" | "postgres";

export interface PeerOptions {
  /** Where its data lies until it stops; a new directory under the system's temporary one unless given. */
  readonly dataDir?: string;
  /** Connections of the Node process to the database; one for Redis, a pool of 8 for PostgreSQL unless given. */
  readonly connections?: number;
  /** PostgreSQL only: redemptions that wait for each other share one transaction. */
  readonly isBatched?: boolean;
  /** Folders to look for the server's program in, instead of Debian's. */
  readonly binaryDirs?: readonly string[];
  /** What the peer's processes say. */
  readonly onLog?: (line: string) => void;
}

/** A setting of the database, and why it is not the default. */
export interface TunedSetting {
  readonly name: string;
  readonly value: string;
  readonly why: string;
}

export interface Peer {
  readonly kind: PeerKind;
  /** What figures are printed under: `redis`, `postgres`, `postgres-batched`. */
  readonly name: string;
  /** `Redis 7.0.15`, `ioredis 6.0.0`, … */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: readonly TunedSetting[];
  readonly origin: string;
  readonly nodePid: number;
  /** The database's first process; its children belong to it. */
  readonly databasePid: number;
  /** Direct access to the stored rows: setting up before a run, the audit after it. */
  readonly books: Books;
  /** The first `count` members, signed in and with points. */
  members(count: number): Promise<readonly Member[]>;
  ticketOf(claims: TicketClaims): string;
  /** Ends its processes and removes its data. */
  stop(): Promise<void>;
}

export interface TicketClaims {
  readonly memberKey: string;
  readonly saleId: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly epoch: number;
  readonly points: number;
}

/** Why a peer could not be started. */
export interface PeerAbsence {
  readonly ok: false;
  readonly kind: PeerKind;
  readonly reason: string;
  /** The line that would help; null when it is something else. */
  readonly install: string | null;
}

export type PeerStart = { readonly ok: true; readonly peer: Peer } | PeerAbsence;

export const INSTALL = "apt-get install redis-server postgresql";
export const PROGRAMME_ID = "peer";
