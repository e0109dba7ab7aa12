/** A server's start and memory, as its operator sees them. */

import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { ServerProcess } from "../server_process.ts";
import { repeated, summarize } from "../statistics.ts";
import { DISTILLED_MODEL, DISTILLED_STEPS, EDGES } from "../subject.ts";

const [NATIVE_EDGE = 256] = EDGES;

/** From starting the process to the first preview in a client's hands. */
export async function* coldStart({ repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  const start = async () => {
    const since = performance.now();
    await using server = await ServerProcess.start();
    const { firstPreview } = await server.paint({ edge: NATIVE_EDGE, steps: 4, previews: true });
    if (firstPreview === null) throw new Error("The server sent no preview");
    return (firstPreview - since) / 1000;
  };
  const samples = await repeated(start, Math.max(3, Math.ceil(repeats / 3)));
  yield figure(`cold start to first preview, ${NATIVE_EDGE} px`, summarize(samples), { unit: "s" });
}

/** The distilled model's picture of three regions, from asking a server that has loaded it. */
export async function* distilled({ repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using server = await ServerProcess.start({ PARTERRE_PRELOAD: DISTILLED_MODEL });
  const painting = { model: DISTILLED_MODEL, edge: NATIVE_EDGE, steps: DISTILLED_STEPS, previews: true };
  await server.paint(painting);
  const firsts: number[] = [];
  const whole = async () => {
    const { asked, firstPreview, completed } = await server.paint(painting);
    if (firstPreview === null) throw new Error("The server sent no preview");
    firsts.push((firstPreview - asked) / 1000);
    return (completed - asked) / 1000;
  };
  const pictures = await repeated(whole, repeats, 0);
  yield figure(`distilled: to the first preview, ${NATIVE_EDGE} px`, summarize(firsts), {
    unit: "s",
    goal: 0.3,
  });
  yield figure(`distilled: to the picture, ${NATIVE_EDGE} px`, summarize(pictures), { unit: "s", goal: 1 });
}

/** Peak memory of a server that has painted. */
export async function* memory({ quick }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using server = await ServerProcess.start();
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    await server.paint({ edge, steps: 4, previews: true });
    const name = `peak RSS of a server, ${edge} px`;
    const bytes = server.peakMemory();
    yield Number.isNaN(bytes)
      ? { name, unmeasured: "this system does not tell" }
      : { name, value: bytes / 2 ** 20, unit: "MiB", goal: null, better: "lower", spread: null };
  }
}
