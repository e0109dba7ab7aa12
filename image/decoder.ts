/**
 * Files to pixels on a thread of its own, which keeps the server's thread free and can be ended: a small file can be
 * made to take any amount of time.
 */

import { transfer } from "comlink";
import { InvalidInputError } from "../errors.ts";
import { LiveWorker } from "../live_worker.ts";
import type { DecodedImage, DecoderApi } from "./decoder_protocol.ts";
import { type Outcome, valueOf } from "./outcome.ts";

export type { DecodedImage } from "./decoder_protocol.ts";

/** Milliseconds after the latest file until the worker is ended. */
const IDLE_MS = 5000;

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
  #live: LiveWorker<DecoderApi> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #latest: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** The worker starts with the first file. */
  constructor(readonly limits: DecoderLimits) {
    this.#timeLimitMs = limits.timeLimitMs ?? 20_000;
  }

  /**
   * Decodes a PNG, JPEG or WebP file. The bytes are copied; the caller may reuse them at once.
   *
   * @throws {InvalidInputError} at `image`, for every file that does not decode within the limits.
   * @throws {ImageDecoderClosedError}
   */
  decode(file: Uint8Array): Promise<DecodedImage> {
    const copy = new Uint8Array(file);
    const decoded = this.#latest.then(() => this.#decode(copy));
    this.#latest = decoded.catch(() => {});
    return decoded;
  }

  /** Ends the worker at once. Unanswered and later calls fail. Closing again does nothing. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#idle);
    this.#live?.end(new ImageDecoderClosedError());
  }

  /** Closes the decoder at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  async #decode(file: Uint8Array<ArrayBuffer>): Promise<DecodedImage> {
    if (this.#closed) throw new ImageDecoderClosedError();
    clearTimeout(this.#idle);
    const size = file.length;
    const { maxPixels } = this.limits;
    const live = this.#worker();
    const seconds = this.#timeLimitMs / 1000;
    const late = new InvalidInputError("INVALID_VALUE", ["image"], `${size} bytes`, `must decode within ${seconds} s`);
    const timer = setTimeout(() => live.end(late), this.#timeLimitMs);
    try {
      const outcome = await live.call<Outcome<DecodedImage>>((api) =>
        api.decode(transfer(file, [file.buffer]), maxPixels)
      );
      const decoded = valueOf(outcome, (reason) => undecodable(size, reason));
      if (decoded.pixels.width * decoded.pixels.height > LARGE) live.end(new ImageDecoderClosedError());
      return decoded;
    } catch (error) {
      if (error instanceof InvalidInputError || error instanceof ImageDecoderClosedError) throw error;
      // The worker died, and the fault is laid on the file that it had.
      throw undecodable(size, error instanceof Error ? error.message : String(error));
    } finally {
      clearTimeout(timer);
      if (!this.#closed) this.#idle = setTimeout(() => live.end(new ImageDecoderClosedError()), IDLE_MS);
    }
  }

  /** The worker, or its successor if it died. */
  #worker(): LiveWorker<DecoderApi> {
    if (this.#live === undefined || this.#live.dead) {
      const script = new URL("./decoder_worker.ts", import.meta.url);
      this.#live = new LiveWorker(script, "decoder");
    }
    return this.#live;
  }
}

function undecodable(size: number, reason: string): InvalidInputError {
  return new InvalidInputError(
    "INVALID_VALUE",
    ["image"],
    `${size} bytes`,
    `must be an image that decodes (${reason})`,
  );
}
