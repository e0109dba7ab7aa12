/** `deno task info`: what computes here, which models there are, and what loading them takes. */

import { ModelCatalog } from "../compute/model/catalog.ts";
import { Compute } from "../compute/worker/compute.ts";
import { checkModels, settingBehind } from "../server/check_machine.ts";
import { readConfig } from "../server/config.ts";
import { orRefuse } from "../server/refusal.ts";
import { peakMemory } from "./peak_memory.ts";

/** The most memory that this process has held, or what it holds now where the system does not tell; labelled so. */
function memory(): string {
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const peak = peakMemory("self");
  if (!Number.isNaN(peak)) return `peak memory ${mib(peak)}`;
  return `memory now ${mib(Deno.memoryUsage().rss)} (its peak cannot be read here)`;
}

const { catalog, compute } = await orRefuse(async () => {
  const config = readConfig(Deno.env.toObject());
  const { modelsFolder, threads, provider } = config;
  const catalog = new ModelCatalog(modelsFolder);
  checkModels({ ...config, preload: "auto" }, catalog);
  const compute = await Compute.start({ modelsFolder, threads, provider }).catch((error) => {
    throw settingBehind(error, config);
  });
  return { catalog, compute };
});
const { provider, threads, engine, reason, adapter, rejected } = compute.runtime;
console.log(`Deno ${Deno.version.deno}, ${engine}`);
console.log(`provider ${provider}, ${threads} thread${threads === 1 ? "" : "s"}: ${reason}`);
if (adapter !== null) console.log(`adapter ${adapter}`);
for (const other of rejected) console.log(`not ${other.provider}: ${other.reason}`);
console.log(`before any model: ${memory()}`);
for (const entry of catalog.list()) {
  if ("refused" in entry) {
    console.log(`model ${entry.name}: refused: ${entry.refused}`);
    continue;
  }
  const { loadMs } = await compute.load(entry.name);
  const { stepMs = NaN } = await compute.measureStep(entry.name) ?? {}; // nothing else is asked for here
  const { nativeSize, vaeFactor } = entry.config;
  console.log(
    `model ${entry.name}: ${(entry.bytes / 2 ** 20).toFixed(0)} MiB on disk, ${nativeSize} px, sizes in multiples of ` +
      `${vaeFactor}; loaded in ${(loadMs / 1000).toFixed(1)} s, guided step ${stepMs.toFixed(0)} ms, ${memory()}`,
  );
}
compute.close();
Deno.exit(0);
