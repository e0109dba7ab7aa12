/** `deno task parity DIR [NAME...]`: compares every reference run under DIR with what Parterre computes. */

import { parseArgs } from "node:util";
import { chooseRuntime, parseProvider } from "../../compute/runtime/choose.ts";
import type { ProviderChoice, Runtime } from "../../compute/runtime/runtime.ts";
import { type CaseResult, judgedOnWebgpu, passes } from "./case.ts";
import { checkFolder } from "./folder.ts";

const USAGE = `usage: deno task parity [--provider PROVIDER] [--models FOLDER] DIR [NAME...]

Compares DIR/oracle/NAME with the model folder DIR/models/NAME and the folders whose variant.json names it; the NAMEs
samplers and weight-maps stand for DIR/oracle/NAME.json, tokenizer for DIR/tokenizer/clip-golden.json. Without a NAME,
everything that is there. Exits with 1 if a comparison fails or cannot be made.

--provider  what computes, as PARTERRE_PROVIDER names it; wasm by default
--models    the folder of model folders; DIR/models by default`;

interface Options {
  readonly provider: ProviderChoice;
  readonly models: string | undefined;
  readonly dir: string;
  readonly names: readonly string[];
}

function readOptions(args: readonly string[]): Options {
  const { values, positionals: [dir, ...names] } = parseArgs({
    args: [...args],
    options: { provider: { type: "string", default: "wasm" }, models: { type: "string" } },
    allowPositionals: true,
  });
  if (dir === undefined) throw new RangeError("Cannot compare: no DIR was named");
  return { provider: parseProvider(values.provider), models: values.models, dir, names };
}

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  let runtime: Runtime;
  try {
    options = readOptions(args);
    runtime = await chooseRuntime(options.provider, { threads: navigator.hardwareConcurrency });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const { dir, names, models } = options;
  const { provider, engine, adapter } = runtime.info;
  console.log(`${provider}, ${engine}${adapter === null ? "" : `, ${adapter}`}`);
  let passed = 0;
  let failed = 0;
  for await (const compared of checkFolder(dir, names, runtime, models)) {
    const result = provider === "webgpu" ? judgedOnWebgpu(compared) : compared;
    passes(result) ? passed++ : failed++;
    console.log(line(result));
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function line(result: CaseResult): string {
  const { name, error, tolerance } = result;
  if (typeof error === "string") return `not ok  ${name}: ${error}`;
  return `${passes(result) ? "ok    " : "not ok"}  ${name}: max error ${error.toExponential(1)}, tolerance ${
    Number(tolerance.toPrecision(2))
  }`;
}

Deno.exit(await main(Deno.args));
