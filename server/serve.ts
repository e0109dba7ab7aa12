/** A server as its operator runs it: settings from the environment, a log, one line that says where it listens. */

import { getLogger } from "@logtape/logtape";
import { readConfig } from "./config.ts";
import type { Endable } from "./end_on_signals.ts";
import { keepServing } from "./last_resort.ts";
import { configureLogging } from "./logging.ts";
import { Preload } from "./preload.ts";
import { orRefuse } from "./refusal.ts";

const log = getLogger(["parterre", "server"]);

/** Starts serving, or ends the process with one line that says why it cannot. */
export async function serve(): Promise<Endable> {
  const parterre = await orRefuse(async () => {
    const config = readConfig(Deno.env.toObject());
    await configureLogging(config.log);
    const preload = new Preload(config);
    // The compute Worker starts while the rest of the program is loaded.
    const { startParterre } = await import("./parterre.ts");
    return await startParterre(config, preload);
  });
  keepServing();
  console.log(`Parterre listens on ${parterre.url}/graphql`);
  return {
    close: () => parterre.close(),
    failed: (error) => log.error("Ends although not everything is closed: {error}", { error }),
  };
}
