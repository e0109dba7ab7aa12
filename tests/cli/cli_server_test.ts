/** The command, talking to a running server. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { decodePng } from "../../image/png.ts";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { readConfig } from "../../server/config.ts";
import { startParterre } from "../../server/parterre.ts";
import { generate, SMALL, startServer, type TestServer } from "../e2e/server.ts";
import { type Result, run, type RunOptions, says, scratchFolder, start } from "./command.ts";

const SIZE = "64x64";

/** A server, a folder to call from, and the command that talks to it. */
async function setUp(options: Parameters<typeof startServer>[0] = {}) {
  const server = await startServer(options);
  const folder = scratchFolder();
  const path = (name: string) => join(folder.path, name);
  Deno.writeTextFileSync(path("beds.json"), JSON.stringify({ $schema: "layout.schema.json", ...SMALL.layout }));
  return {
    server,
    path,
    cli: (args: readonly string[], more: Partial<RunOptions> = {}): Promise<Result> =>
      run([...args, "--server", server.url], { cwd: folder.path, ...more }),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}

/** Asks for a generation that takes long, or that waits behind such a one. */
async function slow({ client }: Pick<TestServer, "client">): Promise<string> {
  const { generate: { id, message } } = await generate(client, {
    ...SMALL,
    steps: 150,
    width: 256,
    height: 256,
  });
  assert.ok(id, message);
  return id;
}

async function status(server: TestServer, id: string): Promise<string> {
  const query = "query ($id: ID!) { generation(id: $id) { status } }";
  return (await server.client.request<{ generation: { status: string } }>(query, { id })).generation.status;
}

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
  assert.equal(await server.parterre.services.queue.count(), 0);
  const left = [...Deno.readDirSync(path("."))].map(({ name }) => name);
  assert.deepEqual(left.filter((name) => !name.endsWith(".json")), [], "nothing is left behind");
});

Deno.test("validate tells shares, warnings and problems, and paints nothing", async () => {
  await using context = await setUp();
  const { cli, path, server } = context;
  const fine = await cli(["validate", "--layout", "beds.json", "--size", SIZE, "--out", "drawn.png"]);
  assert.equal(fine.code, 0, fine.stderr);
  assert.match(fine.stdout, /^64 x 64 on beds-256\n {2}sea {3} 50 % {2}1 token {2}ocean\n/);
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
  assert.equal(await server.parterre.services.queue.count(), 0);

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

Deno.test("watch follows a generation and fetches its picture; as JSON, every event is a line", async () => {
  await using context = await setUp();
  const { cli, path } = context;
  const asked = await cli(["generate", "--layout", "beds.json", "--size", SIZE, "--steps", "4", "--detach"]);
  const id = asked.stdout.trim();
  assert.match(id, /^Generation:/);
  const watched = await cli(["watch", id, "--out", "watched.png"]);
  assert.equal(watched.code, 0, watched.stderr);
  decodePng(Deno.readFileSync(path("watched.png")));
  const { stdout } = await cli(["watch", id, "--json"]);
  const events: { __typename: string; sequence: number }[] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(events.map(({ sequence }) => sequence), Array.from(events, (_, i) => i));
  assert.equal(events.at(-1)?.__typename, "GenerationCompletedEvent");
  assert.equal(events.filter(({ __typename }) => __typename === "GenerationPreviewEvent").length, 4);
  assert.ok(!stdout.includes("data:image"));
});

Deno.test("a long wait shows the place in the queue; cancel takes what waits out of it", async () => {
  await using context = await setUp();
  const { cli, server, path } = context;
  const first = await slow(server);
  const second = await slow(server);
  const third = await slow(server);
  const child = start(["watch", third, "--server", server.url], { cwd: path(".") });
  await says(child, "Waiting: 1 before it");
  for (const id of [second, first, third]) assert.equal((await cli(["cancel", id])).code, 0);
  assert.equal((await child.status).code, 1, "a canceled generation is no success");
  await child.stdout.cancel();
  assert.equal(await status(server, second), "CANCELED");
  assert.equal(JSON.parse((await cli(["cancel", second, "--json"])).stdout).status, "CANCELED");
  const unknown = await cli(["cancel", "Generation:01900000-0000-7000-8000-000000000000"]);
  assert.equal(unknown.code, 1);
});

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`${signal} cancels what is painted and ends generate with ${code}, but leaves what is watched alone`, async () => {
    await using context = await setUp();
    const { server, path } = context;
    const id = await slow(server);
    const watching = start(["watch", id, "--server", server.url], { cwd: path(".") });
    await says(watching, "1/150");
    watching.kill(signal);
    assert.equal((await watching.status).code, code);
    await watching.stdout.cancel();
    assert.equal(await status(server, id), "RUNNING");
    await server.client.request("mutation ($id: ID!) { cancelGeneration(id: $id) { __typename } }", { id });

    const args = ["generate", "--layout", "beds.json", "--size", "256x256", "--steps", "150", "--out", "never.png"];
    const painting = start([...args, "--server", server.url], { cwd: path(".") });
    await says(painting, "1/150");
    painting.kill(signal);
    assert.equal((await painting.status).code, code);
    await painting.stdout.cancel();
    const { generations: { edges: [latest] } } = await server.client.request<
      { generations: { edges: { node: { status: string } }[] } }
    >("{ generations(first: 1) { edges { node { status } } } }");
    assert.equal(latest?.node.status, "CANCELED");
    assert.deepEqual([...Deno.readDirSync(path("."))].map(({ name }) => name), ["beds.json"], "nothing is left behind");
  });
}

Deno.test("a server that restarts while it is watched is found again", async () => {
  using data = scratchFolder();
  using folder = scratchFolder();
  const cwd = folder.path;
  const port = freePort();
  const serve = async () => {
    const config = { ...readConfig({ PARTERRE_PRELOAD: "none" }), port, dataFolder: data.path };
    const parterre = await startParterre(config);
    const client = new GraphqlClient(parterre.url);
    return { url: parterre.url, client, [Symbol.asyncDispose]: () => parterre.close() };
  };
  let child: Deno.ChildProcess;
  {
    await using server = await serve();
    const id = await slow(server);
    child = start(["watch", id, "--server", server.url], { cwd });
    await says(child, "2/150");
  }
  {
    await using server = await serve();
    const { generations: { edges: [latest] } } = await server.client.request<
      { generations: { edges: { node: { id: string } }[] } }
    >("{ generations(first: 1) { edges { node { id } } } }");
    const id = latest?.node.id ?? "";
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await server.client.request("mutation ($id: ID!) { cancelGeneration(id: $id) { __typename } }", { id });
    assert.equal((await child.status).code, 1);
    assert.match(await new Response(child.stdout).text(), /^$/);
  }
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

Deno.test("a reader that goes away ends a command quietly, with 141", async () => {
  await using context = await setUp();
  const { server, path } = context;
  const { generate: { id } } = await generate(server.client, { ...SMALL, steps: 30 });
  const child = start(["watch", id, "--json", "--server", server.url], { cwd: path(".") });
  const reader = child.stdout.getReader();
  await reader.read();
  await reader.cancel();
  const { code } = await child.status;
  assert.equal(code, 141);
  assert.doesNotMatch(await new Response(child.stderr).text(), /BrokenPipe|\n\s+at /);
});

function freePort(): number {
  using listener = Deno.listen({ port: 0 });
  return listener.addr.port;
}
