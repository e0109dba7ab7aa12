/** `deno task chaos`: whether a fleet keeps what it promises while its processes die and its engines are away. */

import { Command } from "@commander-js/extra-typings";
import { endOnSignals } from "../cluster/engines/service.ts";
import { chaos, type ChaosOptions } from "./chaos.ts";
import { tableOfFaults, tryFaults } from "./faults/all_faults.ts";
import { dropPackets, type Dropped } from "./faults/dropped_packets.ts";
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

/** Of faults: how long each lasts, and what is given to recover from it. */
const FAULTS = { seconds: 35, steps: 150, patience: 150 };
const QUICK_FAULTS = { seconds: 3, steps: 60, patience: 150 };

const { quick, faults } = new Command("chaos")
  .description("Kills processes of a fleet at random, restarts Redis, takes PostgreSQL away, and looks at every job.")
  .option("--quick", "less of everything")
  .option(
    "--faults [name]",
    "instead, what the fleet stands on goes away in every way, or in those whose names hold this",
  )
  .parse(["deno", "chaos", ...Deno.args]).opts();

endOnSignals();
const since = performance.now();
const tell = (line: string) => {
  console.error(`${((performance.now() - since) / 1000).toFixed(1).padStart(6)} s  ${line}`);
};
if (faults !== undefined) {
  const wanted = (name: string) => faults === true || name.includes(faults);
  const tried = await tryFaults(quick ? QUICK_FAULTS : FAULTS, wanted, tell);
  console.log(tableOfFaults(tried));
  if (!quick && wanted("dropped packets")) {
    tell("dropped packets, in a network namespace");
    const dropped = await dropPackets().catch((error: Error) => error.message);
    console.log(typeof dropped === "string" ? dropped : wordsOf(dropped));
  }
  end(tried.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`)));
}
const report = await chaos(quick ? QUICK : WHOLE, tell);
console.log(tableOf(report));
end(report.faults);

function wordsOf({ statementFailed, lockFree }: Dropped): string {
  return `A process whose packets are dropped has its statement's fault after ${statementFailed.toFixed(1)} s of 5, ` +
    `and the database lets go of its locks after ${lockFree.toFixed(1)} s.`;
}

function end(faults: readonly string[]): never {
  for (const fault of faults) console.error(fault);
  Deno.exit(faults.length === 0 ? 0 : 1);
}
