/** `deno task fidelity:words`: measures whether words are found where they are; docs/fidelity.md explains it. */

import { parseArgs } from "node:util";
import { renderTable } from "../bench/table.ts";
import { ModelCatalog } from "../../compute/model/catalog.ts";
import { createWasmRuntime } from "../../compute/runtime/wasm.ts";
import { type JudgedWords, measureWords } from "./words.ts";

const MODELS = new ModelCatalog(new URL("../../models", import.meta.url).pathname);
const PICTURES = 16;
const STEPS = 12;

const { values: { model: name, pictures } } = parseArgs({
  args: Deno.args,
  options: { model: { type: "string", default: "beds-256" }, pictures: { type: "string", default: `${PICTURES}` } },
});
const model = MODELS.find(name);
if (model === undefined || !("config" in model) || !/^[1-9]\d*$/.test(pictures)) {
  console.error("usage: deno task fidelity:words [--model NAME] [--pictures N]");
  Deno.exit(2);
}

const runtime = createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "fidelity is measured on WASM" });
const judged: JudgedWords[] = [];
const options = { model, pictures: Number(pictures), steps: Math.min(STEPS, model.defaults.steps) };
for await (const words of measureWords(runtime, options)) {
  judged.push(words);
  const { named, asked, overlap, seen } = words;
  console.error(
    `${seen === asked ? "+" : "-"}${asked} for ${named}, overlap ${overlap.toFixed(2)}; ${seen ?? "nothing"} seen`,
  );
}
const row = { goal: null, better: "higher", spread: null } as const;
const share = judged.filter(({ asked, seen }) => seen === asked).length / judged.length;
console.log(renderTable([
  { ...row, name: "overlap of words with what they name", value: sum(judged) / judged.length, unit: "Jaccard index" },
  { ...row, name: "regions of words that show their object", value: 100 * share, unit: `% of ${judged.length}` },
]));
Deno.exit(0);

function sum(words: readonly JudgedWords[]): number {
  return words.reduce((all, { overlap }) => all + overlap, 0);
}
