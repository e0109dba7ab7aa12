/** The other commands of `deno task cli`, and servers that do not answer. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { decodePng } from "../../image/png.ts";
import { generate, SMALL } from "../e2e/server.ts";
import { latin, pngWith } from "../image/metadata/picture_files.ts";
import { run, scratchFolder } from "./command.ts";
import { freePort, setUp } from "./serving.ts";
import { countOf } from "../jobs/backend.ts";

const SIZE = "64x64";

Deno.test("validate tells shares, warnings and problems, and paints nothing", async () => {
  await using context = await setUp();
  const { cli, path, server } = context;
  const fine = await cli(["validate", "--layout", "beds.json", "--size", SIZE, "--out", "drawn.png"]);
  assert.equal(fine.code, 0, fine.stderr);
  assert.match(fine.stdout, /^64 x 64 on beds-256, \d+ steps\n {2}sea {3} 50 % {2}1 token {2}ocean\n/);
  assert.match(fine.stdout, /Painting takes: not known/);
  decodePng(Deno.readFileSync(path("drawn.png")));
  assert.equal((await cli(["validate", "--layout", "beds.json", "--out", "drawn.svg"])).code, 0);
  assert.match(Deno.readTextFileSync(path("drawn.svg")), /^<svg /);

  const tiny = { regions: [{ prompt: "", geometry: { rectangle: { x: 0, y: 0, width: 0.05, height: 0.05 } } }] };
  const warned = await cli(["validate", "--layout", "-", "--size", SIZE, "--json"], { stdin: JSON.stringify(tiny) });
  assert.equal(warned.code, 0, "warnings are no errors");
  const { valid, warnings } = JSON.parse(warned.stdout);
  assert.equal(valid, true);
  assert.ok(warnings.some(({ code }: { code: string }) => code === "EMPTY_PROMPT"));

  const broken = { regions: [{ prompt: "fox" }] };
  const refused = await cli(["validate", "--layout", "-"], { stdin: JSON.stringify(broken) });
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^error: input\.layout\.regions\[0\]\.geometry: /);
  const unknown = await cli(["validate", "--layout", "-"], { stdin: JSON.stringify({ regionz: [] }) });
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /Field "regionz" is not defined/);
  assert.equal(await countOf(server.parterre.services.generations), 0);

  await generate(server.client, SMALL); // loads the model, after which there are estimates
  const known = await run(
    ["generate", "--input", "-", "--out", "/dev/null", "--format", "png", "--server", server.url],
    {
      cwd: path("."),
      stdin: JSON.stringify(SMALL),
    },
  );
  assert.equal(known.code, 0, known.stderr);
  assert.match((await cli(["validate", "--layout", "beds.json"])).stdout, /Painting takes: \d+\.\d s\n/);
});

Deno.test("layouts are saved, listed, exported as files and painted from there", async () => {
  await using context = await setUp();
  const { cli, path } = context;
  assert.deepEqual(await cli(["layouts", "--json"]).then(({ code, stdout }) => [code, stdout]), [0, "[]\n"]);
  const saved = await cli(["layouts", "save", "beds.json", "--name", "Beds"]);
  assert.equal(saved.code, 0, saved.stderr);
  const id = saved.stdout.trim();
  const listed = await cli(["layouts", "list", "--name", "bed"]);
  assert.match(listed.stdout, new RegExp(`^${id}  v1  \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d  Beds\\n$`));
  assert.equal((await cli(["layouts", "list", "--name", "other"])).stdout, "");

  assert.equal((await cli(["layouts", "get", id, "--out", "export.json"])).code, 0);
  assert.partialDeepStrictEqual(JSON.parse(Deno.readTextFileSync(path("export.json"))), SMALL.layout);
  assert.equal((await cli(["layouts", "get", id, "--at", "1"])).stdout, Deno.readTextFileSync(path("export.json")));
  const missing = await cli(["layouts", "get", id, "--at", "2"]);
  assert.deepEqual([missing.code, missing.stderr], [1, `error: No layout with a version 2 has the id "${id}"\n`]);

  const painted = await cli(["generate", "--saved", id, "--size", SIZE, "--steps", "2", "--out", "saved.png"]);
  assert.equal(painted.code, 0, painted.stderr);
  assert.equal((await cli(["layouts", "delete", id])).stdout, '"Beds" is deleted\n');
  assert.equal((await cli(["layouts", "list"])).stdout, "");
  const nameless = await cli(["layouts", "save", "beds.json", "--name", " "]);
  assert.equal(nameless.code, 2);
  assert.match(nameless.stderr, /input\.name/);
});

Deno.test("all pages of a long list are listed", async () => {
  await using context = await setUp();
  const mutation = "mutation ($input: SaveLayoutInput!) { saveLayout(input: $input) { __typename } }";
  for (let i = 0; i < 101; i++) {
    await context.server.client.request(mutation, { input: { name: `Layout ${i}`, json: SMALL.layout } });
  }
  assert.equal(JSON.parse((await context.cli(["layouts", "--json"])).stdout).length, 101);
});

Deno.test("import reads the files of other tools, and its JSON goes on to generate", async () => {
  await using context = await setUp();
  const { cli, path } = context;
  Deno.writeTextFileSync(path("prompt.txt"), "meadow ADDBASE fox ADDCOL owl");
  const read = await cli(["import", "prompt.txt", "--ratios", "3,1,1"]);
  assert.equal(read.code, 0, read.stderr);
  assert.match(read.stderr, /^warning: .*\(RATIO_DROPPED\)\n$/);
  assert.equal(JSON.parse(read.stdout).regions.length, 2);
  const painted = await cli(["generate", "--layout", "-", "--size", SIZE, "--steps", "2", "--out", "imported.png"], {
    stdin: read.stdout,
  });
  assert.equal(painted.code, 0, painted.stderr);

  const { stdout } = await cli(["import", "prompt.txt", "--ratios", "3,1,1", "--json"]);
  const { layout, warnings } = JSON.parse(stdout);
  assert.deepEqual([layout, warnings[0].code], [JSON.parse(read.stdout), "RATIO_DROPPED"]);

  const omost = `canvas = Canvas()
canvas.set_global_description(description='A meadow.', detailed_descriptions=['Green.'], tags='meadow', HTML_web_color_name='green')
`;
  const canvas = await cli(["import", "-"], { stdin: omost });
  assert.equal(canvas.code, 0, canvas.stderr);
  assert.match(JSON.parse(canvas.stdout).basePrompt, /meadow/i);
  const workflow = await cli(["import", "-"], { stdin: "{}" });
  assert.equal(workflow.code, 2);
  assert.match(workflow.stderr, /^error: input\.comfyWorkflow\.json: must be a workflow/);
});

Deno.test("import reads pictures and texts of more tools, and --whole has what generate takes", async () => {
  await using context = await setUp();
  const { cli, path } = context;
  Deno.writeFileSync(
    path("picture.gif"),
    pngWith(["tEXt", latin("parameters", "fox\nSteps: 2, CFG scale: 1, Size: 64x64")]),
  );
  const read = await cli(["import", "picture.gif", "--whole"]);
  assert.equal(read.code, 0, read.stderr);
  assert.deepEqual(JSON.parse(read.stdout), {
    layout: { aspect: 1, basePrompt: "fox", emphasis: "A1111" },
    steps: 2,
    guidanceScale: 1,
    width: 64,
    height: 64,
  });
  const plain = await cli(["import", "-"], { stdin: "fox\nNegative prompt: owl\nSteps: 20, Sampler: Euler a" });
  assert.deepEqual(JSON.parse(plain.stdout), { basePrompt: "fox", negativePrompt: "owl", emphasis: "A1111" });
  const omost = await cli(["import", "-"], { stdin: '[{"rect": [0, 90, 0, 90], "prefixes": ["A harbour."]}]' });
  assert.equal(JSON.parse(omost.stdout).basePrompt, "A harbour.");
  const invoke = await cli(["import", "-", "--json"], { stdin: '{"positive_prompt": "meadow"}' });
  assert.equal(JSON.parse(invoke.stdout).source, "INVOKEAI");
  const krita = await cli(["import", "-", "--json"], { stdin: '{"root": {"positive": "photo"}, "regions": []}' });
  assert.equal(JSON.parse(krita.stdout).source, "KRITA_AI");
  Deno.writeFileSync(path("bad.bin"), Uint8Array.of(0xff, 0xfe, 0));
  const refused = await cli(["import", "bad.bin"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^error: input\.picture\.file: must be a PNG, JPEG or WebP file/);
});

Deno.test("export writes a layout as a prompt, with its settings and what it cannot say beside it", async () => {
  await using context = await setUp();
  const { cli, path } = context;
  const exported = await cli(["export", "--layout", "beds.json", "--to", "regional-prompter"]);
  assert.equal(exported.code, 0, exported.stderr);
  assert.equal(exported.stdout, "ocean\nADDCOL forest\n");
  assert.match(exported.stderr, /^warning: input\.layout\.regions: .*\ndivide mode: COLUMNS\ndivide ratio: 1,1\n$/);
  Deno.writeTextFileSync(path("prompt.txt"), exported.stdout);
  const again = await cli(["import", "prompt.txt", "--ratios", "1,1"]);
  assert.equal(JSON.parse(again.stdout).regions[1].prompt, "forest");
  const json = await cli(["export", "--layout", "beds.json", "--to", "regional-prompter", "--json"]);
  assert.equal(JSON.parse(json.stdout).regionalPrompter.mode, "COLUMNS");
});

Deno.test("models lists what can paint", async () => {
  await using context = await setUp();
  assert.match((await context.cli(["models"])).stdout, /^beds-256 +ready +SD2 +256 px/m);
  const models: { name: string }[] = JSON.parse((await context.cli(["models", "--json"])).stdout);
  assert.deepEqual(models.map(({ name }) => name), ["beds-256", "beds-256-lcm"]);
});

Deno.test("a server that is not there, or is something else, is told in one line, with 1", async () => {
  using folder = scratchFolder();
  const options = { cwd: folder.path };
  const gone = await run(["models", "--server", `http://127.0.0.1:${freePort()}`], options);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /^error: Cannot reach http:\/\/127\.0\.0\.1:\d+: [^\n]*[Cc]onnection refused\n$/);
  const json = await run(["models", "--json", "--server", `http://127.0.0.1:${freePort()}`], options);
  assert.equal(JSON.parse(json.stdout).error.code, "UNREACHABLE");
  const nothing = await run(["models", "--server", "localhost:8000"], options);
  assert.equal(nothing.code, 2);

  await using other = Deno.serve({ port: 0, onListen: () => {} }, () => new Response("<html>\n", { status: 502 }));
  const proxy = await run(["models"], { ...options, env: { PARTERRE_URL: `http://127.0.0.1:${other.addr.port}` } });
  assert.deepEqual([proxy.code, proxy.stderr], [1, "error: The server answered: status 502 <html>\n"]);
});

Deno.test("the key goes to the server as a bearer token, with queries and with subscriptions", async () => {
  using folder = scratchFolder();
  const seen: (string | null)[] = [];
  await using server = Deno.serve({ port: 0, onListen: () => {} }, (request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json({ errors: [{ message: "No", extensions: { code: "UNAUTHENTICATED" } }] }, { status: 401 });
  });
  const env = { PARTERRE_URL: `http://127.0.0.1:${server.addr.port}`, PARTERRE_KEY: "secret" };
  const options = { cwd: folder.path, env };
  for (const args of [["models"], ["watch", "Generation:1"], ["models", "--key", "other"]]) {
    const { code, stderr, stdout } = await run(args, options);
    assert.equal(code, 1);
    assert.equal(stderr, "error: The server answered: No\n");
    assert.equal(stdout, "");
  }
  assert.deepEqual(seen, ["Bearer secret", "Bearer secret", "Bearer other"]);
  const help = await run(["generate", "--help"], options);
  assert.doesNotMatch(help.stdout, /secret/);
});

Deno.test("upload stores an image under its SHA-256, which an input then names", async () => {
  await using context = await setUp();
  const { cli, path } = context;
  const bytes = Deno.readFileSync(new URL("../../examples/images/sketch.png", import.meta.url));
  Deno.writeFileSync(path("sketch.png"), bytes);
  const { code, stdout, stderr } = await cli(["upload", "sketch.png"]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, `${createHash("sha256").update(bytes).digest("hex")}\n`);
  const input = { ...SMALL, initImage: stdout.trim(), strength: 0.5 };
  const painted = await cli(["generate", "--input", "-", "--out", "painted.png"], { stdin: JSON.stringify(input) });
  assert.equal(painted.code, 0, painted.stderr);

  Deno.writeTextFileSync(path("text.png"), "no image");
  const refused = await cli(["upload", "text.png"]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /^error: file: /);
});
