/** Threads and providers, each in a server of its own. */

import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { ServerProcess } from "../server_process.ts";
import { pairedRatio } from "../statistics.ts";
import { EDGES } from "../subject.ts";

/** One thread against two, both on WASM. */
export async function* threads(options: BenchOptions): AsyncGenerator<Row, void, undefined> {
  if (navigator.hardwareConcurrency < 2) {
    yield { name: "threads 1 against 2", unmeasured: "this machine has one core" };
    return;
  }
  await using one = await ServerProcess.start({ PARTERRE_PROVIDER: "wasm", PARTERRE_THREADS: "1" });
  await using two = await ServerProcess.start({ PARTERRE_PROVIDER: "wasm", PARTERRE_THREADS: "2" });
  yield* compare("threads 1 against 2, step", one, two, options, "x two threads");
}

/** The `native` provider against `wasm`, with as many threads as the machine has. */
export async function* native(options: BenchOptions): AsyncGenerator<Row, void, undefined> {
  const name = "native against wasm, step";
  let candidate: ServerProcess;
  try {
    candidate = await ServerProcess.start({ PARTERRE_PROVIDER: "native" });
  } catch {
    yield { name, unmeasured: "the provider does not start here" };
    return;
  }
  await using server = candidate;
  const provider = await server.provider();
  if (provider !== "native") {
    yield { name, unmeasured: `there is no such provider; "${provider}" took its place` };
    return;
  }
  await using wasm = await ServerProcess.start({ PARTERRE_PROVIDER: "wasm" });
  yield* compare(name, server, wasm, options, "x wasm");
}

async function* compare(
  name: string,
  a: ServerProcess,
  b: ServerProcess,
  { quick, repeats }: BenchOptions,
  unit: string,
): AsyncGenerator<Row, void, undefined> {
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    const painting = { edge, steps: edge === EDGES[0] ? 12 : 4, previews: false };
    const pairs = Math.max(3, Math.ceil(repeats / 3));
    const ratio = await pairedRatio(() => a.stepMs(painting), () => b.stepMs(painting), pairs, 1);
    yield figure(`${name}, ${edge} px`, ratio, { unit });
  }
}
