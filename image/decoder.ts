/**
 * Files to pixels on a thread of its own, which keeps the server's thread free and can be ended: a small file can be
 * made to take any amount of time.
 */

import { transfer } from "comlink";
import { InvalidInputError } from "../errors.ts";
import { BusyError } from "../workers/fair_queue.ts";
import { type PaidTurn, TimedWorker } from "../workers/timed_worker.ts";
import { BudgetExceededError } from "../workers/work_budget.ts";
import type { DecodedImage, DecoderApi } from "./decoder_protocol.ts";
import { type Outcome, valueOf } from "./outcome.ts";

export type { DecodedImage } from "./decoder_protocol.ts";

/** Milliseconds after the latest file until the worker is ended. */
const IDLE_MS = 5000;

/** Files that may wait, of one caller and in all: each holds its bytes. */
const WAITING = { perLane: 8, inAll: 64 };

/** Pixels from which the worker is ended at once: one after the other would take ever more memory. */
const LARGE = 2 ** 22;

/** What a decoder accepts. */
export interface DecoderLimits {
  /** The most pixels of a picture. */
  readonly maxPixels: number;
  /** Milliseconds that one file may take; default 20,000. */
  readonly timeLimitMs?: number;
}

/** A file was to be decoded after {@link ImageDecoder.close}. */
export class ImageDecoderClosedError extends Error {
  override readonly name = "ImageDecoderClosedError";
  readonly code = "CLOSED";

  constructor() {
    super("Cannot decode image: the decoder is closed");
  }
}

/** What decoding fails with as it is. */
const EXPECTED = [InvalidInputError, ImageDecoderClosedError, BusyError, BudgetExceededError] as const;

/**
 * Decodes one file after the other in a worker, so that none takes another's time or memory. A worker that a file
 * brought down or kept busy is replaced, and one without work is ended, since its memory does not shrink.
 *
 * @example
 * ```ts
 * using decoder = new ImageDecoder({ maxPixels: 2 ** 24 });
 * const { format, pixels } = await decoder.decode(await Deno.readFile("mask.png"));
 * ```
 */
export class ImageDecoder {
  readonly #timeLimitMs: number;
  readonly #worker: TimedWorker<DecoderApi>;

  /** The worker starts with the first file. */
  constructor(readonly limits: DecoderLimits) {
    const { timeLimitMs = 20_000 } = limits;
    this.#timeLimitMs = timeLimitMs;
    this.#worker = new TimedWorker({
      script: new URL("./decoder_worker.ts", import.meta.url),
      name: "decoder",
      timeLimitMs,
      idleMs: IDLE_MS,
      limits: WAITING,
      closed: () => new ImageDecoderClosedError(),
    });
  }

  /**
   * Decodes a PNG, JPEG or WebP file. Its bytes stay the caller's, who must not change them meanwhile.
   *
   * @throws {InvalidInputError} at `image`, for every file that does not decode within the limits.
   * @throws {BusyError} if too many files wait.
   * @throws {BudgetExceededError} if the turn's budget is spent.
   * @throws {ImageDecoderClosedError}
   * @throws the reason of the turn's signal once that aborts, which also ends the decoding.
   */
  async decode(file: Uint8Array, turn?: PaidTurn): Promise<DecodedImage> {
    const size = file.length;
    const seconds = this.#timeLimitMs / 1000;
    try {
      const outcome = await this.#worker.call<Outcome<DecodedImage>>(
        (api) => {
          const copy = new Uint8Array(file); // now, since files that wait would take twice the memory
          return api.decode(transfer(copy, [copy.buffer]), this.limits.maxPixels);
        },
        {
          late: () =>
            new InvalidInputError("INVALID_VALUE", ["image"], `${size} bytes`, `must decode within ${seconds} s`),
          last: isLarge,
          turn,
        },
      );
      return valueOf(outcome, (reason) => undecodable(size, reason));
    } catch (error) {
      if (turn?.signal?.aborted || EXPECTED.some((type) => error instanceof type)) throw error;
      // The worker died, and the fault is laid on the file that it had.
      throw undecodable(size, error instanceof Error ? error.message : String(error));
    }
  }

  /** Ends the worker at once. Unanswered and later calls fail. Closing again does nothing. */
  close(): void {
    this.#worker.close();
  }

  /** Closes the decoder at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }
}

function isLarge(outcome: Outcome<DecodedImage>): boolean {
  return outcome.type === "DONE" && outcome.value.pixels.width * outcome.value.pixels.height > LARGE;
}

function undecodable(size: number, reason: string): InvalidInputError {
  return new InvalidInputError(
    "INVALID_VALUE",
    ["image"],
    `${size} bytes`,
    `must be an image that decodes (${reason})`,
  );
}
