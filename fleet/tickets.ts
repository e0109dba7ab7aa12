/**
 * Tickets: one for each generation that waits, in a BullMQ queue per model. A ticket says that there is something to be
 * claimed, not what: who takes it claims the generation of its model whose turn it is, in the records. So tickets that
 * are lost, doubled or stale cost time, never a generation. Offers to compute parts of others' pictures are handed out in
 * the same way, to those for whom there is no ticket.
 */

import { getLogger } from "@logtape/logtape";
import { type JobsOptions, Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import type { Offer, Offers } from "../jobs/aides/exchange.ts";
import { inTime } from "../workers/in_time.ts";
import type { FleetRedis } from "./redis.ts";
import { RedisAwayError } from "./redis_away_error.ts";

const log = getLogger(["parterre", "fleet"]);

/** How long a wait blocks, in seconds, before all queues are looked at once more. */
const BLOCK_SECONDS = 5;

/** Milliseconds that a ticket is held at most, between its being taken and the claim; then others get it. */
const HOLD_MS = 30_000;

/** How long a ticket may wait by default, in milliseconds, before it goes before those of models that are in memory. */
const PATIENCE_MS = 30_000;

/** How long BullMQ may take to be ready, in milliseconds. */
const READY_MS = 3000;

/** A ticket that is used is gone. */
const TICKET: JobsOptions = { removeOnComplete: true, removeOnFail: true };

/** What is queued: which generation made the ticket is of no meaning, but two for one would be one too many. */
export interface Wanted {
  readonly id: string;
  readonly model: string;
}

/** Models in the order in which a worker wants their tickets. */
export interface Preference {
  /** In memory. */
  readonly warm: readonly string[];
  /** Those that it can load. */
  readonly cold: readonly string[];
  /** Models for which it takes up offers, see {@link Tickets.offer}, where there is no ticket; default: none. */
  readonly offers?: { readonly kind: string; readonly models: readonly string[] };
}

/** A queue: of a model's tickets, or of the offers of one kind for it. */
interface Place {
  readonly model: string;
  /** Null for tickets. */
  readonly kind: string | null;
}

/** Hands out tickets. Every method may reject while Redis is away. */
export class Tickets implements Offers {
  readonly #queues: Ready<Queue>;
  readonly #takers: Ready<Worker>;
  readonly #adding = new Set<Promise<void>>();
  #blocking: Redis | undefined;
  /** Names the holder to BullMQ. */
  readonly #holder = crypto.randomUUID();

  /** @param patienceMs How long a ticket may wait before it goes before those of models that are in memory. */
  constructor(private readonly redis: FleetRedis, private readonly patienceMs = PATIENCE_MS) {
    this.#queues = new Ready(redis);
    this.#takers = new Ready(redis);
  }

  /** Adds tickets; a generation that has one gets no other. */
  async add(wanted: readonly Wanted[]): Promise<void> {
    const adding = this.#add(wanted);
    this.#adding.add(adding);
    try {
      await adding;
    } finally {
      this.#adding.delete(adding);
    }
  }

  async #add(wanted: readonly Wanted[]): Promise<void> {
    const timestamp = this.redis.now();
    for (const [model, ofModel] of Map.groupBy(wanted, (one) => one.model)) {
      const jobs = ofModel.map(({ id }) => ({ name: "paint", data: {}, opts: { ...TICKET, jobId: id, timestamp } }));
      await (await this.#queue(ticketsOf(model))).addBulk(jobs);
    }
  }

  /** How many tickets a model has, those in somebody's hands included. */
  async count(model: string): Promise<number> {
    return await (await this.#queue(ticketsOf(model))).getJobCountByTypes("wait", "active");
  }

  /**
   * Takes a ticket, once there is one, and uses it up: those of models in memory first, unless another has waited for
   * long. Waiting costs Redis nothing, and one ticket wakes one worker.
   * @returns The ticket's model, or an offer; null when `signal` aborts, or when nothing came for some seconds.
   */
  async take(preference: Preference, signal: AbortSignal): Promise<string | Offer | null> {
    const { kind = null, models = [] } = preference.offers ?? {};
    const places = [...await this.#ticketsInOrder(preference), ...models.map((model) => ({ model, kind }))];
    const taken = await this.#takeNow(places, signal);
    if (taken !== null || signal.aborted) return taken;
    const woken = await this.#whenAdded(places, signal);
    if (woken === null) return null;
    return await this.#takeNow([woken, ...places.filter((place) => place !== woken)], signal);
  }

  /** Takes a ticket if there is one now. @returns Its model; null for none. */
  async takeTicket(preference: Preference, signal: AbortSignal): Promise<string | null> {
    const taken = await this.#takeNow(await this.#ticketsInOrder(preference), signal);
    return typeof taken === "string" ? taken : null;
  }

  /** See {@link Offers}: one idle worker that has the model takes it up. */
  async offer(offer: Offer): Promise<void> {
    await (await this.#queue(offer)).add("aid", offer, { ...TICKET, jobId: offer.session });
  }

  async withdraw(offer: Offer): Promise<void> {
    await (await this.#queue(offer)).remove(offer.session);
  }

  /** Ends every wait, once what is being added is there; tickets stay. */
  async close(): Promise<void> {
    this.#blocking?.disconnect();
    await Promise.allSettled(this.#adding);
    await Promise.all([this.#takers.close(), this.#queues.close()]);
  }

  async #takeNow(places: readonly Place[], signal: AbortSignal): Promise<string | Offer | null> {
    for (const place of places) {
      if (signal.aborted) return null;
      const job = await (await this.#taker(place)).getNextJob(this.#holder, { block: false });
      if (job === undefined) continue;
      await job.moveToCompleted(null, this.#holder, false);
      return place.kind === null ? place.model : job.data as Offer;
    }
    return null;
  }

  /**
   * Blocks until one of the queues has something. BullMQ's own wait is for one queue alone; it blocks on this same key,
   * which BullMQ sets with a queue's first job and again with each that is taken from a queue that has more.
   */
  async #whenAdded(places: readonly Place[], signal: AbortSignal): Promise<Place | null> {
    if (places.length === 0) return null;
    const blocking = this.#blocking ??= this.redis.connect();
    const keys = await Promise.all(places.map(async (place) => (await this.#queue(place)).toKey("marker")));
    const stop = () => {
      blocking.disconnect();
      if (this.#blocking === blocking) this.#blocking = undefined;
    };
    signal.addEventListener("abort", stop);
    try {
      if (signal.aborted) return null;
      // A connection may be gone without anybody having been told.
      const woken = await inTime(blocking.bzpopmin(...keys, BLOCK_SECONDS), 1000 * BLOCK_SECONDS + 3000);
      return woken === null ? null : places[keys.indexOf(woken[0])] ?? null;
    } catch (error) {
      if (signal.aborted) return null;
      stop();
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #ticketsInOrder({ warm, cold }: Preference): Promise<readonly Place[]> {
    if (warm.length === 0 || cold.length === 0) return [...warm, ...cold].map(ticketsOf);
    const now = this.redis.now();
    const waits = await Promise.all(cold.map(async (model) => ({ model, since: await this.#oldest(model) })));
    const longest = waits.filter(({ since }) => now - since > this.patienceMs).sort((a, b) => a.since - b.since);
    const urgent = longest.map(({ model }) => model);
    return [...urgent, ...warm, ...cold.filter((model) => !urgent.includes(model))].map(ticketsOf);
  }

  /** When the ticket was added that waits longest, by Redis's clock, in milliseconds since the epoch; infinite if none waits. */
  async #oldest(model: string): Promise<number> {
    const [job] = await (await this.#queue(ticketsOf(model))).getJobs(["wait"], 0, 0, true);
    return job?.timestamp ?? Infinity;
  }

  #queue(place: Place): Promise<Queue> {
    const name = queueName(place);
    return this.#queues.get(name, () =>
      new Queue(name, {
        connection: this.redis.commands,
        prefix: this.#prefix,
        streams: { events: { maxLen: 100 } }, // which nobody reads
      }));
  }

  #taker(place: Place): Promise<Worker> {
    const name = queueName(place);
    return this.#takers.get(name, () => {
      const taker = new Worker(name, null, {
        connection: this.redis.commands,
        prefix: this.#prefix,
        autorun: false,
        lockDuration: HOLD_MS,
        stalledInterval: HOLD_MS,
      });
      // Tickets in the hands of a process that died are put back.
      taker.startStalledCheckTimer().catch(unheard);
      return taker;
    });
  }

  get #prefix(): string {
    return `${this.redis.prefix}:tickets`;
  }
}

/** What is made once by name, and again where that failed: BullMQ's objects remember that Redis was away at first. */
class Ready<
  T extends Pick<Queue, "waitUntilReady" | "close"> & { on(event: "error", heard: typeof unheard): unknown },
> {
  readonly #made = new Map<string, Promise<T>>();

  constructor(private readonly redis: Pick<FleetRedis, "commands">) {}

  async get(name: string, make: () => T): Promise<T> {
    const known = this.#made.get(name);
    if (known !== undefined) return await known;
    if (this.redis.commands.status !== "ready") throw new RedisAwayError();
    const one = make();
    one.on("error", unheard);
    const ready = inTime(one.waitUntilReady(), READY_MS).then(() => one);
    this.#made.set(name, ready);
    ready.catch(() => {
      this.#made.delete(name);
      one.close().catch(unheard);
    });
    return await ready;
  }

  async close(): Promise<void> {
    const made = [...this.#made.values()];
    await Promise.allSettled(made.map(async (one) => (await one).close()));
  }
}

/** BullMQ separates the parts of keys by colons. An encoded name has no space. */
function queueName({ model, kind }: Place): string {
  return kind === null ? encodeURIComponent(model) : `aid ${kind} ${encodeURIComponent(model)}`;
}

function ticketsOf(model: string): Place {
  return { model, kind: null };
}

/** Connections tell of their faults themselves, and calls reject. */
function unheard(error: unknown): void {
  log.debug("BullMQ: {error}", { error });
}
