/** What the engines have in common: where their programs are, who runs them, when they are up. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where Debian keeps PostgreSQL's programs, one folder for each version. */
const POSTGRESQL = "/usr/lib/postgresql";

/**
 * The path of a program.
 * @param from The Debian package that has it.
 * @throws {Error} if it is not installed.
 */
export function programOf(name: string, from: string): string {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  if (existsSync(POSTGRESQL)) {
    for (const version of readdirSync(POSTGRESQL).sort().reverse()) folders.push(join(POSTGRESQL, version, "bin"));
  }
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`Cannot find ${name}: on Debian, as root: apt-get install --no-install-recommends ${from}`);
}

/** The user who runs programs that refuse to run as root; undefined unless this process is root's. */
export function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (Deno.uid() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8").split("\n").map((line) => line.split(":"));
  const [, , uid, gid] = users.find(([name]) => name === "nobody") ?? [];
  if (uid === undefined || gid === undefined) throw new Error("Cannot run as root without a user named nobody");
  return { uid: Number(uid), gid: Number(gid) };
}

/** A port that nothing listens on now. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Calls until it does not fail. @throws what it failed with, once the time is over. */
export async function until(call: () => Promise<unknown>, patienceMs: number): Promise<void> {
  const since = performance.now();
  for (;;) {
    try {
      await call();
      return;
    } catch (error) {
      if (performance.now() - since >= patienceMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Has something ended when the program ends, or when it is disposed of. */
export function endWithProgram(end: () => void): Disposable {
  globalThis.addEventListener("unload", end);
  return {
    [Symbol.dispose]: () => {
      globalThis.removeEventListener("unload", end);
      end();
    },
  };
}

/** A program of one's own and its folder. */
export interface ProgramOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Goes with the program. */
  readonly folder: string;
}

/** Starts a program whose output nobody reads; it ends with this one, or earlier with `await using`. */
export function startProgram(program: string, { args, env = {}, folder }: ProgramOptions): AsyncDisposable {
  const process = new Deno.Command(program, { args: [...args], env, stdin: "null", stdout: "null", stderr: "null" })
    .spawn();
  const atEnd = endWithProgram(() => {
    try {
      process.kill("SIGKILL");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // it has ended by itself
    }
    Deno.removeSync(folder, { recursive: true });
  });
  return {
    [Symbol.asyncDispose]: async () => {
      atEnd[Symbol.dispose]();
      await process.status;
    },
  };
}

/** Lets SIGINT and SIGTERM end the program as a call of `Deno.exit` does, so that what it has started ends too. */
export function endOnSignals(): void {
  Deno.addSignalListener("SIGINT", () => Deno.exit(130));
  Deno.addSignalListener("SIGTERM", () => Deno.exit(143));
}
