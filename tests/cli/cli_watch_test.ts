/** `deno task cli watch`, and what happens while a command waits: signals, restarts, readers that leave. */

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { decodePng } from "../../image/png.ts";
import { GraphqlClient } from "../../cli/graphql_client.ts";
import { readConfig } from "../../server/config.ts";
import { startParterre } from "../../server/parterre.ts";
import { generate, SMALL, type TestServer } from "../e2e/server.ts";
import { says, scratchFolder, start } from "./command.ts";
import { freePort, setUp } from "./serving.ts";

const SIZE = "64x64";

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

Deno.test("watch follows a generation and fetches its pictures; as JSON, every event is a line", async () => {
  await using context = await setUp();
  const { cli, path } = context;
  const asked = await cli([
    "generate",
    "--layout",
    "beds.json",
    "--size",
    SIZE,
    "--steps",
    "2",
    "--count",
    "2",
    "--detach",
  ]);
  const id = asked.stdout.trim();
  assert.match(id, /^Generation:/);
  const watched = await cli(["watch", id, "--out", "watched.png"]);
  assert.equal(watched.code, 0, watched.stderr);
  assert.match(watched.stdout, /^watched\.png: 64 x 64, seed \d+\nwatched-2\.png: seed \d+\n$/);
  const [one, two] = ["watched.png", "watched-2.png"].map((file) => decodePng(Deno.readFileSync(path(file))));
  assert.notDeepEqual(one, two);
  const refused = await cli(["watch", id, "--out", "-"]);
  assert.deepEqual([refused.code, refused.stdout], [2, ""]);
  assert.match(refused.stderr, /--out - takes one picture, and 2 are asked for/);
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
    const { generate: { id } } = await generate(server.client, { ...SMALL, steps: 60, width: 128, height: 128 });
    child = start(["watch", id, "--server", server.url, "--out", "picture.png"], { cwd });
    await says(child, "2/60");
  }
  {
    await using _server = await serve(); // it paints the picture again
    assert.equal((await child.status).code, 0);
  }
  assert.match(await new Response(child.stdout).text(), /^picture\.png: 128 x 128, /);
  decodePng(Deno.readFileSync(join(cwd, "picture.png")));
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
