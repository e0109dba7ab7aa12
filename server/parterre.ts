/** A whole Parterre in one process: store, compute Worker, worker loop and HTTP server, wired together. */

import { Authenticator } from "../access/authenticator.ts";
import { UrlSigner } from "../access/signed_urls.ts";
import { LayoutDrafter } from "../requests/drafting/drafter.ts";
import { ImageDecoder } from "../image/decoder.ts";
import { ImageEncoder } from "../image/encoder.ts";
import { pixels } from "../image/pixels.ts";
import { previewEncoding } from "../image/preview_encoding.ts";
import { PreviewFiles } from "../image/preview_files.ts";
import { Estimator } from "../requests/estimator.ts";
import { keepHouse } from "../jobs/housekeeper.ts";
import { MaskLibrary } from "../requests/mask_library.ts";
import { DEFAULT_LIMITS } from "../requests/limits.ts";
import { PreviewWatchers } from "../jobs/preview_watchers.ts";
import { Runner } from "../jobs/runner.ts";
import { Retention } from "../jobs/retention.ts";
import { Observation } from "../observe/observation.ts";
import { openStore } from "../store/open.ts";
import type { House } from "./caller_services.ts";
import { checkDataFolder, settingBehind, settingBehindListening } from "./check_machine.ts";
import type { Config } from "./config.ts";
import { type HttpServer, serveHttp } from "./http.ts";
import { Preload } from "./preload.ts";
import { Readiness } from "./readiness.ts";

/** Milliseconds that a running step has left when the server shuts down; then the compute Worker is ended with it. */
const STEP_GRACE_MS = 3000;

/** What warms up the encoder of previews. */
const GREY = pixels(32, 32, 3, new Uint8Array(3 * 32 * 32).fill(128));

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
  opening.defer(() => preload.end());
  if (config.database === undefined) await checkDataFolder(config);
  const closing = new AbortController();
  const asSetting = (error: unknown): never => {
    throw settingBehind(error, config);
  };
  const observation = new Observation();
  opening.defer(() => observation.close());
  const observer = observation.generations;
  const { maxQueued, database, objects } = config;
  const store = await openStore(config.dataFolder, { maxQueued, database, objects, observer }).catch(asSetting);
  opening.defer(() => store.close());
  const compute = await preload.compute.catch(asSetting);
  const encoder = opening.use(new ImageEncoder());
  encoder.encode(GREY, previewEncoding("WEBP", 4 * GREY.width)).catch(() => {}); // whoever needs it hears of it
  const decoder = new ImageDecoder({ maxPixels: config.maxMaskPixels });
  opening.defer(() => decoder.close());
  const masks = new MaskLibrary(store.assets, decoder);
  const drafter = new LayoutDrafter();
  opening.defer(() => drafter.close());
  const estimator = new Estimator();
  const watchers = new PreviewWatchers();
  const retention = new Retention(store.generations, store.files, config.keep);
  const signer = new UrlSigner(store.urlSecret, config.urlSeconds);
  const authenticator = new Authenticator({
    mode: config.auth,
    keys: store.keys,
    signer,
    adminSecret: config.adminKey,
    limits: config.callerLimits,
  });
  const { catalog } = preload;
  const services: House = {
    ...store,
    compute,
    catalog,
    sharesModels: config.sharesModels,
    masks,
    drafter,
    previews: new PreviewFiles(encoder),
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
    readiness: new Readiness({ ...store, catalog, compute, closing: closing.signal }),
    closing: closing.signal,
  };
  const http = await serveHttp(services, authenticator, config, observation).catch((error) => {
    throw settingBehindListening(error, config);
  });
  observation.watch({ queue: store.queue, compute, http });
  const runner = new Runner({ ...store, compute, models: catalog, masks, encoder, estimator, watchers }, {
    workerId: `embedded-${Deno.pid}`,
    observer,
  });
  preload.run(services);
  const running = Promise.all([
    runner.run(closing.signal),
    keepHouse({ ...store, retention }, closing.signal),
  ]);
  const held = opening.move();
  const close = async () => {
    closing.abort();
    // A step of a large picture takes longer than those who end processes wait.
    const patience = setTimeout(() => compute.close(), STEP_GRACE_MS);
    await running;
    clearTimeout(patience);
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
