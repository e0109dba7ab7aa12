/** A model folder is understood from its config files, or refused with the file and the reason. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ModelFolderError, readModelConfig } from "../../../compute/model/config.ts";
import { capabilitiesOf, type ModelCapabilities } from "../../../compute/model/capabilities.ts";
import { loadTokenizers } from "../../../compute/model/tokenizer.ts";
import { parsePythonJson } from "../../../compute/model/python_json.ts";

const MODELS = fileURLToPath(new URL("../../fixtures/models", import.meta.url));

const SD15: ModelCapabilities = {
  family: "SD1",
  distillation: "NONE",
  contextWidth: 32,
  textEncoders: 1,
  predictionType: "epsilon",
  guidanceEmbedded: false,
  supportsNegativePrompt: true,
  nativeSize: 128,
  sizeMultiple: 8,
  levels: 3,
  defaultSteps: 25,
  defaultGuidanceScale: 7.5,
};
const SD21: ModelCapabilities = { ...SD15, family: "SD2", contextWidth: 40, predictionType: "v_prediction" };
const FEW_STEPS = { supportsNegativePrompt: false, defaultSteps: 4 } as const;

const families: Readonly<Record<string, ModelCapabilities>> = {
  "tiny-sd15": SD15,
  "tiny-sd21": SD21,
  "tiny-sdxl": { ...SD15, family: "SDXL", contextWidth: 64, textEncoders: 2, defaultGuidanceScale: 5 },
  "tiny-turbo": { ...SD21, ...FEW_STEPS, distillation: "TURBO", predictionType: "epsilon", defaultGuidanceScale: 1 },
  "tiny-lcm": { ...SD15, ...FEW_STEPS, distillation: "LCM", guidanceEmbedded: true, defaultGuidanceScale: 8.5 },
};

for (const [name, capabilities] of Object.entries(families)) {
  Deno.test(`${name} is known by its config files`, () => {
    assert.deepEqual(capabilitiesOf(readModelConfig(join(MODELS, name), name)), capabilities);
  });
}

Deno.test("the embedded model is not taken for a distilled one: trailing timesteps come with zero terminal SNR", () => {
  const folder = fileURLToPath(new URL("../../../models/beds-256", import.meta.url));
  const { distillation, predictionType, nativeSize } = capabilitiesOf(readModelConfig(folder, "beds-256"));
  assert.deepEqual({ distillation, predictionType, nativeSize }, {
    distillation: "NONE",
    predictionType: "v_prediction",
    nativeSize: 256,
  });
});

Deno.test("each text encoder has a tokenizer", () => {
  assert.equal(loadTokenizers(readModelConfig(join(MODELS, "tiny-sdxl"), "tiny-sdxl")).length, 2);
  assert.equal(loadTokenizers(readModelConfig(join(MODELS, "tiny-sd15"), "tiny-sd15")).length, 1);
});

Deno.test("bare words that Python writes are read, and left alone inside strings", () => {
  const text = `{"a": -Infinity, "b": [Infinity, NaN], "c": "x, Infinity, NaN", "d\\"": "\\\\", "e": 1.5e-3}`;
  assert.deepEqual(parsePythonJson(text), {
    a: -Infinity,
    b: [Infinity, null],
    c: "x, Infinity, NaN",
    'd"': "\\",
    e: 1.5e-3,
  });
  assert.throws(() => parsePythonJson("{Infinity: 1}"), SyntaxError);
});

/** The config files of a fixture in a folder of their own, with `file` replaced. */
async function withFile(model: string, file: string, content: string | null, check: (folder: string) => void) {
  const folder = await Deno.makeTempDir();
  try {
    for (
      const part of [
        "model_index.json",
        "unet/config.json",
        "vae_decoder/config.json",
        "text_encoder/config.json",
        ...(model === "tiny-sdxl" ? ["text_encoder_2/config.json"] : []),
        "scheduler/scheduler_config.json",
      ]
    ) {
      await Deno.mkdir(join(folder, part, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, part), await Deno.readTextFile(join(MODELS, model, part)));
    }
    if (content === null) await Deno.remove(join(folder, file));
    else await Deno.writeTextFile(join(folder, file), content);
    check(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A fixture's config file with some keys replaced. */
function edited(model: string, file: string, keys: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...JSON.parse(Deno.readTextFileSync(join(MODELS, model, file))), ...keys });
}

const vae = "vae_decoder/config.json";

for (
  const [className, scale] of [
    ["AutoencoderKL", 0.18215],
    ["AsymmetricAutoencoderKL", 0.18215],
    ["ConsistencyDecoderVAE", 0.18215],
    ["VQModel", 0.18215],
    ["AutoencoderTiny", 1],
    [undefined, 0.18215],
  ] as const
) {
  Deno.test(`${className} without a scaling factor has its class's own, ${scale}`, async () => {
    for (const scaling_factor of [undefined, null]) {
      const content = edited("tiny-sd15", vae, { _class_name: className, scaling_factor });
      await withFile("tiny-sd15", vae, content, (folder) => {
        assert.equal(readModelConfig(folder, "m").latents.scale, scale);
      });
    }
    const content = edited("tiny-sd15", vae, { _class_name: className, scaling_factor: 0.5 });
    await withFile("tiny-sd15", vae, content, (folder) => {
      assert.equal(readModelConfig(folder, "m").latents.scale, 0.5, "the file's own goes before");
    });
  });
}

Deno.test("an autoencoder of another class needs a scaling factor, and has it then", async () => {
  const other = { _class_name: "AutoencoderDC" };
  await withFile("tiny-sd15", vae, edited("tiny-sd15", vae, { ...other, scaling_factor: 0.41407 }), (folder) => {
    assert.equal(readModelConfig(folder, "m").latents.scale, 0.41407);
  });
});

Deno.test("a model that does not say its native size has that of its family", async () => {
  for (const [model, nativeSize] of [["tiny-sd15", 512], ["tiny-sdxl", 1024]] as const) {
    const content = edited(model, "unet/config.json", { sample_size: null });
    await withFile(model, "unet/config.json", content, (folder) => {
      assert.equal(readModelConfig(folder, "m").nativeSize, nativeSize);
    });
  }
});

const index = "model_index.json", unet = "unet/config.json", scheduler = "scheduler/scheduler_config.json";

for (
  const [what, file, content, reason] of [
    ["a missing file", unet, null, "the file is missing"],
    ["broken JSON", unet, "{", "the file is not JSON"],
    ["a missing key", unet, "{}", "block_out_channels"],
    ["an editing UNet", unet, edited("tiny-sd15", unet, { in_channels: 8 }), "it takes 8 channels"],
    ["a text encoder of another width", unet, edited("tiny-sd15", unet, { cross_attention_dim: 768 }), "768 wide"],
    ["a refiner", index, edited("tiny-sd15", index, { requires_aesthetics_score: true }), "refiner"],
    ["no text encoder", index, edited("tiny-sd15", index, { text_encoder: [null, null] }), "no text_encoder"],
    [
      "a third text encoder",
      index,
      edited("tiny-sd15", index, { text_encoder_3: ["t", "T5"] }),
      "text_encoder and text_encoder_3, not",
    ],
    [
      "an autoencoder of unknown scale",
      vae,
      edited("tiny-sd15", vae, { _class_name: "AutoencoderDC", scaling_factor: undefined }),
      'no scaling_factor, and "AutoencoderDC"',
    ],
    [
      "an autoencoder of latents scaled by channel",
      vae,
      edited("tiny-sd15", vae, { latents_mean: [0, 0, 0, 0], latents_std: [1, 1, 1, 1] }),
      "latents_mean and latents_std",
    ],
    ["a second text encoder that is not there", index, edited("tiny-sd15", index, { text_encoder_2: ["t", "C"] }), ""],
  ] as const
) {
  Deno.test(`refused: ${what}`, () =>
    withFile("tiny-sd15", file, content, (folder) => {
      assert.throws(() => readModelConfig(folder, "m"), (error) => {
        assert(error instanceof ModelFolderError);
        assert(error.message.includes(reason), error.message);
        assert(error.file.startsWith(folder));
        return true;
      });
    }));
}

for (
  const [what, keys] of [
    ["flow matching", { _class_name: "FlowMatchEulerDiscreteScheduler" }],
    ["an unknown prediction type", { prediction_type: "flow_prediction" }],
  ] as const
) {
  Deno.test(`refused: a scheduler of ${what}`, () =>
    withFile("tiny-sd15", scheduler, edited("tiny-sd15", scheduler, keys), (folder) => {
      assert.throws(() => capabilitiesOf(readModelConfig(folder, "m")), ModelFolderError);
    }));
}

for (
  const [what, keys, distillation] of [
    ["sdxl-turbo's", { _class_name: "EulerAncestralDiscreteScheduler", timestep_spacing: "trailing" }, "TURBO"],
    ["a merged consistency LoRA's", { _class_name: "LCMScheduler" }, "LCM"],
    [
      "a zero-SNR model's",
      { _class_name: "EulerDiscreteScheduler", timestep_spacing: "trailing", rescale_betas_zero_snr: true },
      "NONE",
    ],
    ["one that leaves its spacing to diffusers", { timestep_spacing: undefined }, "NONE"],
  ] as const
) {
  Deno.test(`distillation from ${what} scheduler: ${distillation}`, () =>
    withFile("tiny-sd15", scheduler, edited("tiny-sd15", scheduler, keys), (folder) => {
      assert.equal(capabilitiesOf(readModelConfig(folder, "m")).distillation, distillation);
    }));
}

Deno.test("a scheduler config with a bare -Infinity is read", () =>
  withFile("tiny-sd15", scheduler, '{"_class_name": "PNDMScheduler", "lambda_min_clipped": -Infinity}', (folder) => {
    assert.equal(readModelConfig(folder, "m").scheduler["lambda_min_clipped"], -Infinity);
  }));
