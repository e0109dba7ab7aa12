/** Every fault, one after the other, on a fleet whose processes are never started again. */

import { fileURLToPath } from "node:url";
import { startCluster } from "../../cluster/cluster.ts";
import { cannotMount, smallDisk } from "../../cluster/engines/small_disk.ts";
import { markdownTable } from "../table.ts";
import { allFaults } from "./faults.ts";
import { type Answer, type Tried, tryFault, type TryOptions } from "./try_fault.ts";

const MODELS = fileURLToPath(new URL("../../../tests/fixtures/models", import.meta.url));

/** MiB that PostgreSQL has: a third is taken by an empty one. */
const DATABASE_MIB = 192;

const MEMBERS = ["server-1", "worker-1", "worker-2"];

/**
 * Tries them.
 * @param wanted Whether one is to be tried, by its name.
 * @throws {Error} if something is stuck.
 */
export async function tryFaults(
  options: TryOptions,
  wanted: (name: string) => boolean,
  tell: (line: string) => void,
): Promise<readonly Tried[]> {
  const reason = cannotMount();
  const faults = allFaults(reason === undefined).filter(({ name }) => wanted(name));
  if (faults.length === 0) return [];
  if (reason !== undefined) tell(`leaves out full disks, since none can be mounted here: ${reason}`);
  using disk = reason === undefined ? smallDisk(DATABASE_MIB) : null;
  await using cluster = await startCluster({
    servers: 1,
    workers: 2,
    cuttable: MEMBERS,
    ...disk !== null && { postgresOn: disk.folder },
    environment: { PARTERRE_MODELS: MODELS, PARTERRE_PRELOAD: "tiny-sd15", PARTERRE_MAX_ACTIVE: "0" },
  });
  const tried: Tried[] = [];
  for (const fault of faults) {
    tell(`${fault.name} for ${options.seconds} s`);
    tried.push(await tryFault(fault, { cluster, disk }, options));
  }
  return tried;
}

/** What came of them, as a table in Markdown. */
export function tableOfFaults(tried: readonly Tried[]): string {
  return markdownTable([
    ["Fault", "`/ready`", "Requests that need it", "Ready again", "Jobs"],
    ...tried.map(({ name, unready, answer, answeredWithin, readyAfter, endedAfter, jobs }) => [
      name,
      Object.entries(unready).map(([check, reason]) => `503, \`${check}\`: ${reason}`).join("; ") || "200",
      answer === null ? "none" : `${wordsOf(answer)} within ${seconds(answeredWithin)}`,
      `within ${seconds(readyAfter)}`,
      `${jobs.filter(({ status }) => status === "SUCCEEDED").length} of ${jobs.length} painted within ` +
      `${seconds(endedAfter)}, in ${Math.max(...jobs.map(({ attempts }) => attempts))} attempts at most`,
    ]),
  ]);
}

function wordsOf({ __typename, code, retryAfterSeconds }: Answer): string {
  if (__typename !== "StorageError") return "done";
  return `\`${code}\`, worth another try after ${retryAfterSeconds} s,`;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
