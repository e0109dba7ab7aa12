/** Large pictures by a client: windows and a second pass, in the dry run, as they are told, and what is refused. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { decodePngPixels } from "../../image/png.ts";
import { finish, generate, SMALL, startServer } from "./server.ts";

const PARTERRE_MODELS = fileURLToPath(new URL("../fixtures/models", import.meta.url));
const INPUT = { ...SMALL, model: "tiny-sd15", width: 128, height: 64, steps: 2 };
const LARGE = {
  windows: { size: 64, overlap: 16 },
  secondPass: { scale: 2, strength: 0.5, steps: 4, upscale: "LATENT" },
};

Deno.test("large pictures", async (t) => {
  await using server = await startServer({ environment: { PARTERRE_MODELS, PARTERRE_MAX_EDGE: "256" } });
  const { client } = server;

  await t.step("are painted, told, and painted once more from their files", async () => {
    const { generate: { id, message } } = await generate(client, { ...INPUT, ...LARGE });
    const { image, error } = await finish(client, id);
    assert.deepEqual([image?.width, image?.height], [256, 128], error?.message ?? message);
    const query = `query ($id: ID!) { generation(id: $id) {
      width steps step windows { size overlap } secondPass { scale upscale strength steps }
    } }`;
    assert.deepEqual(await client.request(query, { id }), { generation: { width: 128, steps: 4, step: 4, ...LARGE } });

    const file = await client.picture(image?.url ?? "");
    assert.equal(decodePngPixels(file).pixels.width, 256);
    const again = `mutation ($input: RegenerateInput!) { regenerate(input: $input) {
      ... on Regeneration { differences { field } generation { id } }
      ... on InvalidInputError { problems { field rule } }
    } }`;
    const files = { "variables.input.file": new File([file.slice()], "picture.png") };
    const { regenerate } = await client.request<{ regenerate: { generation: { id: string } } }>(
      again,
      { input: { file: null } },
      { files },
    );
    assert.ok(regenerate.generation, JSON.stringify(regenerate));
    const { image: second } = await finish(client, regenerate.generation.id);
    assert.deepEqual(await client.picture(second?.url ?? ""), file);
  });

  await t.step("take in the dry run the memory of a window, and are warned of without", async () => {
    const query = `query ($input: ValidateLayoutInput!) { validateLayout(input: $input) {
      ... on LayoutReport { memoryBytes etaSeconds warnings { code } }
    } }`;
    const dry = async (more: object) => {
      const input = { layout: SMALL.layout, model: "tiny-sd15", ...more };
      type Report = { memoryBytes: number; etaSeconds: number; warnings: { code: string }[] };
      return (await client.request<{ validateLayout: Report }>(query, { input })).validateLayout;
    };
    const native = await dry({});
    const large = { width: 256, height: 256 };
    const whole = await dry(large);
    const windows = { size: 128 };
    const windowed = await dry({ ...large, windows });
    const twice = await dry({ width: 128, height: 128, windows, secondPass: { scale: 2 } });
    assert.deepEqual(whole.warnings.map(({ code }) => code), ["LARGE"]);
    assert.deepEqual([native, windowed, twice].map(({ warnings }) => warnings), [[], [], []]);
    assert.ok(whole.memoryBytes > windowed.memoryBytes && windowed.memoryBytes > native.memoryBytes);
    const enlarged = await dry({ width: 128, height: 128, windows, secondPass: { scale: 2, upscale: "LATENT" } });
    assert.equal(enlarged.memoryBytes, windowed.memoryBytes);
    // Its autoencoder's encoder beside.
    const { size } = Deno.statSync(`${PARTERRE_MODELS}/tiny-sd15/vae_encoder/model.onnx`);
    assert.equal(twice.memoryBytes, windowed.memoryBytes + size);
    // Nine windows overlap, so that they are more than the picture.
    assert.ok(windowed.etaSeconds > whole.etaSeconds && windowed.etaSeconds < 3 * whole.etaSeconds);
  });

  await t.step("are refused at their fields", async () => {
    for (
      const [field, code, rule, more] of [
        ["secondPass.scale", "INVALID_SIZE", /at most 256 pixels: here the width would be 640/, {
          secondPass: { scale: 5 },
        }],
        ["secondPass.scale", "INVALID_SIZE", /multiples of 8 pixels/, { secondPass: { scale: 1.01 } }],
        ["secondPass.scale", "OUT_OF_RANGE", /more than 1/, { secondPass: { scale: 1 } }],
        ["secondPass.strength", "OUT_OF_RANGE", /greater than 0/, { secondPass: { scale: 2, strength: 0 } }],
        ["secondPass.strength", "OUT_OF_RANGE", /at most 1/, { secondPass: { scale: 2, strength: 1.1 } }],
        ["secondPass.strength", "OUT_OF_RANGE", /leave a step/, { secondPass: { scale: 2, strength: 0.2 } }],
        ["secondPass.steps", "OUT_OF_RANGE", /from 1 to 150/, { secondPass: { scale: 2, steps: 0 } }],
        ["windows.size", "INVALID_SIZE", /multiple of 8 pixels/, { windows: { size: 68 } }],
        ["windows.size", "INVALID_SIZE", /half the model's native/, { windows: { size: 56 } }],
        ["windows.overlap", "INVALID_SIZE", /from 8 to 48/, { windows: { size: 64, overlap: 56 } }],
        ["width", "INVALID_SIZE", /at most 256 pixels/, { width: 512, windows: {} }],
      ] as const
    ) {
      const { generate: { problems } } = await generate(client, { ...INPUT, ...more });
      const told = JSON.stringify([field, problems]);
      assert.ok(problems?.some((problem) => problem.field === `input.${field}` && problem.code === code), told);
      assert.ok(problems.some((problem) => rule.test(problem.rule)), told);
    }
  });
});
