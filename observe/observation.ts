/** Everything that looks on while a server works; one per server. */

import parterre from "../deno.json" with { type: "json" };
import { GenerationReports } from "./generation_reports.ts";
import { Metrics, type MetricSources } from "./metrics.ts";

/** Milliseconds between two looks at how late the thread is. */
const LAG_EVERY_MS = 1000;

/**
 * The observation of one server.
 *
 * @example
 * ```ts
 * const observation = new Observation();
 * const store = await openStore("data", { observer: observation.generations });
 * observation.watch(sources);
 * const text = await observation.metrics.registry.metrics();
 * ```
 */
export class Observation {
  readonly metrics = new Metrics(parterre.version);
  readonly generations: GenerationReports;
  #lag: ReturnType<typeof setInterval> | undefined;
  #sources: MetricSources | undefined;

  constructor() {
    this.generations = new GenerationReports(this.metrics, () => this.#sources?.compute?.runtime.provider);
  }

  /** Starts to look at what there is to look at. */
  watch(sources: MetricSources): void {
    this.#sources = sources;
    this.metrics.watch(sources);
    let expected = performance.now() + LAG_EVERY_MS;
    this.#lag = setInterval(() => {
      const now = performance.now();
      this.metrics.eventLoopLag.observe(Math.max(0, now - expected) / 1000);
      expected = now + LAG_EVERY_MS;
    }, LAG_EVERY_MS);
    Deno.unrefTimer(this.#lag);
  }

  /** Stops looking. */
  close(): void {
    clearInterval(this.#lag);
  }
}
