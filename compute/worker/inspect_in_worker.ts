/** A look into a model on a thread of its own: reading large graphs would hold up the one that asks. */

import { type Remote, wrap } from "comlink";
import type { Inspection } from "../model/inspect.ts";
import type { InspectApi } from "./inspect_worker.ts";

/** Inspects a model folder in a Worker that lives for this. Never rejects: a Worker that dies is an answer as well. */
export async function inspectInWorker(folder: string, name: string): Promise<Inspection> {
  const worker = new Worker(new URL("./inspect_worker.ts", import.meta.url), { type: "module", name: "inspect" });
  const died = Promise.withResolvers<Inspection>();
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // an unhandled error of a Worker would end the process
    died.resolve({ usable: false, refused: `Cannot read "${folder}": ${event.message}` });
  });
  try {
    const api: Remote<InspectApi> = wrap<InspectApi>(worker);
    return await Promise.race([api.inspect(folder, name), died.promise]);
  } finally {
    worker.terminate();
  }
}
