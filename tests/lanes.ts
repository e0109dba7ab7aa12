/** Which tests run beside which. */

import { readdirSync } from "node:fs";

/** Tests that call functions and little else: beside each other, in one process. `deno task test:unit` runs them alone. */
const UNIT = [
  "access",
  "assets",
  "compute/model",
  "compute/sampler",
  "image",
  "layout",
  "requests",
  "schema",
  "server",
  "store",
  "wasm",
  "workers",
];

/** Among them, those that take their time: with the others. */
const LONG =
  /_fuzz_test\.ts$|^(assets\/object_store|image\/png|layout\/picture\/picture_svg|server\/readiness|wasm\/(compose|module))_test\.ts$|^(requests\/drafting|store\/(postgres|sql|sqlite))\//;

/** Tests that measure time or memory, or take the whole machine: nothing runs beside them. */
const ALONE = [
  "attacks",
  "bench",
  "e2e/event_loop_test.ts",
  "e2e/fair_turns_test.ts",
  "e2e/shutdown_test.ts",
  "e2e/websocket_test.ts",
];

/** Servers in this process or in others, and jobs that are killed: one after the other, the remaining folders beside them. */
const SERVERS = ["chaos", "cli", "e2e", "examples", "jobs", "observe"];

/** Of the remaining folders, those that take longest: they begin first, so that none is left over at the end. */
const LONGEST = ["training", "studio", "parity", "compute/pipeline", "fleet"];

/** Files of tests by lane, as `deno test` takes them. */
export interface Lanes {
  readonly unit: readonly string[];
  readonly servers: readonly string[];
  /** By folder, in the order in which they begin. */
  readonly others: readonly (readonly string[])[];
  readonly alone: readonly string[];
}

/** All files of tests under `tests/`, by lane. */
export function readLanes(): Lanes {
  const lanes: Record<keyof Lanes, string[]> = { unit: [], servers: [], others: [], alone: [] };
  const files = readdirSync(new URL(".", import.meta.url), { encoding: "utf8", recursive: true });
  for (const file of files.filter((name) => name.endsWith("_test.ts")).sort()) {
    lanes[laneOf(file)].push(`tests/${file}`);
  }
  const folders = Map.groupBy(lanes.others, folderOf);
  const late = (folder: string) => LONGEST.includes(folder) ? LONGEST.indexOf(folder) : LONGEST.length;
  const ordered = [...folders].sort(([one], [other]) => late(one) - late(other));
  return { ...lanes, others: ordered.map(([, inside]) => inside) };
}

/** `compute/pipeline` of `tests/compute/pipeline/denoise_test.ts`: two levels at most. */
function folderOf(path: string): string {
  return path.split("/").slice(1, -1).slice(0, 2).join("/");
}

function laneOf(file: string): keyof Lanes {
  const within = (places: readonly string[]) => places.some((place) => file === place || file.startsWith(`${place}/`));
  if (within(ALONE)) return "alone";
  if (within(UNIT)) return LONG.test(file) ? "others" : "unit";
  return within(SERVERS) ? "servers" : "others";
}
