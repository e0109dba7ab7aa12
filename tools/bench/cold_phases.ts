/**
 * What a model's first preview takes, phase by phase: a program of its own, since each phase is cold only once.
 *
 * `deno run -A tools/bench/cold_phases.ts FOLDER` prints [{"phase", "ms", "cpuMs"}]. Here the phases follow one another; in a
 * server some of them overlap, and the processor is shared with what is not counted here: requests, the database,
 * encoding.
 */

import { basename, resolve } from "node:path";
import process from "node:process";
import type { PictureRequest } from "../../compute/pipeline/request.ts";

/** A phase and what it took. */
export interface PhaseTime {
  readonly phase: string;
  readonly ms: number;
  /** Milliseconds of processor time on all threads, that of V8's compilers included. */
  readonly cpuMs: number;
}

if (import.meta.main) {
  const [path] = Deno.args;
  if (path === undefined) throw new RangeError("Cannot measure without a model folder");
  console.log(JSON.stringify(await measure(resolve(path))));
  Deno.exit(0); // the engine's threads would go on
}

async function measure(folder: string): Promise<readonly PhaseTime[]> {
  const times: PhaseTime[] = [];
  let since = 0; // performance.now() counts from the start of the process
  let cpuSince = 0;
  const ended = (phase: string) => {
    const { user, system } = process.cpuUsage();
    const now = performance.now();
    const cpu = (user + system) / 1000;
    times.push({ phase, ms: now - since, cpuMs: cpu - cpuSince });
    since = now;
    cpuSince = cpu;
  };

  const [{ openModel }, { DiffusionModel }, { Pipeline }, { createWasmRuntime }, { selfTestGraph }, { GENERATION }] =
    await Promise.all([
      import("../../compute/model/inspect.ts"),
      import("../../compute/model/model.ts"),
      import("../../compute/pipeline/generate.ts"),
      import("../../compute/runtime/wasm.ts"),
      import("../../compute/runtime/self_test.ts"),
      import("./cold_request.ts"),
    ]);
  ended("loading the program");
  const runtime = createWasmRuntime({ threads: navigator.hardwareConcurrency, reason: "the bench measures WASM" });
  await (await runtime.createSession(selfTestGraph())).release();
  ended("starting the engine");
  const opened = openModel(folder, basename(folder));
  if (!opened.usable) throw new Error(opened.refused);
  const model = new DiffusionModel(runtime, folder, basename(folder), opened.graphs);
  const pipeline = new Pipeline(model);
  ended("reading and rewriting the graphs, tokenizer");
  await model.textEncoder();
  ended("loading the text encoder");
  await model.unet();
  ended("loading the UNet");
  await pipeline.load();
  ended("preview map");
  const { nativeSize } = model.config;
  const request: PictureRequest = { ...GENERATION, model: basename(folder), width: nativeSize, height: nativeSize };
  for await (const output of pipeline.generate(request)) {
    if (output.type === "IMAGE") break;
    ended(output.step === 1 ? "prompts and first step" : "a later step, which no first preview waits for");
  }
  return [...times.filter(({ phase }) => !phase.startsWith("a later")), ...times.slice(-1)];
}
