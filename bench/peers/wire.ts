/** What the bench and a peer's process say to each other: one line each way, JSON. */
import type { PeerKind } from "./peer.ts";

export interface RedisAddress {
  readonly kind: "redis";
  readonly port: number;
  readonly password: string;
}

export interface PostgresAddress {
  readonly kind: "postgres";
  readonly port: number;
  readonly password: string;
}

export type Address = RedisAddress | PostgresAddress;

/** First line on the process's stdin. The process ends when stdin does. */
export interface ServeOrder {
  readonly kind: PeerKind;
  /** Folder of the database's programs. */
  readonly binaryDir: string;
  /** An empty directory; the process removes it at its end. */
  readonly dataDir: string;
  readonly databasePort: number;
  readonly connections: number;
  readonly isBatched: boolean;
  readonly password: string;
  readonly sessionKeys: string;
  readonly ticketKeys: string;
}

/** First line on the process's stdout. */
export interface ServeReady {
  readonly origin: string;
  readonly databasePid: number;
}
