/** `deno task start`: serves until it is told to stop. */

import { readConfig } from "./server/config.ts";
import { keepServing } from "./server/last_resort.ts";
import { configureLogging } from "./server/logging.ts";
import { startParterre } from "./server/parterre.ts";

const config = readConfig(Deno.env.toObject());
await configureLogging(config.log);
const parterre = await startParterre(config);
keepServing();
console.log(`Parterre listens on ${parterre.url}/graphql`);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, async () => {
    await parterre.close();
    Deno.exit(0);
  });
}
