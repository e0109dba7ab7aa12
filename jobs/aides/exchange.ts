/**
 * How workers that paint together find and reach each other. The worker that holds a picture's claim is its painter;
 * idle workers that compute parts of it are its aides.
 */

import type { CallShare } from "../../compute/pipeline/shared_calls.ts";
import type { GenerationStep } from "../../compute/worker/compute.ts";
import type { CheckpointStamp } from "../checkpoint_stamp.ts";
import type { PaintedPicture } from "../painted_picture.ts";

/** What of a generation is computed by others: predictions of one picture, or whole pictures of several. */
export type SharedWork = "PREDICTIONS" | "PICTURES";

/** A painter's offer: one idle worker takes it, and comes. */
export interface Offer {
  /** Names what the painter and its aides say to each other. */
  readonly session: string;
  /** The painter's {@link Exchange.self}. */
  readonly painter: string;
  readonly generationId: string;
  /** The painter's fencing token. */
  readonly token: number;
  readonly work: SharedWork;
  /** What the painter computes with: who has anything else is no help. */
  readonly stamp: CheckpointStamp;
  readonly model: string;
  /** Of those that compute alike, see {@link kindOf}. */
  readonly kind: string;
}

/** What a painter says to an aide. */
export type ToAide =
  | { readonly type: "PREDICT"; readonly call: CallShare }
  | {
    readonly type: "PAINT";
    /** Which picture of several, from 0. */
    readonly picture: number;
    /** A checkpoint of it that another aide has left; null: it is begun. */
    readonly from: Uint8Array | null;
  }
  /** The painter is there. */
  | { readonly type: "PING" };

/** What an aide says to its painter. */
export type ToPainter =
  /** It prepares the request. */
  | { readonly type: "COMING" }
  /** It takes work from now on. */
  | { readonly type: "READY" }
  | {
    readonly type: "PREDICTED";
    readonly call: number;
    readonly parts: readonly number[];
    /** Of each part, [1, C, h, w] of its window. */
    readonly predictions: readonly Float32Array[];
  }
  | { readonly type: "STEP"; readonly picture: number; readonly step: RelayedStep }
  | { readonly type: "PAINTED"; readonly picture: number; readonly painted: PaintedPicture }
  /** It stops in the middle of a picture, which another may go on with. */
  | { readonly type: "LEFT"; readonly picture: number; readonly checkpoint: Uint8Array | null };

/** A step as its painter is told of it. */
export type RelayedStep = Omit<GenerationStep, "checkpoint" | "regionMasks">;

/** Either side has left, or does not know of the session. */
export interface Gone {
  readonly type: "GONE";
}

/** What is said in a session. */
export type Message = ToAide | ToPainter | Gone;

/** Says things to other processes. Whatever is not heard is lost, and both sides live with that. */
export interface Exchange {
  /** What this process is called there, unlike all others. */
  readonly self: string;
  /**
   * Hears what is said to this process in a session, until it is disposed of. Resolves once it does.
   * @throws {Error} while nothing can be heard.
   */
  hear(session: string, heard: (from: string, message: Message) => void): Promise<Disposable>;
  /** Says something. Never rejects. @returns Whether that process is there. */
  say(to: string, session: string, message: Message): Promise<boolean>;
}

/** Where offers are made. Every method may reject while the others cannot be reached. */
export interface Offers {
  /** Offers a session to one idle worker; nothing where the same offer still stands. */
  offer(offer: Offer): Promise<void>;
  withdraw(offer: Offer): Promise<void>;
}
