/** A worker's announcements. */

import { getLogger } from "@logtape/logtape";
import { pauseUntil } from "../jobs/until_stored.ts";
import type { SelfReport } from "../jobs/self_report.ts";
import type { RedisRoster } from "./redis_roster.ts";

const log = getLogger(["parterre", "fleet"]);

/** Milliseconds between two announcements of a worker that goes on with the same, a third of the time after which a silent worker is forgotten. */
const EVERY_MS = 5000;

/** Announces the worker of this process until `signal` aborts, and takes leave then. */
export async function keepAnnouncing(
  self: Pick<SelfReport, "id" | "report" | "changed">,
  roster: Pick<RedisRoster, "announce" | "leave">,
  signal: AbortSignal,
  everyMs = EVERY_MS,
): Promise<void> {
  const quietly = (error: unknown) => log.debug("Not announced: {error}", { error });
  while (!signal.aborted) {
    const { changed } = self;
    await roster.announce(self.report()).catch(quietly);
    await pauseUntil(changed, everyMs, signal);
  }
  await roster.leave(self.id).catch(quietly);
}
