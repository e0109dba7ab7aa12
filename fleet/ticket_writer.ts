/** Who makes tickets: every server for what it queues, and a sweep for those that were lost. */

import { getLogger } from "@logtape/logtape";
import type { Generation } from "../jobs/generation.ts";
import type { GenerationStore } from "../jobs/generation_store.ts";
import type { GenerationObserver } from "../jobs/observer.ts";
import type { JobQueue } from "../jobs/queue.ts";
import { pause } from "../jobs/until_stored.ts";
import type { FleetRedis } from "./redis.ts";
import type { Tickets } from "./tickets.ts";

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

/**
 * Whose turn it is to sweep: one process' of the whole fleet in each period, servers and workers alike, so that tickets
 * come back also where all servers are gone, and a thousand workers ask the database no more often than one.
 */
export class SweepTurns {
  constructor(private readonly redis: Pick<FleetRedis, "commands" | "prefix">) {}

  /** Takes the turn of a period that began with this call, unless another has it. Rejects while Redis is away. */
  async take(periodMs: number): Promise<boolean> {
    const { commands, prefix } = this.redis;
    return await commands.set(`${prefix}:sweep`, "1", "PX", periodMs, "NX") === "OK";
  }
}

/** What a sweep compares. */
export interface SweptServices {
  readonly queue: Pick<JobQueue, "queuedByModel">;
  readonly generations: Pick<GenerationStore, "list">;
  readonly tickets: Pick<Tickets, "add" | "count">;
}

/** What sweeps that go on work with. */
export interface SweepingServices extends SweptServices {
  readonly turns: Pick<SweepTurns, "take">;
}

/**
 * Makes tickets for what waits without one: Redis lost them, or the process ended that was to make them.
 * @returns For how many generations there were too few.
 */
export async function sweepTickets({ queue, generations, tickets }: SweptServices): Promise<number> {
  let lost = 0;
  const short = new Set<string>();
  for (const [model, queued] of await queue.queuedByModel()) {
    const missing = queued - await tickets.count(model);
    if (missing > 0) short.add(model);
    lost += Math.max(0, missing);
  }
  if (lost === 0) return 0;
  let after: string | undefined;
  for (;;) {
    const { items, hasNextPage } = await generations.list({
      first: PAGE,
      status: "QUEUED",
      ...after !== undefined && { after },
    });
    const queued = items.map(({ id, request: { model } }) => ({ id, model }));
    await tickets.add(queued.filter(({ model }) => short.has(model))); // which have one get no other
    after = items.at(-1)?.id;
    if (!hasNextPage) return lost;
  }
}

/** Sweeps from time to time, whenever it is this process' turn, until `signal` aborts. */
export async function keepTickets(services: SweepingServices, signal: AbortSignal, everyMs = SWEEP_MS): Promise<void> {
  while (!signal.aborted) {
    try {
      const lost = await services.turns.take(everyMs / 2) ? await sweepTickets(services) : 0;
      if (lost > 0) log.info("Made {lost} tickets again", { lost });
    } catch (error) {
      if (!signal.aborted) log.debug("No sweep of tickets: {error}", { error });
    }
    await pause(everyMs * (0.75 + Math.random() / 2), signal); // not always the same
  }
}
