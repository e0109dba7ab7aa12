/** `deno task parity DIR...`: compares every reference run under DIR/oracle with the models under DIR/models. */

import { join } from "node:path";
import { createWasmRuntime } from "../compute/runtime/wasm.ts";
import { type CaseResult, passes } from "./case.ts";
import { checkModel, oracles } from "./folder.ts";

const USAGE = "usage: deno task parity DIR [NAME...]    compares DIR/oracle/NAME with the model folder DIR/models/NAME";

async function main([dir, ...names]: readonly string[]): Promise<number> {
  if (dir === undefined) {
    console.error(USAGE);
    return 2;
  }
  const runtime = createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "parity runs on WASM" });
  let passed = 0;
  let failed = 0;
  for (const name of names.length > 0 ? names : oracles(dir)) {
    for await (const result of checkModel(join(dir, "oracle", name), join(dir, "models"), runtime)) {
      passes(result) ? passed++ : failed++;
      console.log(line(result));
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function line(result: CaseResult): string {
  const error = typeof result.error === "number" ? result.error.toExponential(1) : result.error;
  return `${passes(result) ? "ok    " : "not ok"}  ${result.name}: max error ${error}, tolerance ${result.tolerance}`;
}

Deno.exit(await main(Deno.args));
