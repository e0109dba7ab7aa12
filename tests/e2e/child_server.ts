/** A server in a process of its own, for tests of how it starts, ends, and what it writes. */

import { fileURLToPath } from "node:url";
import { GraphqlClient } from "../../cli/graphql_client.ts";

/** The program's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** How it is started. */
export interface ChildOptions {
  /** Its settings; those of the test's own process do not reach it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments of `deno`; by default `run --allow-all main.ts`. */
  readonly args?: readonly string[];
}

/** A started process; `await using` ends it if it has not ended. */
export interface ChildServer extends AsyncDisposable {
  readonly process: Deno.ChildProcess;
  /** What it has written so far, without colours. */
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  /** Its exit code, once it has ended and everything that it wrote was read. */
  readonly ended: Promise<number>;
}

/** Starts a process; it may end by itself. */
export function spawnChild(
  { environment = {}, args = ["run", "--allow-all", "main.ts"] }: ChildOptions = {},
): ChildServer {
  const settings = Object.keys(Deno.env.toObject()).filter((name) => name.startsWith("PARTERRE_"));
  const process = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { ...Object.fromEntries(settings.map((name) => [name, ""])), PARTERRE_PORT: "0", ...environment },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const written = { stdout: "", stderr: "" };
  const read = async (name: keyof typeof written) => {
    // deno-lint-ignore no-control-regex
    const colours = /\x1b\[[0-9;]*m/g;
    for await (const text of process[name].pipeThrough(new TextDecoderStream())) {
      written[name] += text.replaceAll(colours, "");
    }
  };
  const ended = Promise.all([process.status, read("stdout"), read("stderr")]).then(([{ code }]) => code);
  let over = false;
  ended.finally(() => over = true);
  return {
    process,
    output: () => ({ ...written }),
    ended,
    [Symbol.asyncDispose]: async () => {
      if (over) return;
      process.kill("SIGTERM"); // which a task hands on; SIGKILL would leave its server behind
      const timer = setTimeout(() => process.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** A server that listens. */
export interface ListeningServer extends ChildServer {
  readonly url: string;
  readonly client: GraphqlClient;
}

/** Starts a server and waits until it listens. */
export async function startChild(options: ChildOptions = {}): Promise<ListeningServer> {
  const child = spawnChild(options);
  try {
    const url = await until(() => child.output().stdout.match(/http:\/\/\S+(?=\/graphql)/)?.[0], child);
    return { ...child, url, client: new GraphqlClient(url) };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

/** Waits for something that a process brings about; fails after a minute, or with the process. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  child: ChildServer,
): Promise<T> {
  let over = false;
  child.ended.then(() => over = true);
  for (const since = performance.now(); performance.now() - since < 60_000;) {
    const found = await look();
    if (found !== undefined) return found;
    if (over) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { stdout, stderr } = child.output();
  throw new Error(`${over ? "The process ended" : "Nothing in a minute"}:\n${stdout}\n${stderr}`);
}
