/** The worker of a process: claims, paints, and in a fleet says what it does. */

import { Aide } from "../jobs/aides/aide.ts";
import { Runner } from "../jobs/runner.ts";
import type { Base, Workshop } from "./base.ts";
import type { Config } from "./config.ts";
import type { Preload } from "./preload.ts";

/** Milliseconds that a running step has left at the end; then the compute Worker is ended with it. */
const STEP_GRACE_MS = 3000;

/** Milliseconds for which a claim of a fleet's worker lasts unless renewed: so long until others go on when it is lost. */
const FLEET_LEASE_MS = 10_000;

/** Paints until the process closes; a generation that is being painted then is let go, within seconds. */
export async function paint(
  { parallel }: Pick<Config, "parallel">,
  base: Base,
  { compute, self }: Workshop,
  preload: Preload,
): Promise<void> {
  const { store, fleet, catalog, masks, encoder, estimator, watchers, observer, closing: { signal } } = base;
  const helpers = parallel ? fleet?.helpers : undefined;
  const common = { ...store, compute, models: catalog, masks, encoder, estimator, watchers };
  const aide = helpers && new Aide({ ...common, exchange: helpers.exchange }, self.watch);
  const work = fleet?.dispatched(store.work, self, aide?.help.bind(aide)) ?? store.work;
  const services = { ...common, work, ...helpers && { helpers } };
  const lease = fleet === null ? {} : { leaseMs: FLEET_LEASE_MS };
  const runner = new Runner(services, { workerId: self.id, observer, ...lease });
  preload.run({ estimator, closing: signal });
  let patience: ReturnType<typeof setTimeout> | undefined;
  // A step of a large picture takes longer than those who end processes wait.
  signal.addEventListener("abort", () => patience = setTimeout(() => compute.close(), STEP_GRACE_MS));
  await Promise.all([runner.run(signal), fleet?.announce(self, signal)]);
  clearTimeout(patience);
}
