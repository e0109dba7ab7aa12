/** The painter's side of a session: its offer stands as long as there is work for another aide. */

import { getLogger } from "@logtape/logtape";
import type { Exchange, Message, Offer, Offers, ToPainter } from "./exchange.ts";

const log = getLogger(["parterre", "jobs", "aides"]);

/** Milliseconds between two signs of life to the aides; the offer is made again as often, if nobody has it. */
const PING_MS = 2000;

/** Milliseconds that an aide may take to prepare itself. */
const COMING_MS = 60_000;

/** So many who come and cannot help, having other files for instance, end the offer. */
const REFUSALS = 3;

/** What it works over. */
export interface SessionServices {
  readonly exchange: Exchange;
  readonly offers: Offers;
}

/** What is done with aides. */
export interface SessionListener {
  /** An aide takes work from now on. */
  joined(aide: string): void;
  /** An aide takes no more, and what it had is lost. */
  left(aide: string): void;
  heard(aide: string, message: ToPainter): void;
}

/** A session from the painter's offer to its end. Nothing in it makes the painter wait. */
export class PainterSession {
  /** By name; since when they are on their way, or null once they are ready. */
  readonly #aides = new Map<string, number | null>();
  readonly #timer: ReturnType<typeof setInterval>;
  #hearing: Disposable | undefined;
  #offer: Offer | null = null;
  /** One after the other. */
  #offering: Promise<void> = Promise.resolve();
  readonly #dismissed = new Set<string>();
  /** How often somebody came who could not help after all. */
  #refused = 0;
  #over = false;

  /**
   * @param name Names it, unlike all others.
   * @param makeOffer What is offered; null as long as it is not worth it. Asked until there is something.
   * @param most How many aides have something to do at once.
   */
  constructor(
    private readonly services: SessionServices,
    private readonly name: string,
    private readonly makeOffer: () => Promise<Offer | null>,
    private readonly most: number,
    private readonly listener: SessionListener,
  ) {
    this.#timer = setInterval(() => this.#tick(), PING_MS);
    this.#offerAgain();
  }

  /** Those that take work, in the order in which they came. */
  get ready(): readonly string[] {
    return [...this.#aides].flatMap(([aide, coming]) => coming === null ? [aide] : []);
  }

  /** Says something to an aide. One that is not there any more has left. */
  async say(aide: string, message: Message): Promise<boolean> {
    const { exchange } = this.services;
    const heard = await exchange.say(aide, this.name, message);
    if (!heard) this.drop(aide);
    return heard;
  }

  /** Does without an aide. */
  drop(aide: string): void {
    const coming = this.#aides.get(aide);
    if (coming === undefined) return;
    this.#aides.delete(aide);
    void this.services.exchange.say(aide, this.name, { type: "GONE" });
    if (coming === null) this.listener.left(aide);
  }

  /** Does without an aide, also if it comes again. */
  dismiss(aide: string): void {
    this.#dismissed.add(aide);
    this.drop(aide);
  }

  /** Ends it: aides are sent away, and nobody else comes. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#timer);
    for (const aide of [...this.#aides.keys()]) this.drop(aide);
    this.#leave().catch((error) => log.debug("Not withdrawn: {error}", { error }));
  }

  #tick(): void {
    for (const [aide, coming] of this.#aides) {
      if (coming !== null && performance.now() - coming > COMING_MS) this.drop(aide);
      else void this.say(aide, { type: "PING" });
    }
    this.#offerAgain();
  }

  /** Makes the offer, or sees that it stands, while there is work for another one. */
  #offerAgain(): void {
    this.#offering = this.#offering
      .then(() => this.#offerOnce())
      .catch((error) => log.debug("No offer for now: {error}", { error }));
  }

  async #offerOnce(): Promise<void> {
    const offer = this.#offer ??= await this.makeOffer();
    if (offer === null || this.#over || this.#aides.size >= this.most || this.#refused >= REFUSALS) return;
    const { exchange, offers } = this.services;
    this.#hearing ??= await exchange.hear(this.name, (from, message) => this.#heard(from, message));
    if (!this.#over) await offers.offer(offer);
    if (this.#over) await this.#leave();
  }

  /** Leaves nothing behind, in whichever order things ended. */
  async #leave(): Promise<void> {
    this.#hearing?.[Symbol.dispose]();
    if (this.#offer !== null) await this.services.offers.withdraw(this.#offer);
  }

  #heard(from: string, message: Message): void {
    if (this.#over) return;
    switch (message.type) {
      case "COMING":
        this.#aides.set(from, performance.now());
        if (this.#dismissed.has(from)) this.#refused++;
        if (this.#aides.size > this.most || this.#dismissed.has(from)) return this.drop(from);
        return this.#offerAgain();
      case "READY":
        if (!this.#aides.has(from)) return void this.services.exchange.say(from, this.name, GONE);
        this.#aides.set(from, null);
        log.debug("{aide} helps", { aide: from });
        return this.listener.joined(from);
      case "GONE":
        if (typeof this.#aides.get(from) === "number") this.#refused++;
        return this.drop(from);
      case "PREDICTED":
      case "STEP":
      case "PAINTED":
        return this.listener.heard(from, message);
      case "LEFT":
        this.listener.heard(from, message);
        return this.drop(from);
    }
  }
}

const GONE = { type: "GONE" } as const;
