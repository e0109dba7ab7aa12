/** `deno task chaos`: whether a fleet keeps what it promises while its processes die and its engines are away. */

import { Command } from "@commander-js/extra-typings";
import { endOnSignals } from "../cluster/engines/service.ts";
import { chaos, type ChaosOptions } from "./chaos.ts";
import { tableOf } from "./table.ts";

/** What docs/scaling.md tells of. */
const WHOLE: ChaosOptions = {
  servers: 2,
  workers: 3,
  jobs: 200,
  steps: 20,
  distinct: 10,
  plan: { seconds: 150, killEvery: 3, redisAt: 20, postgresAt: 50, postgresAway: 30 },
  rolling: { subscribers: 200, jobs: 20, steps: 100 },
  patience: 900,
};

/** The same in less than a minute. */
const QUICK: ChaosOptions = {
  servers: 2,
  workers: 3,
  jobs: 30,
  steps: 10,
  distinct: 3,
  plan: { seconds: 8, killEvery: 1.5, redisAt: 2, postgresAt: 4, postgresAway: 3 },
  rolling: { subscribers: 40, jobs: 10, steps: 40 },
  patience: 300,
};

const { quick } = new Command("chaos")
  .description("Kills processes of a fleet at random, restarts Redis, takes PostgreSQL away, and looks at every job.")
  .option("--quick", "less of everything")
  .parse(["deno", "chaos", ...Deno.args]).opts();

endOnSignals();
const since = performance.now();
const report = await chaos(quick ? QUICK : WHOLE, (line) => {
  console.error(`${((performance.now() - since) / 1000).toFixed(1).padStart(6)} s  ${line}`);
});
console.log(tableOf(report));
for (const fault of report.faults) console.error(fault);
Deno.exit(report.faults.length === 0 ? 0 : 1);
