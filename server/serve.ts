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
    if (config.role === "worker") {
      const { startWorker } = await import("./worker.ts");
      const { url, close } = await startWorker(config, preload);
      return { close, listens: `Parterre's worker tells of its health on ${url}/health` };
    }
    const { startParterre } = await import("./parterre.ts");
    const { url, close } = await startParterre(config, preload);
    return { close, listens: `Parterre listens on ${url}/graphql` };
  });
  keepServing();
  console.log(parterre.listens);
  return {
    close: () => parterre.close(),
    failed: (error) => log.error("Ends although not everything is closed: {error}", { error }),
  };
}
