/** `deno task parity DIR [NAME...]`: compares every reference run under DIR with what Parterre computes. */

import { createWasmRuntime } from "../compute/runtime/wasm.ts";
import { type CaseResult, passes } from "./case.ts";
import { checkFolder } from "./folder.ts";

const USAGE = `usage: deno task parity DIR [NAME...]

Compares DIR/oracle/NAME with the model folder DIR/models/NAME and the folders whose variant.json names it; the NAMEs
samplers and weight-maps stand for DIR/oracle/NAME.json, tokenizer for DIR/tokenizer/clip-golden.json. Without a NAME,
everything that is there. Exits with 1 if a comparison fails or cannot be made.`;

async function main([dir, ...names]: readonly string[]): Promise<number> {
  if (dir === undefined) {
    console.error(USAGE);
    return 2;
  }
  const runtime = createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "parity runs on WASM" });
  let passed = 0;
  let failed = 0;
  for await (const result of checkFolder(dir, names, runtime)) {
    passes(result) ? passed++ : failed++;
    console.log(line(result));
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function line(result: CaseResult): string {
  const { name, error, tolerance } = result;
  if (typeof error === "string") return `not ok  ${name}: ${error}`;
  return `${passes(result) ? "ok    " : "not ok"}  ${name}: max error ${
    error.toExponential(1)
  }, tolerance ${tolerance}`;
}

Deno.exit(await main(Deno.args));
