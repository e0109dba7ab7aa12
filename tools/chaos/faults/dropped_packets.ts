/**
 * A connection whose packets are dropped, both ways, by the kernel: what a pulled cable is to both ends. It is done in a
 * network namespace of its own, which takes Linux, root, iproute2 and iptables.
 */

import { Kysely, sql } from "kysely";
import { TypedPostgresDialect } from "../../../store/postgres/postgres_dialect.ts";
import { startPostgres } from "../../cluster/engines/postgres.ts";

/** What became of a process that holds the lock on files, in seconds from the drop. */
export interface Dropped {
  /** Until its statement failed, which had 5 s. */
  readonly statementFailed: number;
  /** Until the database let go of its lock, and another process had it. */
  readonly lockFree: number;
}

/** Drops them. @throws {Error} where namespaces cannot be made, or where the lock is not let go within a minute. */
export async function dropPackets(): Promise<Dropped> {
  const inside = new Deno.Command("unshare", {
    args: ["--net", Deno.execPath(), "run", "--allow-all", import.meta.filename ?? ""],
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await inside.output();
  const [told, wrong] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (!success) throw new Error(`Packets cannot be dropped here: ${wrong}`);
  return JSON.parse(told ?? "");
}

function run(command: string, ...args: string[]): void {
  const { success, stderr } = new Deno.Command(command, { args, stderr: "piped" }).outputSync();
  if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr).trim()}`);
}

async function holdAndDrop(): Promise<Dropped> {
  run("ip", "link", "set", "lo", "up");
  await using postgres = await startPostgres();
  const url = await postgres.createDatabase();
  const connect = (limits: { readonly lockMs?: number; readonly statementMs: number }) =>
    new Kysely<unknown>({ dialect: new TypedPostgresDialect(url, { max: 1, ...limits }) });
  const [holder, other] = [connect({ statementMs: 5000 }), connect({ lockMs: 60_000, statementMs: 70_000 })];
  const lock = sql`SELECT pg_advisory_lock(1, 2)`;
  const dropped = await holder.connection().execute(async (connection) => {
    await lock.execute(connection);
    const { rows } = await sql<{ port: number }>`SELECT inet_client_port() AS port`.execute(connection);
    for (const way of ["--sport", "--dport"]) {
      run("iptables", "--insert", "INPUT", "--protocol", "tcp", way, `${rows[0]?.port}`, "--jump", "DROP");
    }
    const since = performance.now();
    const seconds = () => (performance.now() - since) / 1000;
    const [statementFailed, lockFree] = await Promise.all([
      sql`SELECT 1`.execute(connection).then(() => NaN, seconds),
      lock.execute(other).then(seconds),
    ]);
    return { statementFailed, lockFree };
  });
  await other.destroy();
  return dropped;
}

if (import.meta.main) {
  console.log(JSON.stringify(await holdAndDrop()));
  Deno.exit(0); // the holder's connection never ends by itself
}
