/** `deno task cli generate`, and what it refuses. */

import { strict as assert } from "node:assert";
import { decodePng } from "../../image/png.ts";
import { SMALL } from "../e2e/server.ts";
import { run } from "./command.ts";
import { setUp } from "./serving.ts";
import { countOf } from "../jobs/backend.ts";

const SIZE = "64x64";

Deno.test("generate paints a layout, keeps previews, and tells what it did", async (t) => {
  await using context = await setUp();
  const { cli, path } = context;

  await t.step("into a file, in the place of another", async () => {
    Deno.writeTextFileSync(path("picture.png"), "an earlier file");
    const args = ["generate", "--layout", "beds.json", "--size", SIZE, "--steps", "4", "--seed", "5"];
    const { code, stdout, stderr } = await cli([...args, "--out", "picture.png", "--previews", "previews"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^picture\.png: 64 x 64, seed 5, 4 steps, \d+\.\d s\n$/);
    assert.match(stderr, /\[#{24}\] 4\/4 {2}ETA 0\.0 s {2}4 previews/);
    const { pixels, text } = decodePng(Deno.readFileSync(path("picture.png")));
    assert.deepEqual([pixels.width, pixels.height], [64, 64]);
    assert.ok(JSON.stringify(text).includes("ocean"));
    const previews = [...Deno.readDirSync(path("previews"))].map(({ name }) => name).sort();
    assert.deepEqual(previews, [1, 2, 3, 4].map((step) => `preview-0${step}.png`));
    decodePng(Deno.readFileSync(path("previews/preview-04.png")));
    assert.deepEqual([...Deno.readDirSync(path("."))].filter(({ name }) => name.endsWith(".part")), []);
  });

  await t.step("from standard input to standard output", async () => {
    const args = ["generate", "--layout", "-", "--size", SIZE, "--steps", "4", "--seed", "5", "--out", "-"];
    const { code, bytes, stderr } = await cli(args, { stdin: JSON.stringify(SMALL.layout) });
    assert.equal(code, 0, stderr);
    assert.deepEqual(bytes, Deno.readFileSync(path("picture.png")), "the same request is the same picture");
  });

  await t.step("from a whole input, of which options replace parts", async () => {
    Deno.writeTextFileSync(path("input.json"), JSON.stringify({ ...SMALL, seed: 6 }));
    const args = ["generate", "--input", "input.json", "--seed", "5", "--out", "again.png", "--json"];
    const { code, stdout, stderr } = await cli(args);
    assert.equal(code, 0, stderr);
    const { seed, status, previews, out, mimeType, id } = JSON.parse(stdout);
    const told = { seed, status, previews, out, mimeType };
    const expected = { seed: 5, status: "SUCCEEDED", previews: 4, out: "again.png", mimeType: "image/png" };
    assert.deepEqual(told, expected);
    assert.match(id, /^Generation:/);
    assert.deepEqual(Deno.readFileSync(path("again.png")), Deno.readFileSync(path("picture.png")));
  });

  await t.step("once more from its file, to the same bytes", async () => {
    const { code, stderr } = await cli(["generate", "--again", "picture.png", "--out", "same.png"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(Deno.readFileSync(path("same.png")), Deno.readFileSync(path("picture.png")));
    for (
      const [more, told] of [[["--out", "same.jpg"], /is PNG/], [["--seed", "3", "--out", "x.png"], /no other option/]]
    ) {
      const refused = await cli(["generate", "--again", "picture.png", ...more as string[]]);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, told as RegExp);
    }
    assert.equal((await cli(["generate", "--again", "beds.json", "--out", "x.png"])).code, 2);
  });

  await t.step("with a region painted anew, from its file and from its generation", async () => {
    const { code, stdout, stderr } = await cli([
      ...["reroll", "picture.png", "--region", "wood", "--seed", "9", "--out", "wood.png", "--json"],
    ]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /wood: seed 9/);
    assert.notDeepEqual(Deno.readFileSync(path("wood.png")), Deno.readFileSync(path("picture.png")));
    const { id } = JSON.parse(stdout);
    const both = ["reroll", id, "--region", "wood", "sea", "--no-lock-rest", "--seed", "5", "5", "--out", "both.png"];
    assert.equal((await cli(both)).code, 0);
    const pixels = (name: string) => decodePng(Deno.readFileSync(path(name))).pixels.data;
    assert.deepEqual(pixels("both.png"), pixels("picture.png"), "5 is the seed that the picture has everywhere");
    const refused = await cli(["reroll", "picture.png", "--region", "sky", "--out", "x.png"]);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /input\.regions\[0\]: must be one of the regions that paint: sea, wood, got "sky"/);
  });

  await t.step("as another format, by the name of the file", async () => {
    const { code, stderr } = await cli([
      "generate",
      "--prompt",
      "ocean",
      "--size",
      SIZE,
      "--steps",
      "2",
      "--out",
      "a.jpg",
    ]);
    assert.equal(code, 0, stderr);
    assert.deepEqual([...Deno.readFileSync(path("a.jpg")).subarray(0, 2)], [0xff, 0xd8]);
  });

  await t.step("into a device, which stays one", async () => {
    const { code, stderr } = await cli([
      ...["generate", "--prompt", "ocean", "--size", SIZE, "--steps", "2"],
      ...["--format", "png", "--out", "/dev/null", "--quiet"],
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "", "--quiet");
    assert.ok(Deno.statSync("/dev/null").isCharDevice);
  });
});

Deno.test("what cannot succeed ends with 2, before anything is painted", async (t) => {
  await using context = await setUp();
  const { cli, server, path } = context;
  Deno.writeTextFileSync(path("text.json"), "{ prompt: }");
  Deno.writeTextFileSync(path("list.json"), "[]");
  Deno.writeTextFileSync(path("input.json"), JSON.stringify(SMALL));
  Deno.writeFileSync(path("binary.json"), new Uint8Array([0xff, 0xfe, 0]));
  const layout = ["--layout", "beds.json"];
  const cases: readonly [string, readonly string[], RegExp][] = [
    ["no command", [], /Usage: deno task cli/],
    ["an unknown command", ["paint"], /unknown command 'paint'/],
    ["an unknown option", ["generate", "--sede", "1"], /unknown option '--sede'\n\(Did you mean --seed\?\)/],
    ["no place for the picture", ["generate", ...layout], /Give --out FILE/],
    ["nothing to paint", ["generate", "--out", "a.png"], /Nothing to paint/],
    ["a number that is none", ["generate", ...layout, "--steps", "4x", "--out", "a.png"], /must be a whole number/],
    ["a size that is none", ["generate", ...layout, "--size", "64", "--out", "a.png"], /must be WIDTHxHEIGHT/],
    ["a missing file", ["generate", "--layout", "none.json", "--out", "a.png"], /Cannot read none\.json: No such file/],
    ["a file that is no JSON", ["generate", "--layout", "text.json", "--out", "a.png"], /Cannot read text\.json: /],
    ["a file that is no text", ["generate", "--layout", "binary.json", "--out", "a.png"], /is not UTF-8 text/],
    ["a list", ["generate", "--layout", "list.json", "--out", "a.png"], /list\.json: it holds no JSON object/],
    ["an input as a layout", ["generate", "--layout", "input.json", "--out", "a.png"], /pass it with --input/],
    ["a missing folder", ["generate", ...layout, "--out", "none/a.png"], /Cannot write none\/a\.png: No such file/],
    ["a folder", ["generate", ...layout, "--out", "."], /Cannot write \.: it is a folder/],
    ["previews into a file", ["generate", ...layout, "--out", "a.png", "--previews", "beds.json"], /Cannot write beds/],
    ["an unknown format", ["generate", ...layout, "--out", "a.gif"], /What format has a file named \*\.gif/],
    ["two formats", ["generate", ...layout, "--out", "a.png", "--format", "jpeg"], /does not go with/],
    ["two things on one stream", ["generate", ...layout, "--out", "-", "--json"], /both write to standard output/],
    ["a picture when nobody waits", ["generate", ...layout, "--out", "a.png", "--detach"], /--detach waits for no/],
    [
      "a rule broken",
      ["generate", ...layout, "--size", "100x64", "--out", "a.png"],
      /input\.width: must be a multiple/,
    ],
    ["a field that does not exist", ["generate", "--input", "beds.json", "--out", "a.png"], /Nothing to paint/],
  ];
  for (const [name, args, expected] of cases) {
    await t.step(name, async () => {
      const { code, stdout, stderr } = args.length === 0 ? await run([], { cwd: path(".") }) : await cli(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, expected);
      assert.equal(stdout, args.includes("--json") ? `${JSON.stringify({ error: JSON.parse(stdout).error })}\n` : "");
      assert.doesNotMatch(stderr, /\n\s+at /, "no stack");
    });
  }
  await t.step("and says so to programs", async () => {
    const { code, stdout } = await cli(["generate", ...layout, "--size", "100x64", "--out", "a.png", "--json"]);
    assert.equal(code, 2);
    const { error: { code: kind, problems: [problem] } } = JSON.parse(stdout);
    assert.equal(kind, "INVALID_INPUT");
    assert.partialDeepStrictEqual(problem, { code: "INVALID_SIZE", field: "input.width", value: "100" });
    assert.equal(JSON.parse((await cli(["generate", "--json", "--nope"])).stdout).error.code, "USAGE");
  });
  assert.equal(await countOf(server.parterre.services.generations), 0);
  const left = [...Deno.readDirSync(path("."))].map(({ name }) => name);
  assert.deepEqual(left.filter((name) => !name.endsWith(".json")), [], "nothing is left behind");
});
