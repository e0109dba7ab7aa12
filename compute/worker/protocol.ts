/** What the server's thread and the compute Worker say to each other. */

import type { MaskImages } from "../../layout/masks/mask_image.ts";
import type { Inspection, ModelFacts } from "../model/inspect.ts";
import type { GenerationOutput, StepTiming } from "../pipeline/generation_output.ts";
import type { PictureRequest } from "../pipeline/request.ts";
import type { Aides, CallShare, ShareErrorCode } from "../pipeline/shared_calls.ts";
import type { ProviderChoice, RejectedProvider, RuntimeInfo } from "../runtime/runtime.ts";
import type { MakeThread } from "#host/engine_threads.ts";

/** How the Worker is set up; sent once. */
export interface ComputeOptions {
  /** Holds one folder per model. */
  readonly modelsFolder: string;
  /** Holds LoRA files for all of them. Default: none. */
  readonly lorasFolder?: string;
  /** Threads that one run uses. */
  readonly threads: number;
  /** What computes; default `wasm`. */
  readonly provider?: ProviderChoice;
  /** Estimated bytes that loaded models may take together; those used longest ago make room. Default: no limit. */
  readonly memoryBudget?: number;
  /** A folder for what would have to be worked out again at each start, made when needed. Default: none is kept. */
  readonly cacheFolder?: string;
  /** A model to load at once: its files are read while the engine starts. */
  readonly first?: string;
}

/** The state of the Worker. */
export interface ComputeState {
  readonly runtime: RuntimeInfo;
  /** Names of the models in memory. */
  readonly loaded: readonly string[];
}

/** Whether a provider could be started. A value, because a thrown error would reach the server as its message alone. */
export type StartOutcome =
  | { readonly type: "STARTED"; readonly runtime: RuntimeInfo }
  | ({ readonly type: "REFUSED" } & RejectedProvider);

/** A step of a running generation. */
export type GenerationStep = Omit<Extract<GenerationOutput, { type: "STEP" }>, "state"> & {
  /** What another Worker can go on from after this step, as {@link Continuation.from}; null where none was due. */
  readonly checkpoint: Uint8Array<ArrayBuffer> | null;
};

/** How a generation that need not be painted in one go is painted. */
export interface Continuation {
  /**
   * A checkpoint of the same request that is to be gone on from; null: from the start. One that cannot be gone on from is
   * passed over: steps are then counted from 1.
   */
  readonly from: Uint8Array | null;
  /** Milliseconds between two checkpoints, at least; what they take is 1 % of the time at most. Null: none are made. */
  readonly everyMs: number | null;
}

/** Why a generation is to stop after the step that runs: the values of the flag that tells it. */
export const STOP = { none: 0, cancel: 1, drain: 2 } as const;

/** What may have happened to any work on the way to its end. */
export interface MayFallBack {
  /**
   * The provider whose device was lost meanwhile, and why. The work was then done again from its start on WASM, which
   * computes from now on.
   */
  readonly fellBackFrom?: RejectedProvider;
}

/** How a generation ended. */
export type GenerationOutcome =
  & (
    | Extract<GenerationOutput, { type: "IMAGE" }>
    | {
      readonly type: "CANCELED";
      /** Where it was stopped, if that was asked for. */
      readonly checkpoint?: Uint8Array<ArrayBuffer>;
    }
    | { readonly type: "FAILED"; readonly code: string; readonly message: string }
  )
  & MayFallBack;

/** What loading a model took. */
export interface LoadReport extends MayFallBack {
  readonly loadMs: number;
  /** The native size in pixels. */
  readonly nativeSize: number;
}

/** What is known of a model's graphs by others than the Worker; undefined if nothing is. */
export type FindFacts = (model: string) => ModelFacts | undefined | Promise<ModelFacts | undefined>;

/** Those who make parts of a picture's calls, as far as they are asked by messages. */
export type AideCalls = Pick<Aides, "share" | "collect">;

/** What came of a share. A value, because a thrown error would reach the caller as its message alone. */
export type ShareOutcome<T> =
  | { readonly type: "DONE"; readonly value: T }
  | { readonly type: "FAILED"; readonly code: ShareErrorCode; readonly message: string };

/** The Worker's side, called through comlink. */
export interface ComputeApi {
  /**
   * Chooses the provider; once, before anything else. The first model, if one was named, is loaded after the answer.
   * @param makeThread Makes the engine's threads.
   * @param findFacts Asked before a model is opened, so that its graphs need not be looked into twice.
   */
  start(options: ComputeOptions, makeThread: MakeThread, findFacts: FindFacts): Promise<StartOutcome>;
  /** What computes now, and which models are in memory. */
  state(): Promise<ComputeState>;
  /** Reads a model's files, as loading does first, and says what they are; unusable ones are an answer as well. */
  open(model: string): Promise<Inspection>;
  /** Loads what a model's first preview takes. */
  load(model: string): Promise<LoadReport>;
  /** What a guided step of a plain picture at native size takes; null where something else was asked for. */
  measureStep(model: string): Promise<StepTiming | null>;
  /** Paints and discards pictures until a model is as fast as it gets, or until something else is asked for: then false. */
  warmUp(model: string): Promise<boolean>;
  /**
   * Computes a generation with the model as its files are when it begins. Where the device is lost on the way, or the
   * files change before they are all read, its steps are counted from 1 again.
   * @param images Of the layout's painted masks.
   * @param stop One int32: what of {@link STOP} is asked for.
   * @param watched By step, from 1: not 0 where somebody wants its preview. Null: all are wanted.
   * @param onStep Called after every step, not waited for.
   * @param present As {@link Aides.present}; null: nobody makes parts of it.
   * @param aides Asked while somebody is present. What is done again is done alone.
   */
  generate(
    request: PictureRequest,
    images: MaskImages,
    stop: Int32Array<SharedArrayBuffer>,
    watched: Int32Array<SharedArrayBuffer> | null,
    continuation: Continuation,
    onStep: (step: GenerationStep) => void,
    present: Int32Array<SharedArrayBuffer> | null,
    aides: AideCalls | null,
  ): Promise<GenerationOutcome>;
  /**
   * Prepares the making of parts of a picture that another paints.
   * @param stop One int32: not 0 once it is closed.
   * @returns What {@link predictShare} and {@link closeShare} name it by.
   */
  openShare(
    request: PictureRequest,
    images: MaskImages,
    stop: Int32Array<SharedArrayBuffer>,
  ): Promise<ShareOutcome<number>>;
  /** Makes parts of a call, see {@link Share.predict}. */
  predictShare(share: number, call: CallShare): Promise<ShareOutcome<readonly Float32Array[]>>;
  /** Forgets it. */
  closeShare(share: number): Promise<void>;
}
