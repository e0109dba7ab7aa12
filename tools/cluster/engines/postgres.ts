/** A PostgreSQL server of one's own: the real one, in a temporary folder, on a free port. */

import { chown, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { endWithProgram, freePort, programOf, unprivileged, until } from "./service.ts";

/** Milliseconds until it must answer. */
const PATIENCE_MS = 30_000;

const PASSWORD = "of one machine";

/** A PostgreSQL server; it ends with the program, or earlier with `await using`. */
export interface PostgresService extends AsyncDisposable {
  readonly port: number;
  /** The URL of a new database, with user and password. */
  createDatabase(): Promise<string>;
  /** Ends it as an operator does (`fast`), or as a power cut does; its port refuses connections then. */
  stop(how?: "fast" | "kill"): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
}

/** How a server runs. */
export interface PostgresServiceOptions {
  /** Whether commits wait for the disk, as they do where a power cut is to be survived; default false. */
  readonly synced?: boolean;
  /** The folder in which it makes its own; default that of temporary files. */
  readonly on?: string;
}

/**
 * Starts a server; in a file of tests to be awaited where the file is loaded, so that no test is blamed for what it holds open.
 * @throws {Error} that names the program if it is not installed: Debian's package is `postgresql`.
 */
export async function startPostgres(
  { synced = false, on = tmpdir() }: PostgresServiceOptions = {},
): Promise<PostgresService> {
  const [initdb, postgres] = [programOf("initdb", "postgresql"), programOf("postgres", "postgresql")];
  const folder = await mkdtemp(join(on, "parterre-postgres-"));
  const data = join(folder, "data");
  const user = unprivileged();
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const secret = join(folder, "password");
  await writeFile(secret, `${PASSWORD}\n`);
  if (user !== undefined) await chown(secret, user.uid, user.gid);
  const init = new Deno.Command(initdb, {
    args: ["-D", data, "-U", "parterre", "-E", "UTF8", "--locale=C.UTF-8", "-A", "scram-sha-256", "--no-sync"]
      .concat("--pwfile", secret),
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
    ...user,
  });
  const { success, stderr } = await init.output();
  if (!success) throw new Error(`initdb failed: ${new TextDecoder().decode(stderr)}`);

  const port = freePort();
  let server: Deno.ChildProcess | undefined;
  const url = (database: string) => `postgres://parterre:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`;

  /** Runs a statement on a connection of its own. */
  const run = async (statement: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url("postgres") });
    client.on("error", () => {}); // what ends it is told by the query
    try {
      await client.connect();
      await client.query(statement);
    } finally {
      await client.end().catch(() => {});
    }
  };
  const start = async () => {
    server = new Deno.Command(postgres, {
      // Commits survive the end of the program, and that is all that is asked of them by default.
      args: ["-D", data, "-p", `${port}`, "-h", "127.0.0.1", "-k", folder, "-c", "max_connections=200"]
        .concat(synced ? [] : ["-F"]),
      cwd: folder,
      stdout: "null",
      stderr: "null",
      ...user,
    }).spawn();
    await until(() => run("SELECT 1"), PATIENCE_MS);
  };
  const stop = async (how: "fast" | "kill" = "fast") => {
    const ending = server;
    server = undefined;
    try {
      ending?.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended by itself, as where its log does not fit
    }
    await ending?.status;
  };
  await start();
  const atEnd = endWithProgram(() => {
    try {
      server?.kill("SIGQUIT");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    Deno.removeSync(folder, { recursive: true });
  });

  let databases = 0;
  return {
    port,
    start,
    stop,
    createDatabase: async () => {
      const name = `test_${++databases}`;
      await run(`CREATE DATABASE ${name}`);
      return url(name);
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      atEnd[Symbol.dispose]();
    },
  };
}
