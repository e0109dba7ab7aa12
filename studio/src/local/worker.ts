/** The page's compute Worker: the server's own pipeline, on files that the page fetched. */

import { expose, transfer } from "comlink";
import { chooseRuntime } from "../../../compute/runtime/choose.ts";
import type { GenerationOutput } from "../../../compute/pipeline/generation_output.ts";
import { Pipelines } from "../../../compute/worker/pipelines.ts";
import type { MayFallBack } from "../../../compute/worker/protocol.ts";
import { InvalidInputError, InvalidInputErrors } from "../../../errors.ts";
import { DEFAULT_LIMITS } from "../../../requests/limits.ts";
import { imagesOf } from "../../../requests/request_images.ts";
import { type RequestResolution, resolveRequest } from "../../../requests/resolve_request.ts";
import { FetchedImages } from "./fetched_images.ts";
import { FetchedModels, MODELS_FOLDER } from "./fetched_models.ts";
import { addFile } from "./host/files.ts";
import { requestSpec } from "./local_request.ts";
import type { LocalApi, LocalEngine, LocalOutcome } from "./protocol.ts";

const models = new FetchedModels();
let pipelines: Pipelines | undefined;
let canceled = false;

const api: LocalApi = {
  async start({ threads, provider }): Promise<LocalEngine> {
    const runtime = await chooseRuntime(provider, { threads });
    pipelines = new Pipelines(runtime, { modelsFolder: MODELS_FOLDER, threads }, () => undefined);
    return runtime.info;
  },

  addFile(model, path, bytes) {
    addFile(`${MODELS_FOLDER}/${model}/${path}`, bytes);
    models.add(model);
    return Promise.resolve();
  },

  async paint(input, headers, onStep): Promise<LocalOutcome> {
    if (pipelines === undefined) throw new Error("Cannot paint before the Worker is started");
    canceled = false;
    const masks = new FetchedImages(headers);
    try {
      const resolution: RequestResolution = await resolveRequest(requestSpec(input), {
        catalog: models,
        limits: DEFAULT_LIMITS,
        masks,
        randomSeed: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
      });
      if ("problems" in resolution) return refused(resolution.problems);
      const { request } = resolution;
      const images = await imagesOf(request, masks);
      return await pipelines.use<LocalOutcome & MayFallBack>(request.model, async (pipeline) => {
        for await (const output of pipeline.generate(request, images)) {
          if (output.type === "IMAGE") return { type: "PICTURE", picture: output.image, seed: request.seed };
          onStep(stepOf(output));
          await new Promise((resolve) => setTimeout(resolve)); // the page's word to stop comes as a task
          if (canceled) return { type: "CANCELED" };
        }
        return { type: "FAILED", message: "The generation ended without a picture" };
      });
    } catch (error) {
      if (error instanceof InvalidInputErrors) return refused(error.problems);
      if (error instanceof InvalidInputError) return refused([error]);
      return { type: "FAILED", message: error instanceof Error ? error.message : String(error) };
    }
  },

  cancel() {
    canceled = true;
    return Promise.resolve();
  },
};

function stepOf({ step, steps, stepMs, preview }: Extract<GenerationOutput, { type: "STEP" }>) {
  return transfer({ step, steps, stepMs, preview }, [preview.data.buffer]);
}

function refused(problems: readonly InvalidInputError[]): LocalOutcome {
  return { type: "REFUSED", problems: problems.map(({ path, message }) => ({ path: path.map(String), message })) };
}

expose(api);
