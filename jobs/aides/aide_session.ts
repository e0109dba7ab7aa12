/** What an aide and its painter say to each other, from the aide's side: until one of them leaves, or says nothing any more. */

import type { Exchange, Message, Offer, ToAide, ToPainter } from "./exchange.ts";
import { Inbox } from "./inbox.ts";

/** Milliseconds after which a painter that says nothing is gone: it says something every 2 s. */
const SILENT_MS = 8000;

/** A session of an aide; `await using` leaves it. */
export class AideSession implements AsyncDisposable {
  readonly #inbox = new Inbox<ToAide>();
  readonly #ends: (() => void)[] = [];
  #hearing: Disposable | undefined;
  #heardAt = performance.now();
  #over = false;

  private constructor(private readonly exchange: Exchange, private readonly offer: Offer) {}

  /** @throws {Error} while nothing can be heard. */
  static async open(exchange: Exchange, offer: Offer): Promise<AideSession> {
    const session = new AideSession(exchange, offer);
    session.#hearing = await exchange.hear(offer.session, (from, message) => {
      if (from === offer.painter) session.#heard(message);
    });
    return session;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Calls back when the session ends; at once where it has. */
  onEnd(call: () => void): void {
    this.#ends.push(call);
    if (this.#over) call();
  }

  /** Says something. Where nobody hears it the session is over. */
  async say(message: ToPainter): Promise<boolean> {
    this.#listen();
    const heard = await this.exchange.say(this.offer.painter, this.offer.session, message);
    if (!heard) this.end();
    return heard;
  }

  /** What the painter wants next; null after some milliseconds, and at the end. */
  async next(ms: number, signal: AbortSignal): Promise<ToAide | null> {
    this.#listen();
    return this.#over ? null : await this.#inbox.take(ms, signal);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#inbox.close();
    for (const call of this.#ends) call();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#over) await this.exchange.say(this.offer.painter, this.offer.session, { type: "GONE" });
    this.end();
    this.#hearing?.[Symbol.dispose]();
  }

  /** A painter that has been silent for long is gone. */
  #listen(): void {
    if (performance.now() - this.#heardAt > SILENT_MS) this.end();
  }

  #heard(message: Message): void {
    this.#heardAt = performance.now();
    if (message.type === "GONE") this.end();
    else if (message.type === "PREDICT" || message.type === "PAINT") this.#inbox.put(message);
  }
}
