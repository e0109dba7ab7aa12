/** How far a generation has come, kept beside its painting and found again by whoever paints it next. */

import { getLogger } from "@logtape/logtape";
import { BrokenCheckpointError } from "../compute/pipeline/checkpoint.ts";
import { allStepsTaken } from "../compute/pipeline/second_request.ts";
import type { Compute } from "../compute/worker/compute.ts";
import { type ComputedBy, unpackPicture } from "../compute/worker/picture_checkpoint.ts";
import { type CheckpointStamp, foreignness, stampOf } from "./checkpoint_stamp.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { isPaintedPicture, type PaintedPicture } from "./painted_picture.ts";
import type { MadeModels } from "./made.ts";
import { stepsInAll } from "./pictures.ts";
import { sealed, unsealed } from "./sealed.ts";
import { pauseUntil } from "./until_stored.ts";
import type { Claim } from "./work_queue.ts";

const log = getLogger(["parterre", "jobs", "checkpoints"]);

/** What it works with. */
export interface ProgressServices {
  readonly checkpoints: Checkpoints;
  readonly models: MadeModels;
  readonly compute: Pick<Compute, "runtime">;
}

/** How an attempt begins. */
export interface Beginning {
  /** Pictures that are done already, by their places from 0: others may have painted later ones before. */
  readonly pictures: ReadonlyMap<number, PaintedPicture>;
  /** A picture that is gone on with, and from what; null: all others are begun. */
  readonly from: { readonly picture: number; readonly state: Uint8Array; readonly step: number } | null;
  /** Steps that are completed, of all pictures. */
  readonly step: number;
  /** What there is to say of it; null where nothing was kept. */
  readonly reason: string | null;
}

/** The name of the state of the picture that is being painted. */
const STATE = "state";

/** The name of a picture that is done, from 0. */
function pictureName(i: number): string {
  return `picture-${i}`;
}

interface KeptState {
  readonly stamp: CheckpointStamp;
  /** Which picture it is of, from 0. */
  readonly picture: number;
  readonly state: Uint8Array;
}

interface KeptPicture {
  readonly stamp: CheckpointStamp;
  readonly picture: PaintedPicture;
}

/** What one worker keeps of one generation. */
export class KeptProgress {
  /** By name: what is to be written, the latest of each. */
  readonly #waiting = new Map<string, () => Promise<Uint8Array>>();
  #writing: Promise<void> | undefined;
  #failed = false;

  constructor(private readonly claim: Claim, private readonly services: ProgressServices) {}

  /** Looks for what an earlier attempt kept. Never rejects: what cannot be used is said, and the attempt begins anew. */
  async begin(): Promise<Beginning> {
    const { generation: { id } } = this.claim;
    try {
      const kept = await this.services.checkpoints.latest(id);
      return kept.size === 0 ? ANEW : await this.#read(kept);
    } catch (error) {
      log.error("Cannot read the checkpoints of {id}: {error}", { id, error });
      return { ...ANEW, reason: "begins anew: its checkpoints cannot be read" };
    }
  }

  /** Keeps where a picture stands; what was kept of it before is not needed then. Written in the background. */
  keepState(picture: number, state: Uint8Array): void {
    this.#write(STATE, async () => {
      const stamp = await this.#stamp(unpackPicture(state).by);
      return await sealed({ stamp, picture, state } satisfies KeptState);
    });
  }

  /** Keeps a picture that is done, of several. Written in the background. */
  keepPicture(i: number, picture: PaintedPicture): void {
    this.#write(pictureName(i), async () => {
      return await sealed({ stamp: await this.#stamp(), picture } satisfies KeptPicture);
    });
  }

  /** Resolves when everything is written or could not be, or after a time in milliseconds. */
  async written(withinMs: number): Promise<void> {
    if (this.#writing !== undefined) await pauseUntil(this.#writing, withinMs);
  }

  /** Removes everything: the generation has ended. Never rejects: what is left behind is removed later. */
  async forget(): Promise<void> {
    const { generation: { id } } = this.claim;
    this.#waiting.clear();
    await this.#writing;
    await this.services.checkpoints.forget(id)
      .catch((error) => log.warn("Cannot remove the checkpoints of {id}: {error}", { id, error }));
  }

  /** The pictures that are done, and the state of another one, as far as they can be used. */
  async #read(kept: ReadonlyMap<string, Uint8Array>): Promise<Beginning> {
    const { request } = this.claim.generation;
    const here = await this.#stamp();
    const pictures = new Map<number, PaintedPicture>();
    let from: Beginning["from"] = null;
    let unusable: string | null = null;
    try {
      for (let i = 0; i < (request.count ?? 1); i++) {
        const bytes = kept.get(pictureName(i));
        if (bytes === undefined) continue;
        const { picture } = await opened<KeptPicture>(bytes, here);
        if (!isPaintedPicture(picture, request)) throw new BrokenCheckpointError("it holds no picture of the request");
        pictures.set(i, picture);
      }
      const bytes = kept.get(STATE);
      const { picture, state } = bytes === undefined ? NO_STATE : await opened<KeptState>(bytes, here);
      if (picture !== null && !pictures.has(picture)) {
        const { completed } = unpackPicture(state).state;
        if (!(completed <= allStepsTaken(request))) {
          throw new BrokenCheckpointError("it has more steps than the request");
        }
        from = { picture, state, step: completed };
      }
    } catch (error) {
      if (!(error instanceof BrokenCheckpointError || error instanceof ForeignCheckpointError)) throw error;
      unusable = error.reason;
      await this.#replace(pictures);
    }
    const step = pictures.size * allStepsTaken(request) + (from?.step ?? 0);
    const begins = step === 0 ? "begins anew" : `continues after step ${step} of ${stepsInAll(request)}`;
    return { pictures, from, step, reason: unusable === null ? begins : `${begins}: of a checkpoint, ${unusable}` };
  }

  /** Removes what cannot be used, whoever wrote it: under a later token it would be in the way of what is kept from now on. */
  async #replace(pictures: Beginning["pictures"]): Promise<void> {
    await this.services.checkpoints.forget(this.claim.generation.id);
    for (const [i, picture] of pictures) this.keepPicture(i, picture);
  }

  #stamp(by?: ComputedBy): Promise<CheckpointStamp> {
    const { models, compute } = this.services;
    return stampOf(this.claim.generation.request, models, compute, by);
  }

  #write(name: string, make: () => Promise<Uint8Array>): void {
    this.#waiting.set(name, make);
    this.#writing ??= this.#writeAll().finally(() => this.#writing = undefined);
  }

  async #writeAll(): Promise<void> {
    const { generation: { id }, token } = this.claim;
    for (let next; (next = this.#waiting.entries().next().value) !== undefined;) {
      const [name, make] = next;
      this.#waiting.delete(name);
      try {
        await this.services.checkpoints.save(id, token, name, await make());
      } catch (error) {
        // The picture is worth more than what would be saved of it.
        if (!this.#failed) log.error("Cannot keep checkpoints of {id}: {error}", { id, error });
        this.#failed = true;
      }
    }
  }
}

/** Of a generation of which no state is kept. */
const NO_STATE = { picture: null, state: new Uint8Array() } as const;

/** From the start. */
const ANEW: Beginning = { pictures: new Map(), from: null, step: 0, reason: null };

/** A checkpoint of another version, provider, model or request. */
class ForeignCheckpointError extends Error {
  override readonly name = "ForeignCheckpointError";
  readonly code = "FOREIGN_CHECKPOINT";

  /** @param reason The end of a sentence about the checkpoint. */
  constructor(readonly reason: string) {
    super(`Cannot go on from a checkpoint: ${reason}`);
  }
}

/** @throws {BrokenCheckpointError} {@link ForeignCheckpointError} if it cannot be used here. */
async function opened<Kept extends { readonly stamp: CheckpointStamp }>(
  bytes: Uint8Array,
  here: CheckpointStamp,
): Promise<Kept> {
  const kept = await unsealed(bytes) as Kept; // its hash says that it is what was written
  const reason = foreignness(kept.stamp, here);
  if (reason !== null) throw new ForeignCheckpointError(reason);
  return kept;
}
