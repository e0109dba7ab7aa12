/**
 * `deno task bench`: measures what regions, previews, threads and providers cost, and compares it with the goals.
 * `README.md` says what each figure means.
 */

import { figuresJson, type Row } from "./figure.ts";
import { attention } from "./groups/attention.ts";
import { checkpoints } from "./groups/checkpoints.ts";
import type { Group } from "./groups/group.ts";
import { latent } from "./groups/latent.ts";
import { windows } from "./groups/windows.ts";
import { layout } from "./groups/layout.ts";
import { lora } from "./groups/lora.ts";
import { loop } from "./groups/loop.ts";
import { peer } from "./groups/peer.ts";
import { previews } from "./groups/previews.ts";
import { native, threads } from "./groups/providers.ts";
import { queue } from "./groups/queue.ts";
import { rewrite } from "./groups/rewrite.ts";
import { coldStart, distilled, memory } from "./groups/server.ts";
import { subscribers } from "./groups/subscribers.ts";
import { webgpu } from "./groups/webgpu.ts";
import { type BenchOptions, readOptions } from "./options.ts";
import { renderTable } from "./table.ts";

const GROUPS: ReadonlyMap<string, Group> = new Map<string, Group>([
  ["attention", attention],
  ["latent", latent],
  ["windows", windows],
  ["layout", layout],
  ["lora", lora],
  ["rewrite", rewrite],
  ["loop", loop],
  ["previews", previews],
  ["checkpoints", checkpoints],
  ["threads", threads],
  ["native", native],
  ["webgpu", webgpu],
  ["memory", memory],
  ["cold-start", coldStart],
  ["distilled", distilled],
  ["subscribers", subscribers],
  ["queue", queue],
  ["peer", peer],
]);

const USAGE = `usage: deno task bench [--json] [--quick] [--repeats N] [--peer PYTHON] [--only GROUP]...

--json     print {"figures": [{"name", "value", "unit", "goal", "better"}]} instead of a table
--quick    few repeats, at 256 x 256 only
--repeats  pairs that a ratio is the median of, 15 by default
--peer     a Python with the packages of tools/bench/peer/requirements.txt, to compare with PyTorch and diffusers
--only     one group of figures; may be repeated: ${[...GROUPS.keys()].join(", ")}`;

interface Measured {
  readonly rows: readonly Row[];
  /** Groups that could not be measured to their end. */
  readonly failed: readonly string[];
}

async function measure(options: BenchOptions): Promise<Measured> {
  const rows: Row[] = [];
  const failed: string[] = [];
  for (const [name, group] of GROUPS) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    try {
      for await (const row of group(options)) {
        rows.push(row);
        const value = "unmeasured" in row ? row.unmeasured : `${row.value.toPrecision(4)} ${row.unit}`;
        console.error(`${row.name}: ${value}`); // so that a long run shows where it is
      }
    } catch (error) {
      failed.push(name); // the other groups can still be measured
      console.error(`Cannot measure ${name}:`, error);
    }
  }
  return { rows, failed };
}

async function main(args: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = readOptions(args, [...GROUPS.keys()]);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const { rows, failed } = await measure(options);
  console.log(options.json ? figuresJson(rows) : renderTable(rows));
  if (failed.length > 0) console.error(`Groups that failed: ${failed.join(", ")}`);
  return failed.length > 0 ? 1 : 0;
}

Deno.exit(await main(Deno.args));
