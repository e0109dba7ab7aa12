/** Pictures to start from, masks and variations, by a client: from the upload to the picture, and what is refused. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import type { GraphqlClient } from "../../cli/graphql_client.ts";
import { encodeImage } from "../../image/encode.ts";
import { decodePngPixels } from "../../image/png.ts";
import type { Pixels } from "../../image/pixels.ts";
import { draw, photo } from "../image/pictures.ts";
import { finish, generate, picture, SMALL, startServer } from "./server.ts";

const PARTERRE_MODELS = fileURLToPath(new URL("../fixtures/models", import.meta.url));

async function upload(client: GraphqlClient, image: Pixels): Promise<string> {
  const query =
    `mutation ($file: File!) { uploadImage(file: $file) { ... on ImageAsset { id url width alreadyStored } } }`;
  const files = { "variables.file": new File([await encodeImage(image, "PNG")], "picture.png") };
  const { uploadImage } = await client.request<{ uploadImage: { id: string } }>(query, { file: null }, { files });
  return uploadImage.id;
}

/** By what each claims; they share a server. */
const TESTS = new Map<string, (client: GraphqlClient) => Promise<void>>();

/** A picture's bytes, by pixel as text. */
function pixelsOf(file: Uint8Array): (x: number, y: number) => string {
  const { pixels: { width, channels, data } } = decodePngPixels(file);
  return (x, y) => [...data.subarray((y * width + x) * channels, (y * width + x) * channels + 3)].join(",");
}

TESTS.set("a region of an uploaded picture is painted anew, and a picture is started from", async (client) => {
  const start = photo(64, 64);
  const initImage = await upload(client, start);
  const input = { ...SMALL, model: "tiny-sd15", steps: 6, initImage, strength: 0.5 };

  const painted = pixelsOf(await picture(client, { ...input, maskRegion: "sea" }));
  const before = pixelsOf(await encodeImage(start, "PNG"));
  for (let y = 0; y < 64; y++) for (let x = 32; x < 64; x++) assert.equal(painted(x, y), before(x, y));
  const changed = Array.from({ length: 64 }, (_, y) => painted(5, y) !== before(5, y)).filter((is) => is).length;
  assert.ok(changed > 50, `${changed} of 64 pixels`);

  const { generate: { id } } = await generate(client, input);
  assert.equal((await finish(client, id)).status, "SUCCEEDED");
  const query = `query ($id: ID!) { generation(id: $id) {
    step steps width height init { image strength maskImage maskRegion maskInverted maskFeather } variation { seed }
    image { url }
  } }`;
  const { generation } = await client.request<{ generation: { image: { url: string } } }>(query, { id });
  const init = { image: initImage, strength: 0.5, maskImage: null, maskRegion: null, maskInverted: false };
  assert.deepEqual({ ...generation, image: null }, {
    step: 3,
    steps: 3,
    width: 64,
    height: 64,
    init: { ...init, maskFeather: 0 },
    variation: null,
    image: null,
  });

  // A picture of its own can be started from, at its own size, and by a variation of the same seed.
  const { layout } = SMALL;
  const next = { model: "tiny-sd15", layout, steps: 2, seed: 5, initImage: generation.image.url, strength: 1 };
  const own = await picture(client, next);
  assert.equal(decodePngPixels(own).pixels.width, 64);
  assert.notDeepEqual(await picture(client, { ...next, variationSeed: 6, variationStrength: 0.3 }), own);
  assert.deepEqual(await picture(client, { ...next, variationSeed: 6, variationStrength: 0 }), own);
  assert.notDeepEqual(await picture(client, { ...next, clipSkip: 2 }), own);
});

TESTS.set(
  "an inpainting model paints what a mask image shows, and nothing without picture and mask",
  async (client) => {
    const start = photo(128, 64);
    const initImage = await upload(client, start);
    const maskImage = await upload(client, draw(32, 16, 3, (x) => x < 8 ? [255, 255, 255] : [0, 0, 0]));
    const input = { model: "tiny-inpaint", layout: { basePrompt: "a red fox" }, steps: 2, initImage, maskImage };
    const before = pixelsOf(await encodeImage(start, "PNG")), painted = pixelsOf(await picture(client, input));
    assert.deepEqual([0, 31].map((x) => painted(x, 20) === before(x, 20)), [false, false]);
    assert.deepEqual([32, 127].map((x) => painted(x, 20) === before(x, 20)), [true, true]);
    const inverted = pixelsOf(await picture(client, { ...input, maskInverted: true }));
    assert.deepEqual([0, 31].map((x) => inverted(x, 20) === before(x, 20)), [true, true]);

    for (const [field, left] of [["initImage", ["initImage", "maskImage"]], ["maskImage", ["maskImage"]]] as const) {
      const less = Object.fromEntries(Object.entries(input).filter(([name]) => !left.includes(name as never)));
      const { generate: { problems } } = await generate(client, less);
      assert.deepEqual(problems.map((problem) => problem.field), [`input.${field}`]);
    }
    const query = `{ model(name: "tiny-inpaint") { capabilities { inpainting startsFromPictures } } }`;
    assert.deepEqual(await client.request(query), {
      model: { capabilities: { inpainting: true, startsFromPictures: true } },
    });
  },
);

TESTS.set("what cannot be started from is refused at its field", async (client) => {
  const wide = await upload(client, photo(128, 64));
  const square = await upload(client, photo(64, 64));
  const large = await upload(client, photo(2056, 8));
  const base = { model: "tiny-sd15", steps: 4, layout: SMALL.layout };
  const unknown = "0".repeat(64);
  for (
    const [field, code, rule, more] of [
      ["initImage", "UNKNOWN_IMAGE", /id or URL of an uploaded image/, { initImage: unknown }],
      ["initImage", "UNKNOWN_IMAGE", /id or URL/, { initImage: "a picture" }],
      ["maskImage", "UNKNOWN_IMAGE", /id or URL/, { initImage: square, maskImage: unknown }],
      ["initImage", "INVALID_SIZE", /aspect, 64 x 64/, { initImage: wide, width: 64, height: 64 }],
      ["initImage", "INVALID_SIZE", /at most 2048 pixels/, { initImage: large }],
      ["maskImage", "INVALID_SIZE", /aspect of initImage, 128 x 64/, { initImage: wide, maskImage: square }],
      ["strength", "OUT_OF_RANGE", /greater than 0/, { initImage: square, strength: 0 }],
      ["strength", "OUT_OF_RANGE", /at most 1/, { initImage: square, strength: 1.01 }],
      ["strength", "OUT_OF_RANGE", /leave a step/, { initImage: square, strength: 0.24 }],
      ["strength", "INVALID_VALUE", /without initImage/, { strength: 0.5 }],
      ["maskImage", "INVALID_VALUE", /without initImage/, { maskImage: square }],
      ["maskRegion", "INVALID_VALUE", /without initImage/, { maskRegion: "sea" }],
      ["maskRegion", "INVALID_VALUE", /one of sea, wood/, { initImage: square, maskRegion: "sky" }],
      ["maskRegion", "INVALID_VALUE", /if maskImage is/, {
        initImage: square,
        maskImage: square,
        maskRegion: "sea",
      }],
      ["maskRegion", "INVALID_VALUE", /must not depend on words/, {
        initImage: square,
        maskRegion: "rest",
        layout: {
          basePrompt: "a sea",
          regions: [
            { name: "waves", prompt: "foam", geometry: { words: { of: "sea" } } },
            { name: "rest", prompt: "a wood", geometry: { rest: true } },
          ],
        },
      }],
      ["maskFeather", "OUT_OF_RANGE", /from 0 to 0.5/, { initImage: square, maskRegion: "sea", maskFeather: 0.6 }],
      ["maskFeather", "INVALID_VALUE", /without maskImage/, { initImage: square, maskFeather: 0.1 }],
      ["maskInverted", "INVALID_VALUE", /without maskImage/, { initImage: square, maskInverted: true }],
      ["clipSkip", "OUT_OF_RANGE", /at least 1/, { clipSkip: 0 }],
      ["clipSkip", "UNSUPPORTED", /at most 2: the text encoder has layers/, { clipSkip: 3 }],
      ["variationSeed", "INVALID_VALUE", /must be set/, { variationStrength: 0.5 }],
      ["variationStrength", "INVALID_VALUE", /must be set/, { variationSeed: 5 }],
      ["variationStrength", "OUT_OF_RANGE", /from 0 to 1/, { variationSeed: 5, variationStrength: 2 }],
    ] as const
  ) {
    const { generate: { problems } } = await generate(client, { ...base, ...more });
    const told = JSON.stringify([field, problems]);
    assert.deepEqual(problems?.map((problem) => [problem.field, problem.code]), [[`input.${field}`, code]], told);
    assert.match(problems[0]?.rule ?? "", rule, told);
    const tried = await tryDry(client, { ...base, ...more });
    assert.deepEqual(tried.problems, problems, "a dry run says the same");
  }
});

TESTS.set("a dry run counts the steps of the start, of the second pass and of all pictures", async (client) => {
  const initImage = await upload(client, photo(64, 64));
  const { seed: _, ...input } = { ...SMALL, model: "tiny-sd15", steps: 10 };
  const steps = async (more: object) => (await tryDry(client, { ...input, ...more })).steps;
  assert.equal(await steps({}), 10);
  assert.equal(await steps({ initImage, strength: 0.3, maskRegion: "sea" }), 3);
  assert.equal(await steps({ initImage, strength: 0.3, count: 2, secondPass: { scale: 2, strength: 0.5 } }), 16);
});

/** A dry run: the steps that it counts, or what it refuses. */
async function tryDry(client: GraphqlClient, input: object): Promise<{ steps?: number; problems?: unknown }> {
  const query = `query ($input: ValidateLayoutInput!) { validateLayout(input: $input) {
    ... on LayoutReport { steps } ... on InvalidInputError { problems { code field value rule message } } } }`;
  return (await client.request<{ validateLayout: { steps?: number } }>(query, { input })).validateLayout;
}

/** What paints a picture once more, or regions of it anew, and the new picture's file. */
async function again(client: GraphqlClient, field: "regenerate" | "reroll", file: Uint8Array, more: object) {
  const type = field === "reroll" ? "RerollInput" : "RegenerateInput";
  const payload = field === "reroll" ? "Reroll" : "Regeneration";
  const query = `mutation ($input: ${type}!) { answer: ${field}(input: $input) {
    ... on Error { message } ... on ${payload} { generation { id } differences { field } } } }`;
  const files = { "variables.input.file": new File([new Uint8Array(file)], "picture") };
  const { answer } = await client.request<
    { answer: { message?: string; generation?: { id: string }; differences?: readonly unknown[] } }
  >(query, { input: { file: null, ...more } }, { files });
  assert.ok(answer.generation, answer.message ?? "");
  assert.deepEqual(answer.differences, []);
  const { image } = await finish(client, answer.generation.id);
  assert.ok(image);
  return await client.picture(image.url);
}

TESTS.set("what was started from, read or found is in the file, which paints the picture once more", async (client) => {
  const initImage = await upload(client, photo(64, 64));
  const mask = await upload(client, draw(32, 32, 3, (x) => x < 16 ? [255, 255, 255] : [0, 0, 0]));
  const small = { ...SMALL, model: "tiny-sd15", steps: 4 };
  const words = {
    basePrompt: "a sea, a wood",
    regions: [
      { name: "wood", prompt: "a wood", geometry: { rectangle: { x: 0, y: 0, width: 0.4, height: 1 } } },
      { name: "foam", prompt: "foam", geometry: { words: { of: "sea" } }, loras: [{ name: "kohya locon" }] },
    ],
  };
  for (
    const input of [
      { ...small, clipSkip: 2, initImage, strength: 0.5, variationSeed: 3, variationStrength: 0.2 },
      {
        ...small,
        clipSkip: 2,
        initImage,
        maskImage: mask,
        maskFeather: 0.1,
        loras: [{ name: "diffusers", weight: 0.5 }],
      },
      {
        ...small,
        steps: 3,
        layout: words,
        secondPass: { scale: 2, upscale: "LATENT" },
        windows: { size: 64, overlap: 16 },
      },
    ]
  ) {
    const file = await picture(client, input);
    assert.deepEqual(await again(client, "regenerate", file, {}), file, JSON.stringify(input));
    if (!("secondPass" in input)) continue;
    const anew = await again(client, "reroll", file, { regions: ["wood"], seeds: [9] });
    assert.notDeepEqual(anew, file);
    assert.deepEqual(await again(client, "regenerate", anew, {}), anew, "and so does that of a re-roll");
  }
});

TESTS.set("several pictures of one generation are those of its seeds, and are counted together", async (client) => {
  const input = { ...SMALL, model: "tiny-sd15", steps: 2, seed: 0xffffffff };
  const { generate: { id } } = await generate(client, { ...input, count: 2 });
  assert.equal((await finish(client, id)).status, "SUCCEEDED");
  const query =
    `query ($id: ID!) { generation(id: $id) { step steps count pictures { seed image { url } } image { url } } }`;
  interface Read {
    readonly step: number;
    readonly steps: number;
    readonly count: number;
    readonly image: { readonly url: string };
    readonly pictures: readonly { readonly seed: number; readonly image: { readonly url: string } }[];
  }
  const read = async () => (await client.request<{ generation: Read }>(query, { id })).generation;
  const { step, steps, count, pictures, image } = await read();
  assert.deepEqual([step, steps, count, pictures.map(({ seed }) => seed)], [4, 4, 2, [0xffffffff, 0]]);
  assert.equal(image.url, pictures[0]?.image.url);
  for (const { seed, image: { url } } of pictures) {
    assert.deepEqual(await client.picture(url), await picture(client, { ...input, seed }));
  }
  for (const wrong of [0, 17]) {
    const { generate: { problems } } = await generate(client, { ...input, count: wrong });
    assert.deepEqual(problems.map(({ field, code }) => [field, code]), [["input.count", "OUT_OF_RANGE"]]);
  }
});

Deno.test("inputs", async (t) => {
  await using server = await startServer({ environment: { PARTERRE_MODELS } });
  for (const [claim, test] of TESTS) await t.step(claim, () => test(server.client));
});
