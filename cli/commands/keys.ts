/** `keys`: who may call a server that asks for keys. What it does is in ../keys.ts, which is a task of its own too. */

import { resolve } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { HOME } from "../connection.ts";
import { usage } from "../failure.ts";
import { runKeys, USAGE, UsageError } from "../keys.ts";
import { Output } from "../output.ts";

/** Adds the command. */
export function addKeys(program: Command): void {
  program.command("keys")
    .description("Create, list and revoke keys, in the data folder or the database, also of a server that runs.")
    .option("--data <folder>", "the data folder (default: PARTERRE_DATA, or data)")
    .argument("<create|list|revoke>", "what to do")
    .argument("[options...]", "its options")
    .allowUnknownOption() // they are read there
    .addHelpText("after", `\n${USAGE.replaceAll("deno task keys", "deno task cli keys")}`)
    .action(async (command, options, { data }) => {
      // Loaded only where they are needed.
      const { ConfigError, readConfig } = await import("../../server/config.ts");
      const { openKeys } = await import("../../store/open_keys.ts");
      const output = new Output(false, false); // under --json too what is written is for standard output
      try {
        const { dataFolder, database } = readConfig(Deno.env.toObject());
        await using open = data === undefined
          ? await openKeys(resolve(HOME, dataFolder), { database })
          : await openKeys(resolve(data));
        await runKeys([command, ...options], open.keys, (line) => output.line(line));
      } catch (error) {
        if (error instanceof UsageError || error instanceof ConfigError) throw usage(error.message);
        throw error;
      }
    });
}
