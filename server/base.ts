/** What every process has, whatever its role: what is kept, what computes or is known of it, and who looks on. */

import { ImageDecoder } from "../image/decoder.ts";
import { ImageEncoder } from "../image/encoder.ts";
import { pixels } from "../image/pixels.ts";
import { previewEncoding } from "../image/preview_encoding.ts";
import type { ComputeView } from "../compute/runtime/runtime.ts";
import type { Compute } from "../compute/worker/compute.ts";
import { FleetCompute } from "../fleet/fleet_compute.ts";
import { type GenerationObserver, together } from "../jobs/observer.ts";
import { PreviewWatchers } from "../jobs/preview_watchers.ts";
import { PaintingWatch, SelfReport } from "../jobs/self_report.ts";
import { Observation } from "../observe/observation.ts";
import { Estimator } from "../requests/estimator.ts";
import { MaskLibrary } from "../requests/mask_library.ts";
import { openStore } from "../store/open.ts";
import type { Store } from "../store/store.ts";
import { checkDataFolder, settingBehind } from "./check_machine.ts";
import type { Config } from "./config.ts";
import { type Fleet, joinFleet } from "./fleet.ts";
import type { Preload } from "./preload.ts";

/** What warms up the encoder of previews. */
const GREY = pixels(32, 32, 3, new Uint8Array(3 * 32 * 32).fill(128));

/** What a process can paint with. */
export interface Workshop {
  readonly compute: Compute;
  readonly self: SelfReport;
}

/** The open parts of a process; they are closed with the stack that they were opened on. */
export interface Base {
  readonly store: Store;
  /** Null for a process that is alone with its store. */
  readonly fleet: Fleet | null;
  /** Null for a process that does not paint. */
  readonly workshop: Workshop | null;
  readonly compute: ComputeView & { ready(): Promise<void> };
  readonly catalog: Preload["catalog"];
  readonly encoder: ImageEncoder;
  readonly masks: MaskLibrary;
  readonly estimator: Estimator;
  readonly watchers: PreviewWatchers;
  readonly observation: Observation;
  /** Is told of what is painted. */
  readonly observer: GenerationObserver;
  /** Aborts when the process shuts down. */
  readonly closing: AbortController;
}

/**
 * Opens everything; who opens it closes the stack, also after a failure.
 * @throws {ConfigError} if a setting cannot be used on this machine.
 */
export async function openBase(config: Config, preload: Preload, opening: AsyncDisposableStack): Promise<Base> {
  opening.defer(() => preload.end());
  if (config.database === undefined) await checkDataFolder(config);
  const closing = new AbortController();
  const asSetting = (error: unknown): never => {
    throw settingBehind(error, config);
  };
  const observation = new Observation();
  opening.defer(() => observation.close());
  const fleet = config.redis === undefined ? null : opening.use(await joinFleet(config.redis).catch(asSetting));
  const watch = new PaintingWatch();
  const observer = together(observation.generations, watch, ...fleet === null ? [] : [fleet.ticketWriter]);
  const { maxQueued, database, objects } = config;
  const shared = fleet === null ? {} : { bell: fleet.bell, live: fleet.live };
  const options = { maxQueued, database, objects, observer, ...shared };
  const store = await openStore(config.dataFolder, options).catch(asSetting);
  opening.defer(() => store.close());
  const estimator = new Estimator();
  const { catalog } = preload;
  const workshop = await openWorkshop(config, preload, estimator, watch).catch(asSetting);
  const known = new FleetCompute(estimator);
  if (workshop === null && fleet !== null) void known.follow(fleet.roster, closing.signal);
  const encoder = opening.use(new ImageEncoder());
  encoder.encode(GREY, previewEncoding("WEBP", 4 * GREY.width)).catch(() => {}); // whoever needs it hears of it
  const decoder = new ImageDecoder({ maxPixels: config.maxMaskPixels });
  opening.defer(() => decoder.close());
  return {
    store,
    fleet,
    workshop,
    compute: workshop?.compute ?? known,
    catalog,
    encoder,
    masks: new MaskLibrary(store.assets, decoder),
    estimator,
    watchers: fleet?.watchers ?? new PreviewWatchers(),
    observation,
    observer: together(observation.generations, watch),
    closing,
  };
}

async function openWorkshop(
  { memoryBudget, parallel, redis }: Config,
  { compute: starting, catalog }: Preload,
  estimator: Estimator,
  watch: PaintingWatch,
): Promise<Workshop | null> {
  if (starting === null) return null;
  const compute = await starting;
  const identity = { id: workerName(), memoryBudget };
  const options = { parallel: parallel && redis !== undefined };
  return { compute, self: new SelfReport(identity, { compute, catalog, estimator }, watch, options) };
}

/** Names this process to operators: after its container or machine where the environment tells, and unlike any other. */
function workerName(): string {
  const { HOSTNAME: host = "worker" } = Deno.env.toObject();
  return `${host}-${Deno.pid}-${crypto.randomUUID().slice(0, 4)}`;
}
