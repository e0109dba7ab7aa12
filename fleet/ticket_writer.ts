/** Who makes tickets: every server for what it queues, and a sweep for those that were lost. */

import { getLogger } from "@logtape/logtape";
import type { Generation } from "../jobs/generation.ts";
import type { GenerationStore } from "../jobs/generation_store.ts";
import type { GenerationObserver } from "../jobs/observer.ts";
import { pause } from "../jobs/until_stored.ts";
import type { Tickets, Wanted } from "./tickets.ts";

const log = getLogger(["parterre", "fleet"]);

/** Milliseconds between two sweeps. */
const SWEEP_MS = 10_000;

/** Generations that are read at once. */
const PAGE = 500;

/**
 * Makes a ticket whenever a generation is queued, after its record is durable. One that cannot be made is left to the
 * sweep.
 */
export class TicketWriter implements GenerationObserver {
  constructor(private readonly tickets: Pick<Tickets, "add">) {}

  statusChanged({ id, status, request: { model } }: Generation): void {
    if (status !== "QUEUED") return;
    this.tickets.add([{ id, model }]).catch((error) => {
      log.debug("No ticket for {id} yet: {error}", { id, error });
    });
  }

  stepTaken(): void {}
}

/** What a sweep compares. */
export interface SweptServices {
  readonly generations: Pick<GenerationStore, "list">;
  readonly tickets: Pick<Tickets, "add" | "count">;
}

/**
 * Makes tickets for what waits without one: Redis lost them, or the process ended that was to make them.
 * @returns For how many generations there were too few.
 */
export async function sweepTickets({ generations, tickets }: SweptServices): Promise<number> {
  const queued: Wanted[] = [];
  for (let after: string | undefined;;) {
    const page = await generations.list({ first: PAGE, status: "QUEUED", ...after !== undefined && { after } });
    queued.push(...page.items.map(({ id, request: { model } }) => ({ id, model })));
    after = page.items.at(-1)?.id;
    if (!page.hasNextPage) break;
  }
  let lost = 0;
  for (const [model, ofModel] of Map.groupBy(queued, (one) => one.model)) {
    const missing = ofModel.length - await tickets.count(model);
    if (missing <= 0) continue;
    lost += missing;
    await tickets.add(ofModel); // which have one get no other
  }
  return lost;
}

/** Sweeps from time to time, until `signal` aborts. */
export async function keepTickets(services: SweptServices, signal: AbortSignal, everyMs = SWEEP_MS): Promise<void> {
  while (!signal.aborted) {
    try {
      const lost = await sweepTickets(services);
      if (lost > 0) log.info("Made {lost} tickets again", { lost });
    } catch (error) {
      if (!signal.aborted) log.debug("No sweep of tickets: {error}", { error });
    }
    await pause(everyMs * (0.75 + Math.random() / 2), signal); // servers take turns
  }
}
