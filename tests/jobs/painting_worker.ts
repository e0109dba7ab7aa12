/**
 * A process that paints a request in a data folder and, when it has kept a checkpoint or two, sends itself a signal: SIGKILL,
 * or SIGTERM, on which it lets go.
 */

import type { Checkpoints } from "../../jobs/checkpoints.ts";
import { inWorkshop, LONG, models } from "./workshop.ts";

const [folder = "", signal] = Deno.args;

await inWorkshop(
  async ({ store, work }) => {
    let kept = 0;
    const checkpoints: Checkpoints = {
      save: async (...args) => {
        await store.checkpoints.save(...args);
        if (++kept === 2) Deno.kill(Deno.pid, signal as Deno.Signal);
      },
      latest: (id) => store.checkpoints.latest(id),
      forget: (id) => store.checkpoints.forget(id),
      ids: () => store.checkpoints.ids(),
    };
    const told = new Promise<void>((resolve) => Deno.addSignalListener("SIGTERM", resolve));
    await models.hash(LONG.model); // every checkpoint carries it
    await store.queue.enqueue(LONG);
    const worker = work({ checkpointMs: 0, services: { checkpoints } });
    await told;
    await worker.end();
    await store.close();
    Deno.exit(0); // the folder stays
  },
  undefined,
  folder,
);
