/** What makes one process of many: the parts that are shared over Redis, loaded only where it is set. */

import type { DispatchOptions } from "../fleet/dispatched_work.ts";
import type { SessionServices } from "../jobs/aides/session.ts";
import type { PreviewWatchers } from "../jobs/preview_watchers.ts";
import type { SharedFiles } from "../image/preview_files.ts";
import type { LiveEvents } from "../jobs/live_events.ts";
import type { GenerationObserver } from "../jobs/observer.ts";
import type { SelfReport } from "../jobs/self_report.ts";
import type { Roster } from "../jobs/workers.ts";
import type { WorkQueue } from "../jobs/work_queue.ts";
import type { Bell } from "../store/sql/bell.ts";
import type { Store } from "../store/store.ts";

/** A process' part in its fleet. */
export interface Fleet extends AsyncDisposable {
  readonly bell: Bell;
  readonly live: LiveEvents;
  readonly watchers: PreviewWatchers;
  readonly previews: SharedFiles;
  readonly roster: Roster;
  /** Makes the tickets of what is queued, as an observer of the store. */
  readonly ticketWriter: GenerationObserver;
  /** Over what workers help each other. */
  readonly helpers: SessionServices;
  /**
   * The queue as a worker of the fleet sees it.
   * @param help Takes up others' offers; without it none is taken.
   */
  dispatched(work: WorkQueue, self: SelfReport, help?: DispatchOptions["help"]): WorkQueue;
  /** Announces a worker until `signal` aborts. */
  announce(self: SelfReport, signal: AbortSignal): Promise<void>;
  /** Makes lost tickets again until `signal` aborts. */
  keepTickets(store: Pick<Store, "queue" | "generations">, signal: AbortSignal): Promise<void>;
  /** @throws {RedisAwayError} */
  check(): Promise<void>;
}

/**
 * Connects to the Redis of a fleet. Fleets that share one have databases of their own in it.
 * @param url For instance `redis://127.0.0.1:6379/0`.
 * @throws {RedisAwayError} if it does not answer within some seconds.
 */
export async function joinFleet(url: string): Promise<Fleet> {
  const { openRedis } = await import("../fleet/redis.ts");
  const { RedisBell } = await import("../fleet/redis_bell.ts");
  const { EventStreams } = await import("../fleet/event_streams.ts");
  const { FleetWatchers } = await import("../fleet/fleet_watchers.ts");
  const { RedisExchange } = await import("../fleet/redis_exchange.ts");
  const { SharedPreviews } = await import("../fleet/shared_previews.ts");
  const { RedisRoster } = await import("../fleet/redis_roster.ts");
  const { keepAnnouncing } = await import("../fleet/announcer.ts");
  const { Tickets } = await import("../fleet/tickets.ts");
  const { DispatchedWork } = await import("../fleet/dispatched_work.ts");
  const { keepTickets, SweepTurns, TicketWriter } = await import("../fleet/ticket_writer.ts");

  await using opening = new AsyncDisposableStack();
  // Channels have no databases of their own, so that the database's number is in every name.
  const database = new URL(url).pathname.slice(1) || "0";
  const redis = opening.adopt(await openRedis(url, `parterre:${database}`), (open) => open.close());
  const tickets = opening.adopt(new Tickets(redis), (open) => open.close());
  const bell = opening.adopt(new RedisBell(redis), (open) => open.close());
  const watchers = opening.adopt(new FleetWatchers(redis, bell), (open) => open.close());
  const exchange = opening.adopt(new RedisExchange(redis), (open) => open.close());
  const roster = new RedisRoster(redis);
  const held = opening.move();
  return {
    bell,
    live: new EventStreams(redis),
    watchers,
    previews: new SharedPreviews(redis),
    roster,
    ticketWriter: new TicketWriter(tickets),
    helpers: { exchange, offers: tickets },
    dispatched: (work, self, help) => {
      const preference = () => {
        const models = self.models();
        // A model that would have to be loaded first is left to tickets: what is loading cannot be left.
        return help === undefined ? models : { ...models, offers: { kind: self.kind, models: models.warm } };
      };
      return new DispatchedWork(work, tickets, { preference, ...help && { help } });
    },
    announce: (self, signal) => keepAnnouncing(self, roster, signal),
    keepTickets: (store, signal) => keepTickets({ ...store, tickets, turns: new SweepTurns(redis) }, signal),
    check: () => redis.check(),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
