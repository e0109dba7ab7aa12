/** What the schema needs from the rest of the house; `main.ts` wires it. */

import type { ModelCatalog } from "../compute/model/catalog.ts";
import type { ModelFile } from "../compute/model/model_file_list.ts";
import type { LayoutDrafter } from "../requests/drafting/drafter.ts";
import type { ImageFormat } from "../image/format.ts";
import type { ComputeView } from "../compute/runtime/runtime.ts";
import type { PreviewFiles } from "../image/preview_files.ts";
import type { Estimator } from "../requests/estimator.ts";
import type { Forecast } from "../jobs/forecast.ts";
import type { EventLog } from "../jobs/events.ts";
import type { GenerationImage } from "../jobs/generation.ts";
import type { CallerMasks } from "../requests/caller_masks.ts";
import type { CallerGenerations } from "../jobs/caller_generations.ts";
import type { CallerQueue } from "../jobs/caller_queue.ts";
import type { PreviewWatchers } from "../jobs/preview_watchers.ts";
import type { Roster } from "../jobs/workers.ts";
import type { DeleteOutcome } from "../jobs/generation_store.ts";
import type { RequestLimits } from "../requests/limits.ts";
import type { AssetStore } from "../assets/asset_store.ts";
import type { LayoutStore } from "../store/layouts.ts";

/** Where the server offers pictures and events; signed where it asks for keys. */
export interface ServerUrls {
  image(image: Pick<GenerationImage, "assetKey" | "format">): string;
  preview(preview: PreviewAddress): string;
  /** Of a file of a model's. */
  modelFile(file: { readonly model: string } & Pick<ModelFile, "path" | "sha256">): string;
  /** Of a subscription over server-sent events. */
  subscription(query: string, variables: Readonly<Record<string, unknown>>): string;
}

/** A preview of a generation, as it is to be encoded. */
export interface PreviewAddress {
  readonly generationId: string;
  readonly sequence: number;
  /** Longest edge in pixels. */
  readonly maxEdge: number;
  readonly format: ImageFormat;
}

/** The services behind the schema, as one caller has them: what belongs to others is not there. */
export interface Services {
  /** What computes, and which models it has in memory. */
  readonly compute: ComputeView;
  /** The workers that there are, this process' own or all of the fleet. */
  readonly workers: Roster;
  /** When what waits is expected. */
  readonly forecast: Pick<Forecast, "endMs">;
  readonly catalog: ModelCatalog;
  /** Whether callers may have the files of models. */
  readonly sharesModels: boolean;
  readonly queue: CallerQueue;
  readonly generations: CallerGenerations;
  /** Removes a finished generation, and its picture unless something else uses the same file. */
  deleteGeneration(id: string): Promise<DeleteOutcome>;
  readonly events: EventLog;
  readonly layouts: LayoutStore;
  readonly assets: AssetStore;
  /** The images of painted masks. */
  readonly masks: CallerMasks;
  /** Draws and measures layouts. */
  readonly drafter: LayoutDrafter;
  /** Encodes previews, each once. */
  readonly previews: PreviewFiles;
  readonly estimator: Estimator;
  /** Who watches which previews. */
  readonly watchers: PreviewWatchers;
  readonly limits: RequestLimits;
  readonly urls: ServerUrls;
  /** Aborts when the server shuts down: live streams end. */
  readonly closing: AbortSignal;
}
