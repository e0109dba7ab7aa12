/** `deno task fidelity`: measures whether regions show what their prompts ask for; docs/fidelity.md explains it. */

import { parseArgs } from "node:util";
import { figuresJson } from "../bench/figure.ts";
import { renderTable } from "../bench/table.ts";
import { ModelCatalog, type UsableModel } from "../../compute/model/catalog.ts";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { figures } from "./figures.ts";
import { type JudgedPicture, LARGE_WAYS, measure, type MeasureOptions, WAYS } from "./measure.ts";

const MODELS = new ModelCatalog(new URL("../../models", import.meta.url).pathname);
const MODEL = "beds-256";
const LAYOUTS = 8;
const STEPS = 12;

const USAGE = `usage: deno task fidelity [--model NAME] [--layouts N] [--steps N] [--large] [--json]

--model    a folder of models/ that knows the judge's objects; ${MODEL} by default
--layouts  layouts of four regions, each painted three times; ${LAYOUTS} by default
--steps    denoising steps of each picture; ${STEPS} by default, or the model's own number where that is lower
--large    judge pictures of twice the native size instead, by windows and in a second pass
--json     print {"figures": [{"name", "value", "unit", "goal", "better"}]} instead of a table`;

function readOptions(args: readonly string[]): MeasureOptions & { readonly json: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      large: { type: "boolean", default: false },
      model: { type: "string", default: MODEL },
      layouts: { type: "string", default: `${LAYOUTS}` },
      steps: { type: "string" },
    },
  });
  const model = usable(values.model);
  return {
    json: values.json,
    model,
    ways: values.large ? LARGE_WAYS : WAYS,
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
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const runtime = createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "fidelity is measured on WASM" });
  const pictures: JudgedPicture[] = [];
  for await (const picture of measure(runtime, options)) {
    pictures.push(picture);
    console.error(line(picture)); // so that a long run shows where it is
  }
  const rows = figures(pictures, options.ways);
  console.log(options.json ? figuresJson(rows) : renderTable(rows));
  return 0;
}

/** One picture: what each region was asked for, and what of it was there. */
function line({ way, asked, regions }: JudgedPicture): string {
  const told = regions.map(({ object, background }, r) => {
    const region = asked.regions[r];
    return `${object ? "+" : "-"}${region?.object} ${background ? "+" : "-"}${region?.background}`;
  });
  return `layout ${asked.seed}, ${way}: ${told.join("; ")}`;
}

Deno.exit(await main(Deno.args));
