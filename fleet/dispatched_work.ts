/** The workers' side of the queue where there are many: a ticket first, and then the generation whose turn it is. */

import { getLogger } from "@logtape/logtape";
import { pause } from "../jobs/until_stored.ts";
import type { Claim, ClaimOptions, WorkQueue } from "../jobs/work_queue.ts";
import type { AideOptions } from "../jobs/aides/aide.ts";
import type { Offer } from "../jobs/aides/exchange.ts";
import type { Preference, Tickets } from "./tickets.ts";

const log = getLogger(["parterre", "fleet"]);

/** While Redis is away: the shortest time, in milliseconds, before an idle worker looks into the records by itself. */
const BLIND_MS = 5000;

/** How a worker takes part. */
export interface DispatchOptions {
  /** Asked before every ticket. */
  readonly preference: () => Preference;
  /** Takes up an offer while there is no ticket, see {@link Aide.help}; default: none is taken. */
  readonly help?: (offer: Offer, options: AideOptions) => Promise<string | null>;
  /** See {@link BLIND_MS}. */
  readonly blindMs?: number;
}

/**
 * A {@link WorkQueue} that looks into the records only where a ticket says that something waits: a thousand idle workers
 * cost the database nothing. While Redis is away they look there by themselves, now and then, so that pictures are
 * painted all the same.
 */
export class DispatchedWork implements WorkQueue {
  readonly renew: WorkQueue["renew"];
  readonly onCancel: WorkQueue["onCancel"];
  readonly begin: WorkQueue["begin"];
  readonly progress: WorkQueue["progress"];
  readonly noteRegionMasks: WorkQueue["noteRegionMasks"];
  readonly complete: WorkQueue["complete"];
  readonly fail: WorkQueue["fail"];
  readonly release: WorkQueue["release"];
  readonly recover: WorkQueue["recover"];
  /** What the next claim is for: the model of a ticket, or whatever it can paint. */
  #due: readonly string[] | null = null;
  #blind = false;

  constructor(
    private readonly records: WorkQueue,
    private readonly tickets: Pick<Tickets, "take" | "takeTicket">,
    private readonly options: DispatchOptions,
  ) {
    this.renew = records.renew.bind(records);
    this.onCancel = records.onCancel.bind(records);
    this.begin = records.begin.bind(records);
    this.progress = records.progress.bind(records);
    this.noteRegionMasks = records.noteRegionMasks.bind(records);
    this.complete = records.complete.bind(records);
    this.fail = records.fail.bind(records);
    this.release = records.release.bind(records);
    this.recover = records.recover.bind(records);
  }

  /** Resolves with a ticket in hand, on abort, or after some seconds; later where another worker is helped meanwhile. */
  async waitForWork(signal: AbortSignal): Promise<void> {
    const preference = this.options.preference();
    const { blindMs = BLIND_MS } = this.options;
    if (preference.warm.length + preference.cold.length === 0) return await pause(blindMs, signal);
    try {
      const taken = await this.tickets.take(preference, signal);
      const model = taken === null || typeof taken === "string" ? taken : await this.#help(taken, signal);
      this.#due = model === null ? null : [model];
      if (this.#blind) log.info("Takes tickets again");
      this.#blind = false;
    } catch (error) {
      if (!this.#blind) log.error("Goes on without tickets after: {error}", { error });
      this.#blind = true;
      // Not all at the same moment.
      await pause(blindMs * (1 + Math.random()), signal);
      this.#due = [...preference.warm, ...preference.cold];
    }
  }

  async #help(offer: Offer, signal: AbortSignal): Promise<string | null> {
    const takeTicket = () =>
      this.tickets.takeTicket(this.options.preference(), signal).catch((error) => {
        log.debug("No look for tickets: {error}", { error });
        return null;
      });
    return await this.options.help?.(offer, { signal, takeTicket }) ?? null;
  }

  /** Claims what the ticket in hand is for; null without one, and where the records have nothing for it. */
  async claim(workerId: string, leaseMs: number, { models }: ClaimOptions = {}): Promise<Claim | null> {
    const due = this.#due?.filter((model) => models?.includes(model) ?? true) ?? [];
    if (due.length === 0) return null;
    const claim = await this.records.claim(workerId, leaseMs, { models: due });
    this.#due = null; // kept where the records failed: they are asked again
    return claim;
  }
}
