/** What computes, for a server that does not: what the fleet's workers say. */

import { getLogger } from "@logtape/logtape";
import type { ComputeView } from "../compute/runtime/runtime.ts";
import { pause } from "../jobs/until_stored.ts";
import { meanMsPerPixel } from "../jobs/mean_speeds.ts";
import type { Roster, WorkerReport } from "../jobs/workers.ts";
import type { Estimator } from "../requests/estimator.ts";

const log = getLogger(["parterre", "fleet"]);

/** Milliseconds between two looks at the roster. */
const EVERY_MS = 2000;

/** The workers' providers and models as one. */
export class FleetCompute implements ComputeView {
  #workers: readonly WorkerReport[] = [];

  constructor(private readonly estimator: Pick<Estimator, "learn">) {}

  /** The provider that most workers compute with. */
  get runtime(): ComputeView["runtime"] {
    const [most] = [...Map.groupBy(this.#workers, ({ provider }) => provider)]
      .sort(([, one], [, other]) => other.length - one.length);
    const [first] = most?.[1] ?? [];
    const common = { adapter: null, rejected: [] };
    if (most === undefined || first === undefined) {
      return { ...common, provider: "none", threads: 0, engine: "none", reason: "no worker has announced itself" };
    }
    const { provider, threads, engine } = first;
    const reason = `${most[1].length} of ${this.#workers.length} workers compute with it`;
    return { ...common, provider, threads, engine, reason };
  }

  /** The models that some worker has in memory. */
  get loaded(): ReadonlySet<string> {
    return new Set(this.#workers.flatMap(({ models }) => models.flatMap((m) => m.loaded ? [m.name] : [])));
  }

  /** Nothing is computed here, so nothing is waited for. */
  ready(): Promise<void> {
    return Promise.resolve();
  }

  /** Looks at the roster from time to time until `signal` aborts; what was seen last stands while Redis is away. */
  async follow(roster: Roster, signal: AbortSignal, everyMs = EVERY_MS): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#workers = await roster.list();
        this.estimator.learn(meanMsPerPixel(this.#workers));
      } catch (error) {
        log.debug("No look at the roster: {error}", { error });
      }
      await pause(everyMs, signal);
    }
  }
}
