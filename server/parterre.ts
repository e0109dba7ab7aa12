/** A whole Parterre in one process: store, compute Worker, worker loop and HTTP server, wired together. */

import { ModelCatalog } from "../compute/model/catalog.ts";
import { Compute } from "../compute/worker/compute.ts";
import { ImageEncoder } from "../image/encoder.ts";
import { Estimator } from "../jobs/estimator.ts";
import { DEFAULT_LIMITS } from "../jobs/resolve_request.ts";
import { Runner } from "../jobs/runner.ts";
import type { Services } from "../schema/services.ts";
import { openStore } from "../store/open.ts";
import type { Config } from "./config.ts";
import { serveHttp } from "./http.ts";
import { imageUrls } from "./urls.ts";

/** A running Parterre. */
export interface Parterre {
  /** Where it listens, for instance `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly services: Services;
  /** Ends streams, lets a running generation go (it is queued again), and closes everything. */
  close(): Promise<void>;
}

/** Starts everything. */
export async function startParterre(config: Config): Promise<Parterre> {
  const closing = new AbortController();
  const store = await openStore(config.dataFolder, { maxQueued: config.maxQueued });
  const compute = await Compute.start({ modelsFolder: config.modelsFolder, threads: config.threads });
  const encoder = new ImageEncoder();
  const estimator = new Estimator();
  const services: Services = {
    ...store,
    runtime: compute.runtime,
    catalog: new ModelCatalog(config.modelsFolder),
    encoder,
    estimator,
    limits: {
      ...DEFAULT_LIMITS,
      maxRegions: config.maxRegions,
      maxSteps: config.maxSteps,
      maxEdge: config.maxEdge,
    },
    urls: imageUrls,
    closing: closing.signal,
  };
  const http = serveHttp(services, config);
  const runner = new Runner({ ...store, compute, encoder, estimator }, { workerId: `embedded-${Deno.pid}` });
  const running = runner.run(closing.signal);
  return {
    url: http.url,
    services,
    close: async () => {
      closing.abort();
      await running;
      await http.shutdown();
      encoder.close();
      compute.close();
      await store.close();
    },
  };
}
