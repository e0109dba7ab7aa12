/** Samplers, call by call. */

import { attempt, type CaseResult, TOLERANCE } from "./case.ts";
import { maxDifference, type Tensors } from "./reference.ts";
import {
  FAKE_MODELS,
  type FakeModel,
  type SamplerDocument,
  type SamplerTrace,
  SamplerTraces,
} from "./sampler_traces.ts";

const MODELS = Object.keys(FAKE_MODELS) as readonly FakeModel[];

/** Compares every trace: the schedule, the first sample, and the samples after each call with every fake model. */
export async function* checkSamplers(document: SamplerDocument, tensors: Tensors): AsyncGenerator<CaseResult> {
  const traces = new SamplerTraces(document, tensors);
  for (const trace of traces.cases) {
    yield await attempt(
      `${trace.name} timesteps`,
      TOLERANCE.timestep,
      () => maxDifference(traces.create(trace).timesteps, trace.timesteps_all),
    );
    yield await attempt(`${trace.name} first sample`, TOLERANCE.firstSample, () => {
      const sampler = traces.create(trace);
      const first = traces.firstSample(trace, sampler);
      return maxDifference(first, traces.expectedFirst(trace)) / Math.max(1, sampler.initNoiseSigma);
    });
    for (const model of MODELS) {
      yield await attempt(`${trace.name} ${model}`, tolerance(trace, document), () => walk(traces, trace, model));
    }
  }
}

function tolerance({ scheduler, kwargs }: SamplerTrace, { base_kwargs: base }: SamplerDocument): number {
  const zeroSnr = ({ ...base, ...kwargs })["rescale_betas_zero_snr"] === true;
  return zeroSnr && scheduler.startsWith("Euler") ? TOLERANCE.samplerZeroSnrEuler : TOLERANCE.sampler;
}

/** The largest difference over all calls, relative to the trace's largest sample. */
function walk(traces: SamplerTraces, trace: SamplerTrace, model: FakeModel): number | string {
  const sampler = traces.create(trace);
  const scale = Math.max(1, model === "linear" ? trace.scale_linear : trace.scale_tanh);
  const begin = trace.begin_index ?? 0;
  let x = traces.firstSample(trace, sampler);
  let drawn = 0;
  let error = 0;
  for (let i = begin; i < sampler.timesteps.length; i++) {
    const output = FAKE_MODELS[model](sampler.scaleInput(x, i), sampler.timesteps[i] ?? NaN);
    x = sampler.step(output, i, x, () => traces.noiseAt(++drawn)).sample;
    error = Math.max(error, maxDifference(x, traces.expectedSample(trace, model, i - begin)) / scale);
  }
  return drawn === trace.uses_noise ? error : `drew ${drawn} noises, not ${trace.uses_noise}`;
}
