/** A WebSocket that sends whatever it is told to, as no good client would. */

/** A message of the protocol, as far as tests look at it. */
export interface Message {
  readonly id?: string;
  readonly type: string;
  readonly payload?: unknown;
}

/** An open socket; `using` closes it. */
export class RawSocket implements Disposable {
  readonly #received: Message[] = [];
  readonly #waiting = new Set<() => void>();
  /** How it was closed. */
  readonly closed: Promise<CloseEvent>;

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    socket.addEventListener("error", (event) => event.preventDefault());
    socket.addEventListener("message", ({ data }) => {
      this.#received.push(JSON.parse(data));
      for (const look of this.#waiting) look();
    });
  }

  /** @throws {Error} if the server does not take it. */
  static async open(url: string): Promise<RawSocket> {
    const socket = new WebSocket(url, "graphql-transport-ws");
    const raw = new RawSocket(socket);
    const opened = new Promise<boolean>((resolve) => socket.addEventListener("open", () => resolve(true)));
    if (!await Promise.race([opened, raw.closed.then(() => false)])) throw new Error("The server refused the socket");
    return raw;
  }

  sendText(text: string): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  send(message: unknown): void {
    this.sendText(JSON.stringify(message));
  }

  /** Begins as the protocol wants it. */
  async begin(): Promise<void> {
    this.send({ type: "connection_init" });
    await this.next(({ type }) => type === "connection_ack");
  }

  /**
   * The first message of a kind, come or still to come; it is taken out.
   * @throws {Error} if the socket is closed before it comes.
   */
  async next(wanted: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const at = this.#received.findIndex(wanted);
      const [found] = at === -1 ? [] : this.#received.splice(at, 1);
      if (found !== undefined) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      const left = await Promise.race([promise, this.closed]);
      this.#waiting.delete(resolve);
      if (left !== undefined) throw new Error(`The socket was closed: ${left.code} ${left.reason}`);
    }
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }
}
