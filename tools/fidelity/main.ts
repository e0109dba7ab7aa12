/** `deno task fidelity`: measures whether regions show what their prompts ask for; docs/fidelity.md explains it. */

import { parseArgs } from "node:util";
import { type Figure, figuresJson } from "../bench/figure.ts";
import { renderTable } from "../bench/table.ts";
import { ModelCatalog, type UsableModel } from "../../compute/model/catalog.ts";
import type { Runtime } from "../../compute/runtime/runtime.ts";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { figures } from "./figures.ts";
import { type LargePicture, measureLarge } from "./large.ts";
import { largeFigures } from "./large_figures.ts";
import type { AskedLayout } from "./layouts.ts";
import { type JudgedPicture, measure, type MeasureOptions } from "./measure.ts";
import { measureReroll, type RerolledScene } from "./reroll.ts";
import { rerollFigures } from "./reroll_figures.ts";

const MODELS = new ModelCatalog(new URL("../../models", import.meta.url).pathname);
const MODEL = "beds-256";
const LAYOUTS = 8;
const STEPS = 12;

const USAGE = `usage: deno task fidelity [reroll] [--model NAME] [--layouts N] [--steps N] [--large] [--json]

reroll     what painting a region anew changes, and whether it can be seen; without it, whether regions show their prompts
--model    a folder of models/ that knows the judge's objects; ${MODEL} by default
--layouts  layouts of four regions, each painted four times, with reroll one of them anew; ${LAYOUTS} by default
--steps    denoising steps of each picture; ${STEPS} by default, or the model's own number where that is lower
--large    judge pictures of twice the native size instead, by windows and in a second pass, each layout also as one scene
--json     print {"figures": [{"name", "value", "unit", "goal", "better"}]} instead of a table`;

interface Options extends MeasureOptions {
  readonly json: boolean;
  readonly what: "prompts" | "reroll" | "large";
}

function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      large: { type: "boolean", default: false },
      model: { type: "string", default: MODEL },
      layouts: { type: "string", default: `${LAYOUTS}` },
      steps: { type: "string" },
    },
  });
  const [what, ...more] = positionals;
  if ((what !== undefined && what !== "reroll") || more.length > 0) {
    throw new RangeError(`Cannot measure "${positionals.join(" ")}": it must be reroll, or nothing`);
  }
  if (what === "reroll" && values.large) throw new RangeError("Cannot measure re-rolls of large pictures");
  const model = usable(values.model);
  return {
    json: values.json,
    what: what ?? (values.large ? "large" : "prompts"),
    model,
    layouts: count("layouts", values.layouts),
    steps: values.steps === undefined ? Math.min(STEPS, model.defaults.steps) : count("steps", values.steps),
  };
}

function usable(name: string): UsableModel {
  const found = MODELS.find(name);
  if (found !== undefined && "config" in found) return found;
  const names = MODELS.list().map((entry) => entry.name).join(", ");
  throw new RangeError(`Cannot judge the model "${name}": ${found?.refused ?? `it must be one of ${names}`}`);
}

function count(option: string, value: string): number {
  if (!/^[1-9]\d*$/.test(value)) {
    throw new RangeError(`Cannot paint "${value}" ${option}: it must be a whole number from 1`);
  }
  return Number(value);
}

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const runtime = createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "fidelity is measured on WASM" });
  const rows = await measured(runtime, options);
  console.log(options.json ? figuresJson(rows) : renderTable(rows));
  return 0;
}

async function measured(runtime: Runtime, options: Options): Promise<readonly Figure[]> {
  switch (options.what) {
    case "reroll":
      return rerollFigures(await collect(measureReroll(runtime, options), rerollLine));
    case "large":
      return largeFigures(await collect(measureLarge(runtime, options), largeLine));
    case "prompts":
      return figures(await collect(measure(runtime, options), line));
  }
}

/** All of them, with a line for each, so that a long run shows where it is. */
async function collect<T>(measured: AsyncIterable<T>, line: (item: T) => string): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of measured) {
    items.push(item);
    console.error(line(item));
  }
  return items;
}

function rerollLine({ seed, lockRest, change, border, shown, leaked }: RerolledScene): string {
  const changed = `changed by ${change.inside.toFixed(1)} inside, by ${change.outside.toFixed(2)} outside`;
  const sure = `${shown ? "+" : "-"} shown, ${leaked} leaks`;
  return `layout ${seed}, ${lockRest ? "locked" : "free"}: ${changed}; border ${border.toFixed(2)}; ${sure}`;
}

function largeLine({ regions, ...picture }: LargePicture): string {
  const borders = regions.map(({ border }) => border.toFixed(2)).join(", ");
  const leaks = regions.reduce((sum, { leaked }) => sum + leaked, 0);
  return `${line({ ...picture, regions })}; ${leaks} leaks; borders ${borders}`;
}

/** One picture: what each region was asked for, and what of it was there. */
function line(
  { way, asked, regions }: {
    readonly way: string;
    readonly asked: AskedLayout;
    readonly regions: readonly Pick<JudgedPicture["regions"][number], "object" | "background">[];
  },
): string {
  const told = regions.map(({ object, background }, r) => {
    const region = asked.regions[r];
    return `${object ? "+" : "-"}${region?.object} ${background ? "+" : "-"}${region?.background}`;
  });
  return `layout ${asked.seed}, ${way}: ${told.join("; ")}`;
}

Deno.exit(await main(Deno.args));
