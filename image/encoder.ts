/**
 * Pictures to files on a thread of its own, so that the server's thread keeps answering.
 *
 * Permissions: reading `image/` and `errors.ts`, the worker's own modules; the codecs come as imports and need none.
 */

import { type Remote, transfer, wrap } from "comlink";
import { InvalidInputError } from "../errors.ts";
import type { EncodedImage, EncodeOutcome, EncoderApi, EncodeRequest } from "./encoder_protocol.ts";
import { type Pixels, pixels } from "./pixels.ts";

export type { EncodedImage, EncodeRequest } from "./encoder_protocol.ts";

/** Why an encoder could not encode, through no fault of the input. */
export class ImageEncoderError extends Error {
  override readonly name = "ImageEncoderError";

  /** @param code CLOSED: the encoder was closed. WORKER_FAILED: its thread died. CODEC_FAILED: the codec threw. */
  constructor(readonly code: "CLOSED" | "WORKER_FAILED" | "CODEC_FAILED", message: string) {
    super(message);
  }
}

/**
 * Encodes pictures in a worker. If the worker dies, what it was doing fails and the next call starts another.
 *
 * @example
 * ```ts
 * using encoder = new ImageEncoder();
 * const preview = await encoder.encode(latentPixels, { format: "WEBP", edge: 256, quality: 70 });
 * ```
 */
export class ImageEncoder {
  /** Comlink's calls into a worker that ends are never settled, so each waits here for that as well. */
  readonly #pending = new Set<(error: ImageEncoderError) => void>();
  #live: { readonly worker: Worker; readonly api: Remote<EncoderApi> } | undefined;
  #closed = false;

  /** Starts the worker, which takes its time to load; calls may follow at once. */
  constructor() {
    this.#live = this.#start();
  }

  /** How many calls are unanswered: what to look at before adding a preview that would be stale. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Resizes if told to, then encodes. The pixels are copied; the caller may reuse them at once.
   *
   * @throws {InvalidInputError} for malformed pixels, an edge out of range, and what `checkEncoding` rejects.
   * @throws {ImageEncoderError}
   */
  async encode(source: Pixels, request: EncodeRequest): Promise<EncodedImage> {
    if (this.#closed) throw closedError();
    const checked = pixels(source.width, source.height, source.channels, source.data);
    const data = checked.data.slice();
    const copy: Pixels = transfer({ ...checked, data }, [data.buffer]);
    const { api } = this.#live ??= this.#start();
    const { promise, resolve, reject } = Promise.withResolvers<EncodeOutcome>();
    this.#pending.add(reject);
    api.encode(copy, request).then(resolve, reject);
    try {
      return imageOf(await promise);
    } finally {
      this.#pending.delete(reject);
    }
  }

  /** Ends the worker at once. Unanswered and later calls fail with CLOSED. Closing again does nothing. */
  close(): void {
    this.#closed = true;
    this.#stop(closedError());
  }

  /** Closes the encoder at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  #start(): { worker: Worker; api: Remote<EncoderApi> } {
    const worker = new Worker(new URL("./encoder_worker.ts", import.meta.url), { type: "module", name: "image" });
    worker.addEventListener("error", (event) => {
      event.preventDefault(); // an unhandled error of a worker would end the process
      this.#stop(new ImageEncoderError("WORKER_FAILED", `Cannot encode image: the worker died: ${event.message}`));
    });
    return { worker, api: wrap<EncoderApi>(worker) };
  }

  #stop(error: ImageEncoderError): void {
    this.#live?.worker.terminate();
    this.#live = undefined;
    for (const reject of this.#pending) reject(error);
  }
}

function imageOf(outcome: EncodeOutcome): EncodedImage {
  switch (outcome.type) {
    case "DONE":
      return outcome.image;
    case "INVALID":
      throw new InvalidInputError(outcome.code, outcome.path, outcome.value, outcome.rule);
    case "FAILED":
      throw new ImageEncoderError("CODEC_FAILED", `Cannot encode image: ${outcome.reason}`);
  }
}

function closedError(): ImageEncoderError {
  return new ImageEncoderError("CLOSED", "Cannot encode image: the encoder is closed");
}
