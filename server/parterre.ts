/** A whole Parterre in one process, or a server of many: what is open, what clients reach of it, and what goes on by itself. */

import { Authenticator } from "../access/authenticator.ts";
import { UrlSigner } from "../access/signed_urls.ts";
import { LayoutDrafter } from "../requests/drafting/drafter.ts";
import { PreviewFiles } from "../image/preview_files.ts";
import { Forecast } from "../jobs/forecast.ts";
import { keepHouse } from "../jobs/housekeeper.ts";
import { DEFAULT_LIMITS } from "../requests/limits.ts";
import { Retention } from "../jobs/retention.ts";
import type { Roster } from "../jobs/workers.ts";
import { openBase } from "./base.ts";
import type { House } from "./caller_services.ts";
import { settingBehindListening } from "./check_machine.ts";
import type { Config } from "./config.ts";
import { type HttpServer, serveHttp } from "./http.ts";
import { paint } from "./paint.ts";
import { Preload } from "./preload.ts";
import { Readiness } from "./readiness.ts";

/** Where nothing paints. */
const NOBODY: Roster = { list: () => Promise.resolve([]) };

/** A running Parterre. */
export interface Parterre {
  /** Where it listens, for instance `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly services: House;
  /** What its clients hold open. */
  readonly load: HttpServer["load"];
  /**
   * Ends streams, lets a running generation go (it is queued again), and closes everything. Takes a few seconds at most,
   * whatever is running. Closing again does nothing.
   */
  close(): Promise<void>;
}

/**
 * Starts everything, or nothing: what was started before a failure is ended again.
 * @param preload Begun before, where a head start matters.
 * @throws {ConfigError} if a setting cannot be used on this machine.
 *
 * @example
 * ```ts
 * const parterre = await startParterre({ ...readConfig({}), port: 0, dataFolder: "data" });
 * console.log(`${parterre.url}/graphql`);
 * await parterre.close();
 * ```
 */
export async function startParterre(config: Config, preload: Preload = new Preload(config)): Promise<Parterre> {
  await using opening = new AsyncDisposableStack();
  const base = await openBase(config, preload, opening);
  const { store, fleet, workshop, compute, catalog, encoder, masks, estimator, watchers, observation, closing } = base;
  const drafter = new LayoutDrafter();
  opening.defer(() => drafter.close());
  const retention = new Retention(store.generations, store.files, config.keep);
  const signer = new UrlSigner(store.urlSecret, config.urlSeconds);
  const authenticator = new Authenticator({
    mode: config.auth,
    keys: store.keys,
    signer,
    adminSecret: config.adminKey,
    limits: config.callerLimits,
  });
  const checkRedis = () => fleet?.check() ?? Promise.resolve();
  const workers = fleet?.roster ?? workshop?.self ?? NOBODY;
  const services: House = {
    ...store,
    compute,
    workers,
    forecast: new Forecast({ queue: store.queue, workers }),
    catalog,
    sharesModels: config.sharesModels,
    masks,
    drafter,
    previews: new PreviewFiles(encoder, fleet?.previews),
    estimator,
    watchers,
    limits: {
      ...DEFAULT_LIMITS,
      maxRegions: config.maxRegions,
      maxSteps: config.maxSteps,
      maxPictures: config.maxPictures,
      maxEdge: config.maxEdge,
      maxUploadBytes: config.maxUploadBytes,
    },
    retention,
    signer: config.auth === "keys" ? signer : null,
    readiness: new Readiness({ ...store, checkRedis, catalog, compute, closing: closing.signal }),
    closing: closing.signal,
  };
  const http = await serveHttp(services, authenticator, config, observation).catch((error) => {
    throw settingBehindListening(error, config);
  });
  observation.watch({ queue: store.queue, compute: workshop?.compute ?? null, http });
  const running = Promise.all([
    workshop === null ? undefined : paint(config, base, workshop, preload),
    keepHouse({ ...store, retention, work: fleet === null ? undefined : store.work }, closing.signal),
    fleet?.keepTickets(store, closing.signal),
  ]);
  const held = opening.move();
  const close = async () => {
    closing.abort();
    await running;
    await http.shutdown();
    await held.disposeAsync();
  };
  let closed: Promise<void> | undefined;
  return {
    url: http.url,
    services,
    get load() {
      return http.load;
    },
    close: () => closed ??= close(),
  };
}
