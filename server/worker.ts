/** A process that paints and answers no clients: on its port there are only health and metrics. */

import type { Config } from "./config.ts";
import { settingBehindListening } from "./check_machine.ts";
import { openBase } from "./base.ts";
import type { Endable } from "./end_on_signals.ts";
import { metricsAllowed } from "./metrics_endpoint.ts";
import { paint } from "./paint.ts";
import { Preload } from "./preload.ts";
import { Readiness } from "./readiness.ts";

/** A running worker. */
export interface RunningWorker extends Pick<Endable, "close"> {
  /** Where its health can be asked for, for instance `http://127.0.0.1:8001`. */
  readonly url: string;
}

/**
 * Starts a worker, or nothing: what was started before a failure is ended again.
 * @throws {ConfigError} if a setting cannot be used on this machine.
 */
export async function startWorker(config: Config, preload: Preload = new Preload(config)): Promise<RunningWorker> {
  await using opening = new AsyncDisposableStack();
  const base = await openBase(config, preload, opening);
  const { store, fleet, workshop, compute, catalog, observation, closing } = base;
  if (workshop === null) throw new Error("Cannot start a worker that does not paint");
  const checkRedis = () => fleet?.check() ?? Promise.resolve();
  const readiness = new Readiness({ ...store, checkRedis, catalog, compute, closing: closing.signal });
  const respond = async (request: Request, { remoteAddr }: Deno.ServeHandlerInfo<Deno.NetAddr>): Promise<Response> => {
    switch (new URL(request.url).pathname) {
      case "/health":
        return new Response("ok");
      case "/ready":
        return await readiness.respond();
      case "/metrics": {
        const { metrics: { registry } } = observation;
        const readers = config.metricsReaders;
        if (readers === "none") break;
        if (!metricsAllowed(request, null, remoteAddr.hostname, readers)) {
          return new Response("Forbidden", { status: 403 });
        }
        return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } });
      }
    }
    return new Response("Not found", { status: 404 });
  };
  const http = listen(config, respond);
  const load = { connections: 0, sockets: 0 };
  observation.watch({ queue: store.queue, compute, http: { load } });
  const painting = Promise.all([paint(config, base, workshop, preload), fleet?.keepTickets(store, closing.signal)]);
  const held = opening.move();
  const close = async () => {
    closing.abort();
    await painting;
    await http.shutdown();
    await held.disposeAsync();
  };
  const { hostname, port } = http.addr;
  let closed: Promise<void> | undefined;
  return {
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`,
    close: () => closed ??= close(),
  };
}

function listen(config: Config, respond: Deno.ServeHandler<Deno.NetAddr>): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: config.host, port: config.port, onListen: () => {} }, respond);
  } catch (error) {
    throw settingBehindListening(error, config);
  }
}
