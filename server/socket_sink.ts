/** The short way to a WebSocket: events are sent as messages of one operation. */

import { Buffer } from "node:buffer";
import { MessageType, stringifyMessage } from "graphql-ws";
import type { Batch } from "./framed_result.ts";
import type { Sink } from "./outlet.ts";
import type { SocketOutbox } from "./socket_outbox.ts";

/** What a message ends with behind its payload. */
const END = Buffer.from("}");

/** An operation of a socket. */
export class SocketSink implements Sink {
  readonly #begin: Buffer;

  /** @param id The operation's. */
  constructor(private readonly outbox: SocketOutbox, id: string) {
    const message = stringifyMessage({ id, type: MessageType.Next, payload: {} });
    this.#begin = Buffer.from(message.slice(0, -"{}}".length)); // what is before the payload
  }

  get free(): boolean {
    return this.outbox.free;
  }

  send({ results }: Batch): void {
    this.outbox.sendTogether(results.map(({ json }) => Buffer.concat([this.#begin, json(), END])));
  }

  whenTaken(): Promise<void> {
    return this.outbox.whenFree();
  }
}
