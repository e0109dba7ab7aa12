/** Pictures to start from, LoRAs and the rest, by options of `deno task cli generate` and `validate`. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { encodeImage } from "../../image/encode.ts";
import { photo } from "../image/pictures.ts";
import { setUp } from "./serving.ts";

const PARTERRE_MODELS = fileURLToPath(new URL("../fixtures/models", import.meta.url));

const QUERY = `query ($id: ID!) { generation(id: $id) {
  width height steps count clipSkip loras { name weight } regionalLora
  init { strength maskImage maskRegion maskInverted maskFeather } variation { seed strength }
  windows { size overlap } secondPass { scale upscale strength steps }
} }`;

Deno.test("options of pictures, LoRAs and passes are what the same fields of an input are", async (t) => {
  await using context = await setUp({ PARTERRE_MODELS });
  const { cli, path, server: { client } } = context;
  Deno.writeFileSync(path("start.png"), await encodeImage(photo(64, 64), "PNG"));
  Deno.writeFileSync(path("mask.png"), await encodeImage(photo(32, 32), "PNG"));
  const painted = async (...args: readonly string[]) => {
    const layout = ["--layout", "beds.json", "--steps", "4", "--seed", "5", "--model", "tiny-sd15"];
    const { code, stdout, stderr } = await cli(["generate", ...layout, ...args, "--out", "a.png", "--json"]);
    assert.equal(code, 0, stderr);
    const told = JSON.parse(stdout);
    return { told, ...(await client.request<{ generation: Record<string, unknown> }>(QUERY, { id: told.id })) };
  };

  await t.step("an image and a region of it, LoRAs, several pictures, each in a file", async () => {
    const { told, generation } = await painted(
      ...["--init", "start.png", "--strength", "0.5", "--mask-region", "sea", "--mask-feather", "0.1"],
      ...["--lora", "kohya locon:0.75", "--lora", "kohya locon", "--regional-lora", "context-only", "--count", "2"],
      ...["--variation-seed", "9", "--variation-strength", "0.25", "--previews", "previews"],
    );
    const previews = [...Deno.readDirSync(path("previews"))].map(({ name }) => name).sort();
    assert.deepEqual(previews, ["01-1", "02-1", "03-2", "04-2"].map((which) => `preview-${which}.png`), "and previews");
    assert.deepEqual(generation, {
      width: 64,
      height: 64,
      steps: 4, // half of four, twice
      count: 2,
      clipSkip: 1,
      loras: [{ name: "kohya locon", weight: 1.75 }],
      regionalLora: "CONTEXT_ONLY",
      init: { strength: 0.5, maskImage: null, maskRegion: "sea", maskInverted: false, maskFeather: 0.1 },
      variation: { seed: 9, strength: 0.25 },
      windows: null,
      secondPass: null,
    });
    assert.deepEqual(told.further.map(({ out, seed }: { out: string; seed: number }) => [out, seed]), [["a-2.png", 6]]);
    assert.deepEqual(Deno.readFileSync(path("a-2.png")), await client.picture(told.further[0].url));
    assert.notDeepEqual(Deno.readFileSync(path("a-2.png")), Deno.readFileSync(path("a.png")));
  });

  await t.step(
    "an image as a mask in the place of an input's region; a second pass of which options replace parts",
    async () => {
      Deno.writeTextFileSync(path("region.json"), JSON.stringify({ maskRegion: "sea" }));
      const mask = ["--init", "start.png", "--mask", "mask.png", "--mask-inverted", "--clip-skip", "2"];
      const { generation } = await painted("--input", "region.json", ...mask);
      const { init } = generation as { init: Record<string, unknown> };
      assert.match(String(init["maskImage"]), /^[0-9a-f]{64}$/);
      assert.partialDeepStrictEqual(generation, { clipSkip: 2, init: { maskRegion: null, maskInverted: true } });
      Deno.writeTextFileSync(path("pass.json"), JSON.stringify({ secondPass: { scale: 3, steps: 2 } }));
      const second = [
        "--second-pass",
        "2",
        "--upscale",
        "latent",
        "--second-pass-strength",
        "1",
        "--windows",
        "128:32",
      ];
      assert.partialDeepStrictEqual((await painted("--input", "pass.json", ...second)).generation, {
        windows: { size: 128, overlap: 32 },
        secondPass: { scale: 2, upscale: "LATENT", strength: 1, steps: 2 },
      });
    },
  );

  await t.step("and a dry run takes them, too", async () => {
    const args = [
      "validate",
      "--layout",
      "beds.json",
      "--model",
      "tiny-sd15",
      "--steps",
      "10",
      "--init",
      "start.png",
      "--strength",
      "0.3",
    ];
    const { code, stdout, stderr } = await cli([...args, "--count", "2"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^64 x 64 on tiny-sd15, 6 steps\n/);
  });

  Deno.writeTextFileSync(path("note.txt"), "no picture");
  for (
    const [args, told] of [
      [["--init", "none.png"], /Cannot read none\.png: No such file/],
      [["--init", "note.txt"], /--init note\.txt: must/],
      [["--init", "start.png", "--mask", "note.txt"], /--mask note\.txt: must/],
      [["--init", "-", "--mask", "-"], /cannot be both --init and --mask/],
      [["--mask", "mask.png", "--mask-region", "sea"], /'--mask-region <name>' cannot be used with option '--mask/],
      [["--strength", "0.5"], /input\.strength: must not be set without initImage/],
      [["--init", "start.png", "--strength", "0"], /input\.strength: must be greater than 0/],
      [["--lora", "diffusers:much"], /must be a number/],
      [["--lora", ":1"], /must be NAME:WEIGHT/],
      [["--lora", "diffuser"], /input\.loras\[0\]\.name: must be the name of a LoRA, the nearest are "diffusers"/],
      [["--windows", "big"], /must be SIZE or SIZE:OVERLAP/],
      [["--upscale", "latent"], /go with --second-pass SCALE/],
      [["--second-pass", "0.5"], /input\.secondPass\.scale: must/],
      [["--count", "0"], /input\.count: must be a whole number from 1 to 16/],
    ] as const
  ) {
    await t.step(`refused: ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await cli(
        ["validate", "--layout", "beds.json", "--model", "tiny-sd15", ...args],
        { stdin: "" },
      );
      assert.equal(code, 2, stdout + stderr);
      assert.match(stderr, told);
    });
  }
  await t.step("refused: several pictures on one stream", async () => {
    const { code, stderr } = await cli(["generate", "--layout", "beds.json", "--count", "2", "--out", "-"]);
    assert.deepEqual([code, /--out - takes one picture/.test(stderr)], [2, true], stderr);
    assert.deepEqual([...Deno.readDirSync(path("."))].filter(({ name }) => name.endsWith(".part")), []);
  });
});
