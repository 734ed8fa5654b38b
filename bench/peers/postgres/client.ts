/** The pool of connections to PostgreSQL. */
import postgres from "postgres";
import type { PostgresAddress } from "../wire.ts";

export type Sql = postgres.Sql;

export function openPool(address: PostgresAddress, connections: number): Sql {
  return postgres({
    host: "127.0.0.1",
    port: address.port,
    user: "peer",
    database: "postgres",
    password: address.password,
    max: connections,
    onnotice: () => undefined,
  });
}

/** Opens every connection before the first request, so that a run does not pay for it. */
export async function warmUp(sql: Sql, connections: number): Promise<void> {
  const reserved = await Promise.all(Array.from({ length: connections }, () => sql.reserve()));
  for (const connection of reserved) connection.release();
}
