/**
 * A process that paints a request in a data folder until it is killed, or lets go of it on SIGTERM. Writes a line for every
 * step.
 */

import { inWorkshop, LONG } from "./workshop.ts";

const [folder = ""] = Deno.args;
const told = new TextEncoder();

await inWorkshop(
  async ({ store, work }) => {
    await store.queue.enqueue(LONG);
    const worker = work({ checkpointMs: 0 });
    await new Promise<void>((resolve) => Deno.addSignalListener("SIGTERM", resolve));
    await worker.end();
    await store.close();
    Deno.exit(0); // the folder stays
  },
  (step) => Deno.stdout.writeSync(told.encode(`${step}\n`)),
  folder,
);
