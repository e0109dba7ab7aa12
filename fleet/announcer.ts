/** A worker's announcements. */

import { getLogger } from "@logtape/logtape";
import { pause } from "../jobs/until_stored.ts";
import type { SelfReport } from "../jobs/self_report.ts";
import type { RedisRoster } from "./redis_roster.ts";

const log = getLogger(["parterre", "fleet"]);

/** Milliseconds between two announcements, a third of the time after which a silent worker is forgotten. */
const EVERY_MS = 5000;

/** Announces the worker of this process until `signal` aborts, and takes leave then. */
export async function keepAnnouncing(
  self: Pick<SelfReport, "id" | "report">,
  roster: Pick<RedisRoster, "announce" | "leave">,
  signal: AbortSignal,
  everyMs = EVERY_MS,
): Promise<void> {
  const quietly = (error: unknown) => log.debug("Not announced: {error}", { error });
  while (!signal.aborted) {
    await roster.announce(self.report()).catch(quietly);
    await pause(everyMs, signal);
  }
  await roster.leave(self.id).catch(quietly);
}
