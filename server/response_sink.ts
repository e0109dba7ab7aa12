/** The short way to a response: events are written to it as they happen. */

import type { ServerResponse } from "node:http";
import type { Batch } from "./framed_result.ts";
import type { HeldBytes } from "./held_bytes.ts";
import type { Sink } from "./outlet.ts";
import { once, SLICE, write } from "./patient_write.ts";

/** A response of server-sent events. */
export class ResponseSink implements Sink {
  #taking: Promise<void> | undefined;

  /**
   * @param stallMs Milliseconds for which the client may take nothing.
   * @param held What waits to be read by all clients.
   * @param cutOff Ends the connection.
   */
  constructor(
    private readonly outgoing: ServerResponse,
    private readonly stallMs: number,
    private readonly held: HeldBytes,
    private readonly cutOff: () => void,
  ) {}

  get free(): boolean {
    return this.#taking === undefined && !this.outgoing.destroyed;
  }

  send(batch: Batch): void {
    const bytes = batch.frames();
    if (bytes.length > SLICE) return this.#await(bytes.length, write(bytes, this.outgoing, this.stallMs));
    if (!this.outgoing.write(bytes)) this.#await(bytes.length, once("drain", this.outgoing, this.stallMs));
  }

  async whenTaken(): Promise<void> {
    await this.#taking;
  }

  #await(bytes: number, taken: Promise<void>): void {
    const release = this.held.hold(bytes, this.cutOff);
    this.#taking = taken.catch(this.cutOff).finally(() => {
      release();
      this.#taking = undefined;
    });
  }
}
