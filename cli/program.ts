/** The command line: its commands, its help, its exit codes. */

import { Command, Option } from "@commander-js/extra-typings";
import config from "../deno.json" with { type: "json" };
import { addCancel } from "./commands/cancel.ts";
import { addExport } from "./commands/export.ts";
import { addGenerate } from "./commands/generate.ts";
import { addImport } from "./commands/import.ts";
import { addKeys } from "./commands/keys.ts";
import { addLayouts } from "./commands/layouts.ts";
import { addModels } from "./commands/models.ts";
import { addReroll } from "./commands/reroll.ts";
import { addUpload } from "./commands/upload.ts";
import { addValidate } from "./commands/validate.ts";
import { addWatch } from "./commands/watch.ts";

const EPILOGUE = `
Without --server a command starts a server of its own over the data folder, for itself alone.

Exit codes: 0 done; 1 the generation failed, or the server could not be reached or refused; 2 the command line,
a file or the request breaks a rule; 130 after Ctrl-C, 143 after SIGTERM.

Environment: PARTERRE_URL is --server, PARTERRE_KEY is --key; the settings of the server hold for own ones.`;

/**
 * Makes the program; it throws instead of ending the process.
 *
 * @example
 * ```ts
 * await createProgram().parseAsync(["validate", "--layout", "layout.json"], { from: "user" });
 * ```
 */
export function createProgram(): Command {
  const program: Command = new Command("deno task cli");
  program
    .description("Parterre: one picture from many prompts, each in its own region.")
    .version(config.version)
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show the help of a command")
    .addOption(new Option("--cwd <folder>", "where files are looked for").hideHelp()) // the task runs in the program's
    .addHelpText("after", EPILOGUE)
    .exitOverride()
    .showHelpAfterError("(--help shows how it is used)")
    .hook("preAction", () => {
      const cwd: unknown = program.getOptionValue("cwd");
      if (typeof cwd === "string" && cwd !== "") Deno.chdir(cwd);
    });
  for (
    const add of [
      addGenerate,
      addReroll,
      addValidate,
      addWatch,
      addCancel,
      addModels,
      addLayouts,
      addImport,
      addExport,
      addUpload,
      addKeys,
    ]
  ) {
    add(program);
  }
  return program;
}
