/** `deno task cli`: Parterre from the command line. */

import { type Ending, endingOf } from "./failure.ts";
import { Output } from "./output.ts";
import { createProgram } from "./program.ts";

/** Runs a command. @returns the exit code. */
async function run(): Promise<number> {
  try {
    await createProgram().parseAsync(Deno.args, { from: "user" });
    return 0;
  } catch (thrown) {
    const ending = endingOf(thrown);
    report(ending);
    return ending.exitCode;
  }
}

/** Says what went wrong: to people on standard error, to programs on standard output too. */
function report({ error, said }: Ending): void {
  if (error === null) return;
  // A command line that cannot be read may still ask for JSON.
  const output = new Output(Deno.args.includes("--json"), false);
  const lines = error.problems?.map(({ message }) => message) ?? [error.message];
  for (const line of said ? [] : lines) output.say(`error: ${line}`);
  try {
    output.document({ error });
  } catch (closed) {
    if (!(closed instanceof Deno.errors.BrokenPipe)) throw closed;
  }
}

Deno.exit(await run());
