/** The rewritten graph with one context against the untouched graph. */

import { encodeOnnx } from "../../../compute/graph/onnx_file.ts";
import { readGraph } from "../../../compute/model/graph_file.ts";
import type { Session } from "../../../compute/runtime/runtime.ts";
import { figure, type Row } from "../figure.ts";
import type { BenchOptions } from "../options.ts";
import { pairedRatio } from "../statistics.ts";
import { EDGES, EMBEDDED_MODEL, StepClock, Subject } from "../subject.ts";

const GOAL = 1.02;

/** Steps of a plain picture. */
export async function* rewrite({ quick, repeats }: BenchOptions): AsyncGenerator<Row, void, undefined> {
  await using subject = await Subject.load();
  const untouched = await subject.runtime.createSession(encodeOnnx(readGraph(EMBEDDED_MODEL, "unet")));
  for (const edge of quick ? EDGES.slice(0, 1) : EDGES) {
    const rewritten = subject.loop({ edge, regions: 0 });
    const stock = new StepClock(denoiseUntouched(subject, untouched, edge));
    yield figure(
      `rewritten graph, R = 1, ${edge} px`,
      await pairedRatio(rewritten.step, stock.step, repeats, 3),
      { unit: "x untouched", goal: GOAL },
    );
  }
  await untouched.release();
}

/** A denoising loop over the graph as it was exported. */
async function* denoiseUntouched(
  subject: Subject,
  unet: Session,
  edge: number,
): AsyncGenerator<Float32Array, void, undefined> {
  const sampler = subject.sampler();
  const context = subject.context(0);
  const { dims, data } = subject.latents(edge);
  let sample = data;
  for (const [i, timestep] of sampler.timesteps.entries()) {
    const outputs = await unet.run({
      sample: { dims, data: sampler.scaleInput(sample, i) },
      timestep: { dims: [], data: Float32Array.of(timestep) },
      encoder_hidden_states: { dims: [1, ...context.dims], data: context.data },
    });
    const prediction = outputs.get("out_sample");
    if (prediction === undefined) throw new Error("The UNet gave no out_sample");
    sample = sampler.step(prediction.data, i, sample).sample;
    yield sample;
  }
}
