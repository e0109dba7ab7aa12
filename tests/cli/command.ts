/** `deno task cli` as a child process, with exactly the permissions that its task gives. */

import { strict as assert } from "node:assert";
import config from "../../deno.json" with { type: "json" };

const FOLDER = new URL("../../", import.meta.url);
const [, FLAGS = ""] = config.tasks.cli.command.match(/^deno run (.+) cli\/main\.ts/) ?? [];

/** What a command came to. */
export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as it is. */
  readonly bytes: Uint8Array;
}

/** How a command is run. */
export interface RunOptions {
  /** The folder that it is called from. */
  readonly cwd: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts a command. */
export function start(args: readonly string[], { cwd, stdin, env = {} }: RunOptions): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...FLAGS.split(" "), "cli/main.ts", `--cwd=${cwd}`, ...args],
    cwd: FOLDER,
    env: { PARTERRE_PRELOAD: "none", PARTERRE_DATA: `${cwd}/data`, NO_COLOR: "1", ...env },
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a command to its end. */
export async function run(args: readonly string[], options: RunOptions): Promise<Result> {
  const child = start(args, options);
  if (options.stdin !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(options.stdin));
    await writer.close();
  }
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr), bytes: stdout };
}

/** An empty folder to call commands from; `using` removes it. */
export function scratchFolder(): { readonly path: string } & Disposable {
  const path = Deno.makeTempDirSync({ prefix: "parterre-cli-test-" });
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

/** Waits until a child has said something on standard error: all that it said until then. */
export async function says(child: Deno.ChildProcess, text: string): Promise<string> {
  let said = "";
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  while (!said.includes(text)) {
    const { value, done } = await reader.read();
    assert.ok(!done, `never said ${text}, but: ${said}`);
    said += value;
  }
  reader.cancel().catch(() => {});
  return said;
}
