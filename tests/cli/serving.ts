/** A running server, and the command that talks to it. */

import { join } from "node:path";
import { SMALL, startServer, type TestServer } from "../e2e/server.ts";
import { type Result, run, type RunOptions, scratchFolder } from "./command.ts";

/** A server, and a folder to call from, which holds the layout `beds.json`; `await using` ends both. */
export interface Serving extends AsyncDisposable {
  readonly server: TestServer;
  /** The path of a file in the folder. */
  readonly path: (name: string) => string;
  /** Runs the command with the server. */
  readonly cli: (args: readonly string[], more?: Partial<RunOptions>) => Promise<Result>;
}

/**
 * Starts a server for the command to talk to.
 * @param environment Settings of the server.
 */
export async function setUp(environment: Readonly<Record<string, string>> = {}): Promise<Serving> {
  const server = await startServer({ environment });
  const folder = scratchFolder();
  const path = (name: string) => join(folder.path, name);
  Deno.writeTextFileSync(path("beds.json"), JSON.stringify({ $schema: "layout.schema.json", ...SMALL.layout }));
  return {
    server,
    path,
    cli: (args: readonly string[], more: Partial<RunOptions> = {}): Promise<Result> =>
      run([...args, "--server", server.url], { cwd: folder.path, ...more }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** A port that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ port: 0 });
  return listener.addr.port;
}
