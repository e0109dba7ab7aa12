/**
 * `deno task cluster:figures [queue] [workers] [together] [exchange]`: what more workers give, and what the queue costs, by
 * the times in the events' log.
 */

import { fileURLToPath } from "node:url";
import { endOnSignals } from "./engines/service.ts";
import { exchangeMs } from "./exchange_figures.ts";
import { type Load, measure, type Times } from "./measure.ts";

/** Pictures as they are painted, for what workers give. */
const PICTURES: Load = { model: "beds-256-lcm", width: 256, height: 256, steps: 4, jobs: 12 };

/** Pictures that take next to no time, for what the queue costs. */
const TINY: Load = {
  model: "tiny-sd15",
  width: 64,
  height: 64,
  steps: 4,
  jobs: 100,
  modelsFolder: fileURLToPath(new URL("../../tests/fixtures/models", import.meta.url)),
};

/** Pictures that workers paint together, one at a time. */
const GUIDED: Load = { model: "beds-256", width: 256, height: 256, steps: 8, jobs: 3, more: { guidanceScale: 5 } };
const SHARED: Readonly<Record<string, Load>> = {
  "guided, 256 x 256": GUIDED,
  "guided, 512 x 512": { ...GUIDED, width: 512, height: 512, jobs: 2 },
  "guided, 768 x 512 in windows of 256": {
    ...GUIDED,
    width: 768,
    height: 512,
    steps: 4,
    jobs: 2,
    more: { guidanceScale: 5, windows: { size: 256, overlap: 64 } },
  },
  "four pictures, 256 x 256": { ...PICTURES, jobs: 3, more: { count: 4 } },
};

/** Jobs per minute, from the first claim to the last end. */
function perMinute(times: readonly Times[]): number {
  const since = Math.min(...times.map(({ claimed }) => claimed));
  return 60_000 * times.length / (Math.max(...times.map(({ ended }) => ended)) - since);
}

/** The median and the 99th percentile, in words. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

/** How long the median job took from its claim to its end, in seconds. */
function medianSeconds(times: readonly Times[]): string {
  const sorted = times.map(({ claimed, ended }) => (ended - claimed) / 1000).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]?.toFixed(1) ?? "-";
}

/** What the queue costs. */
async function queue(): Promise<void> {
  const alone = await measure(TINY, { workers: 1 });
  console.log(`accepted to claimed, idle: ${spread(alone.map(({ accepted, claimed }) => claimed - accepted))}`);
  const busy = (await measure(TINY, { workers: 1, atOnce: true })).toSorted((a, b) => a.claimed - b.claimed);
  const gaps = busy.slice(1).map((one, i) => one.claimed - (busy[i]?.ended ?? 0));
  console.log(`end of one to the claim of the next: ${spread(gaps)}`);
  const starts = busy.map(({ claimed, firstStep }) => firstStep - claimed);
  console.log(`claimed to the end of the first step: ${spread(starts)}`);
  console.log(`tiny pictures, one worker: ${perMinute(busy).toFixed(0)} a minute`);
}

/** What more workers give many pictures. */
async function workers(): Promise<void> {
  for (const workers of [1, 2, 4]) {
    const times = await measure(PICTURES, { workers, atOnce: true });
    console.log(`${workers} workers: ${perMinute(times).toFixed(0)} pictures a minute`);
  }
}

/** What another worker, or another thread, gives one picture. */
async function together(): Promise<void> {
  for (const [name, load] of Object.entries(SHARED)) {
    for (const painting of [{ workers: 1 }, { workers: 2 }, { workers: 1, threads: 2 }]) {
      const { workers, threads = 1 } = painting;
      console.log(
        `${name}: ${workers} workers of ${threads} threads: ${medianSeconds(await measure(load, painting))} s`,
      );
    }
  }
}

/** What it costs to have predictions made elsewhere. */
async function exchange(): Promise<void> {
  for (const edge of [256, 512, 1024]) {
    console.log(`exchange of a call of ${edge} x ${edge}: ${(await exchangeMs(edge)).toFixed(1)} ms`);
  }
}

endOnSignals();
const groups: Readonly<Record<string, () => Promise<void>>> = { queue, workers, together, exchange };
for (const [name, group] of Object.entries(groups)) {
  if (Deno.args.length === 0 || Deno.args.includes(name)) await group();
}
