/**
 * Pictures to files on a thread of its own, so that the server's thread keeps answering.
 *
 * Permissions: reading `image/` and `errors.ts`, the worker's own modules; the codecs come as imports and need none.
 */

import { transfer } from "comlink";
import { FairQueue, OWN_TURN, type Turn } from "../workers/fair_queue.ts";
import { LiveWorker } from "../workers/live_worker.ts";
import type { EncodedImage, EncoderApi, EncodeRequest } from "./encoder_protocol.ts";
import { type Outcome, valueOf } from "./outcome.ts";
import { type Pixels, pixels } from "./pixels.ts";

export type { EncodedImage, EncodeRequest } from "./encoder_protocol.ts";

/** Two pictures are under way, so that the worker need not wait for the next; more wait here, where turns are taken. */
const LIMITS = { hands: 2, perLane: 128, inAll: 2048 };

/** Why an encoder could not encode, through no fault of the input. */
export class ImageEncoderError extends Error {
  override readonly name = "ImageEncoderError";

  /** @param code CLOSED: the encoder was closed. WORKER_FAILED: its thread died. CODEC_FAILED: the codec threw. */
  constructor(readonly code: "CLOSED" | "WORKER_FAILED" | "CODEC_FAILED", message: string) {
    super(message);
  }
}

/**
 * Encodes pictures in a worker, callers in turns. If the worker dies, what it was doing fails and the next call starts another.
 *
 * @example
 * ```ts
 * using encoder = new ImageEncoder();
 * const preview = await encoder.encode(latentPixels, { format: "WEBP", edge: 256, quality: 70 });
 * ```
 */
export class ImageEncoder {
  readonly #queue = new FairQueue(LIMITS);
  #live: LiveWorker<EncoderApi>;
  #closed = false;

  /** Starts the worker, which takes its time to load; calls may follow at once. */
  constructor() {
    this.#live = start();
  }

  /**
   * Resizes if told to, then encodes. The pixels are copied; the caller may reuse them at once.
   *
   * @throws {InvalidInputError} for malformed pixels, an edge out of range, and what `checkEncoding` rejects.
   * @param turn Whose turn it takes. Default: the server's own.
   * @throws {ImageEncoderError}
   * @throws {BusyError} if too many pictures wait.
   * @throws the reason of the turn's signal, if that aborts while the picture waits.
   */
  async encode(source: Pixels, request: EncodeRequest, turn: Turn = OWN_TURN): Promise<EncodedImage> {
    if (this.#closed) throw closedError();
    const checked = pixels(source.width, source.height, source.channels, source.data);
    const data = checked.data.slice();
    const copy: Pixels = transfer({ ...checked, data }, [data.buffer]);
    const outcome = await this.#queue.run(turn, () => {
      if (this.#live.dead) this.#live = start();
      return this.#live.call<Outcome<EncodedImage>>((api) => api.encode(copy, request));
    });
    return valueOf(outcome, (reason) => new ImageEncoderError("CODEC_FAILED", `Cannot encode image: ${reason}`));
  }

  /** Ends the worker at once. Unanswered and later calls fail with CLOSED. Closing again does nothing. */
  close(): void {
    this.#closed = true;
    this.#queue.drop(closedError());
    this.#live.end(closedError());
  }

  /** Closes the encoder at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function start(): LiveWorker<EncoderApi> {
  return new LiveWorker(
    new URL("./encoder_worker.ts", import.meta.url),
    "image",
    (message) => new ImageEncoderError("WORKER_FAILED", `Cannot encode image: the worker died: ${message}`),
  );
}

function closedError(): ImageEncoderError {
  return new ImageEncoderError("CLOSED", "Cannot encode image: the encoder is closed");
}
