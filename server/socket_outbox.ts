/** What is being sent over a WebSocket: no faster than its client reads, and not for ever to one that does not. */

// @ts-types="@types/ws"
import type { WebSocket } from "ws";
import type { Duplex } from "node:stream";
import type { HeldBytes } from "./held_bytes.ts";

/** Bytes that may wait to be sent; messages beyond wait where they are made. */
const MAX_BUFFERED = 2 ** 20;
/** Messages are text, also where they are made as bytes. */
const TEXT = { binary: false };
/** Milliseconds between looks at a socket whose buffer is full. */
const LOOK_MS = 50;

/** "Try again later": the client does not read. Source: https://www.iana.org/assignments/websocket */
const TRY_AGAIN_LATER = 1013;

/** Sends messages in turn. */
export class SocketOutbox {
  #last: Promise<void> = Promise.resolve();
  /** Those that are in turn, or wait for room behind them. */
  #inTurn = 0;

  /**
   * @param connection What the socket writes to.
   * @param held What waits to be read by all clients.
   * @param stallTimeout Milliseconds for which the client may take nothing.
   */
  constructor(
    private readonly socket: WebSocket,
    private readonly connection: Duplex,
    private readonly held: HeldBytes,
    private readonly stallTimeout: number,
  ) {}

  /** Whether nothing is in turn, so that messages may be sent at once. */
  get free(): boolean {
    return this.#inTurn === 0 && this.socket.readyState === this.socket.OPEN;
  }

  /** Resolves when nothing is in turn that is now. */
  whenFree(): Promise<void> {
    return this.#last;
  }

  /** Sends a message; resolves once there is room for the next, or the socket is closed. */
  send(message: string): Promise<void> {
    return this.#takeTurn(() => {
      const { socket } = this;
      if (socket.readyState === socket.OPEN) socket.send(message, this.#hold(message.length));
    });
  }

  /** Sends messages in one go. Only while it is free. */
  sendTogether(messages: readonly Uint8Array[]): void {
    const { socket, connection } = this;
    const release = this.#hold(messages.reduce((sum, { length }) => sum + length, 0));
    connection.cork();
    messages.forEach((message, i) => socket.send(message, TEXT, i === messages.length - 1 ? release : undefined));
    connection.uncork();
    if (this.socket.bufferedAmount > MAX_BUFFERED) void this.#takeTurn(() => {});
  }

  #takeTurn(write: () => void): Promise<void> {
    this.#inTurn++;
    this.#last = this.#last.then(async () => {
      write();
      await this.#untilThereIsRoom();
    }).finally(() => this.#inTurn--);
    return this.#last;
  }

  /** What is to be called when these bytes are sent, or cannot be sent any more. */
  #hold(bytes: number): () => void {
    return this.held.hold(bytes, () => this.#cutOff());
  }

  async #untilThereIsRoom(): Promise<void> {
    const { socket } = this;
    if (socket.bufferedAmount <= MAX_BUFFERED) return;
    socket.pause(); // a client that does not read has nothing more to ask for
    let least = socket.bufferedAmount;
    let since = performance.now();
    while (socket.readyState === socket.OPEN && socket.bufferedAmount > MAX_BUFFERED) {
      if (socket.bufferedAmount < least) {
        least = socket.bufferedAmount;
        since = performance.now();
      }
      if (performance.now() - since > this.stallTimeout) {
        return this.#cutOff();
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    if (socket.readyState === socket.OPEN) socket.resume();
  }

  #cutOff(): void {
    this.socket.close(TRY_AGAIN_LATER, "Too slow");
    this.socket.terminate(); // the close frame would wait behind everything else
  }
}
