/** LoRAs through a real server: listed, painted for the whole picture and in regions, warned of, refused. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { safetensors } from "../write_safetensors.ts";
import { generate, pixelsOf, startServer } from "./server.ts";

const MODELS = fileURLToPath(new URL("../fixtures/models", import.meta.url));

const LAYOUT = {
  grid: { direction: "COLUMNS", ratios: "1,1" },
  basePrompt: "a hill",
  negativePrompt: "blur",
  regions: [{ name: "fox", prompt: "a fox" }, { name: "bird", prompt: "a bird" }],
};

const INPUT = { model: "tiny-sd15", width: 64, height: 64, steps: 2, seed: 5, guidanceScale: 3 };

/** The layout with other fields of its second region. */
const withBird = (bird: Readonly<Record<string, unknown>>, layout: Readonly<Record<string, unknown>> = {}) => ({
  ...LAYOUT,
  ...layout,
  regions: [LAYOUT.regions[0], { ...LAYOUT.regions[1], ...bird }],
});

Deno.test("a LoRA paints the same from a list and from a prompt, in the whole picture and in a region, in both modes", async () => {
  await using server = await startServer({ environment: { PARTERRE_MODELS: MODELS } });
  const paint = (input: Readonly<Record<string, unknown>>) =>
    pixelsOf(server.client, { ...INPUT, layout: LAYOUT, ...input });
  const loras = [{ name: "diffusers", weight: 0.8 }];
  const plain = await paint({});
  const whole = await paint({ loras });
  assert.notDeepEqual(whole, plain);
  assert.deepEqual(await paint({ layout: { ...LAYOUT, basePrompt: "a hill<lora:diffusers:0.8>" } }), whole);
  assert.deepEqual(
    await paint({
      loras: [{ name: "diffusers", weight: 0.5 }],
      layout: { ...LAYOUT, commonPrompt: "<lora:diffusers:.3>" },
    }),
    whole,
  );
  assert.deepEqual(await paint({}), plain, "the model itself has not changed");
  const seen = [plain, whole];
  for (
    const [mode, regionalLora] of [["ATTENTION", "CONTEXT_ONLY"], ["ATTENTION", "WEIGHTED"], ["LATENT", "WEIGHTED"]]
  ) {
    const region = await paint({ mode, regionalLora, layout: withBird({ loras }) });
    for (const other of seen) assert.notDeepEqual(region, other, `${mode} ${regionalLora}`);
    seen.push(region);
  }
  assert.deepEqual(await paint({ layout: withBird({ prompt: "a bird<lora:diffusers:0.8>" }) }), seen[2]);
  assert.deepEqual(await paint({ layout: withBird({ loras: [{ name: "diffusers", weight: 0 }] }) }), plain);
});

Deno.test("LoRAs are listed as a model sees them; the dry run says what is left out; what cannot be had is refused by its kind", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    const key = "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn2_to_k";
    const pair = (out: number, width: number) =>
      safetensors({
        [`${key}.lora_up.weight`]: { shape: [out, 4], data: new Float32Array(out * 4) },
        [`${key}.lora_down.weight`]: { shape: [4, width], data: new Float32Array(4 * width) },
        note: { shape: [1], data: [1] },
      });
    Deno.writeFileSync(join(folder, "style.safetensors"), pair(16, 32));
    Deno.writeFileSync(join(folder, "for xl.safetensors"), pair(640, 2048));
    Deno.writeFileSync(join(folder, "broken.safetensors"), new Uint8Array(3));
    await using server = await startServer({ environment: { PARTERRE_MODELS: MODELS, PARTERRE_LORAS: folder } });
    const list = '{ loras(model: "tiny-sd15") { name family rank layers touches unknown refusal } }';
    const { loras } = await server.client.request<{ loras: { name: string }[] }>(list);
    assert.deepEqual(
      loras.map(({ name }) => name),
      ["broken", "diffusers", "for xl", "kohya locon", "peft text encoder", "peft unet", "style", "tucker"],
    );
    assert.deepEqual(loras[1], {
      name: "diffusers",
      family: null,
      rank: 2,
      layers: 82,
      touches: ["TEXT", "CONTEXT", "PLACE"],
      unknown: [],
      refusal: null,
    });
    assert.partialDeepStrictEqual(loras[2], {
      family: "SDXL",
      refusal:
        "it is for Stable Diffusion XL with contexts 2048 wide, and the model is Stable Diffusion 1 with contexts 32 wide",
    });
    assert.partialDeepStrictEqual(loras.find(({ name }) => name === "style"), {
      touches: ["CONTEXT"],
      unknown: ["note"],
      layers: 1,
    });

    const layout = withBird({ loras: [{ name: "kohya locon" }] }, { basePrompt: "a hill <lora:style:2>" });
    const check = `query Check($input: ValidateLayoutInput!) {
      validateLayout(input: $input) {
        ... on LayoutReport { warnings { code region message } base { text tokens warnings { code } } }
      }
    }`;
    const report = async (input: Readonly<Record<string, unknown>>) => {
      const answer = await server.client.request<{ validateLayout: { warnings: unknown[]; base: { tokens: number } } }>(
        check,
        {
          input: { model: "tiny-sd15", layout, ...input },
        },
      );
      return answer.validateLayout;
    };
    const keys = {
      code: "LORA_KEYS",
      region: null,
      message: 'the model has no place for some of the LoRA "style", which is left out: "note"',
    };
    const parts = (count: number, policy: string) => ({
      code: "LORA_PARTS",
      region: "bird",
      message:
        `${count} of the 141 layers of the LoRA "kohya locon" act on more than a prompt and are left out under ${policy}`,
    });
    const { warnings, base } = await report({});
    assert.deepEqual(warnings, [parts(115, "CONTEXT_ONLY"), keys]);
    assert.deepEqual((await report({ regionalLora: "WEIGHTED" })).warnings, [parts(45, "WEIGHTED"), keys]);
    assert.deepEqual(base, { text: "a hill <lora:style:2>", tokens: base.tokens, warnings: [] });

    const refused = async (input: Readonly<Record<string, unknown>>) => {
      const { generate: answer } = await generate(server.client, { ...INPUT, layout: LAYOUT, ...input });
      return answer.__typename === "Generation"
        ? []
        : answer.problems.map(({ code, field, rule }) => [code, field, rule]);
    };
    assert.deepEqual(
      await refused({ loras: [{ name: "stile" }], layout: withBird({ prompt: "a bird <lora:for xl>" }) }),
      [
        [
          "UNKNOWN_LORA",
          "input.loras[0].name",
          'must be the name of a LoRA, the nearest are "style", "broken", "tucker"',
        ],
        [
          "UNSUPPORTED",
          "input.layout.regions[1].prompt",
          "must be a LoRA that the model can use; it is for Stable Diffusion XL with contexts 2048 wide, and the model is Stable Diffusion 1 with contexts 32 wide, at position 7",
        ],
      ],
    );
    assert.deepEqual(
      await refused({ layout: withBird({ loras: [{ name: "broken" }, { name: "style", weight: 11 }] }) }),
      [
        ["OUT_OF_RANGE", "input.layout.regions[1].loras[1].weight", "must be at most 10"],
      ],
    );
    assert.deepEqual(await refused({ layout: withBird({ loras: [{ name: "broken" }] }) }), [[
      "UNSUPPORTED",
      "input.layout.regions[1].loras[0].name",
      'must be a LoRA that the model can use; Cannot use the LoRA "broken": not a safetensors file: it is shorter than its first field',
    ]]);
    assert.deepEqual(await refused({ layout: { ...LAYOUT, negativePrompt: "blur <lora:style>" } }), [[
      "UNSUPPORTED",
      "input.layout.negativePrompt",
      "must name no LoRA, at position 5: negative prompts have those of the others",
    ]]);
    assert.deepEqual(await refused({ regionalLora: "REFUSE", layout: withBird({ loras: [{ name: "diffusers" }] }) }), [[
      "UNSUPPORTED",
      "input.layout.regions[1].loras[0].name",
      "must name LoRAs of text encoders and of keys and values of prompts alone while regionalLora is REFUSE; this one changes 56 other layers",
    ]]);
    assert.deepEqual(await refused({ regionalLora: "REFUSE", layout: withBird({ loras: [{ name: "style" }] }) }), []);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
