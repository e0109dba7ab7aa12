/** `deno task info`: what computes here, which models there are, and what loading them takes. */

import { ModelCatalog } from "../compute/model/catalog.ts";
import { Compute } from "../compute/worker/compute.ts";
import { readConfig } from "../server/config.ts";

/** The most memory that this process has held, in bytes. */
function peakMemory(): number {
  try {
    const line = Deno.readTextFileSync("/proc/self/status").match(/^VmHWM:\s+(\d+) kB$/m);
    if (line?.[1] !== undefined) return Number(line[1]) * 1024;
  } catch {
    // not Linux, or not allowed: the memory held now is the best there is
  }
  return Deno.memoryUsage().rss;
}

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

const config = readConfig(Deno.env.toObject());
const { modelsFolder } = config;
const compute = await Compute.start({ modelsFolder, threads: config.threads, provider: config.provider });
const { provider, threads, engine, reason, adapter, rejected } = compute.runtime;
console.log(`Deno ${Deno.version.deno}, ${engine}`);
console.log(`provider ${provider}, ${threads} thread${threads === 1 ? "" : "s"}: ${reason}`);
if (adapter !== null) console.log(`adapter ${adapter}`);
for (const other of rejected) console.log(`not ${other.provider}: ${other.reason}`);
console.log(`memory before any model: ${mib(peakMemory())}`);
for (const entry of new ModelCatalog(modelsFolder).list()) {
  if ("refused" in entry) {
    console.log(`model ${entry.name}: refused: ${entry.refused}`);
    continue;
  }
  const { loadMs, stepMs } = await compute.load(entry.name);
  const { nativeSize, vaeFactor } = entry.config;
  console.log(
    `model ${entry.name}: ${mib(entry.bytes)} on disk, ${nativeSize} px, sizes in multiples of ${vaeFactor}; ` +
      `loaded in ${(loadMs / 1000).toFixed(1)} s, guided step ${stepMs.toFixed(0)} ms, peak memory ${
        mib(peakMemory())
      }`,
  );
}
compute.close();
Deno.exit(0);
