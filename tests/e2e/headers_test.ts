/** What browsers are told of every answer, and what clients are not told. */

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { copy } from "../copy_folder.ts";
import { finish, generate, SMALL, startServer } from "./server.ts";

Deno.test("no answer is sniffed, framed or run as a page", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, SMALL);
  const { image } = await finish(server.client, id);
  const answers = [
    await fetch(`${server.url}/graphql?query={__typename}`),
    await fetch(`${server.url}/graphql?query={`),
    await fetch(`${server.url}/graphql?query=subscription{generationEvents(id:"${id}"){sequence}}`, {
      headers: { accept: "text/event-stream" },
    }),
    await fetch(`${server.url}/graphql`, { headers: { accept: "text/html" } }),
    await fetch(`${server.url}${image?.url}`),
    await fetch(`${server.url}/layout.schema.json`),
    await fetch(`${server.url}/health`),
    await fetch(`${server.url}/nothing`),
    await fetch(`${server.url}/`, { redirect: "manual" }),
    await fetch(`${server.url}/graphql`, { headers: { origin: "https://evil.example" } }),
  ];
  for (const answer of answers) {
    await answer.body?.cancel();
    assert.equal(answer.headers.get("x-content-type-options"), "nosniff", answer.url);
    assert.equal(answer.headers.get("x-frame-options"), "DENY", answer.url);
    assert.match(answer.headers.get("content-security-policy") ?? "", /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(answer.headers.get("cross-origin-resource-policy"), "same-origin", answer.url);
  }
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200, 200, 200, 404, 200, 403]);
});

Deno.test("without the studio, GraphiQL is what a visitor finds", async () => {
  await using server = await startServer({ environment: { PARTERRE_STUDIO: "false" } });
  const answer = await fetch(`${server.url}/`, { redirect: "manual" });
  await answer.body?.cancel();
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), "/graphql");
});

Deno.test("GraphiQL may run its own script and no other", async () => {
  await using server = await startServer();
  const answer = await fetch(`${server.url}/graphql`, { headers: { accept: "text/html" } });
  const html = await answer.text();
  const [, script = ""] = html.match(/<script>([^]*?)<\/script>/) ?? [];
  assert.equal(html.match(/<script/g)?.length, (script.match(/<script/g)?.length ?? 0) + 1);
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = answer.headers.get("content-security-policy") ?? "";
  assert.ok(policy.includes(`script-src 'sha256-${hash}';`), policy.slice(0, 200));
  assert.doesNotMatch(html, /https?:\/\/(?:unpkg|cdn)\./);
});

Deno.test("a picture's head tells its length, and its bytes are those of every reader", async () => {
  await using server = await startServer();
  const { generate: { id } } = await generate(server.client, SMALL);
  const { image } = await finish(server.client, id);
  const head = await fetch(`${server.url}${image?.url}`, { method: "HEAD" });
  const bodies = await Promise.all(
    Array.from({ length: 8 }, async () => (await (await fetch(`${server.url}${image?.url}`)).bytes()).toHex()),
  );
  assert.equal(Number(head.headers.get("content-length")), (bodies[0]?.length ?? 0) / 2);
  assert.equal(new Set(bodies).size, 1);
});

Deno.test("a broken model is refused without a word of where it lies", async () => {
  const models = Deno.makeTempDirSync({ prefix: "parterre-models-" });
  try {
    const whole = new URL("../../models/beds-256-lcm/", import.meta.url).pathname;
    for (const name of ["config", "graph", "weights"]) copy(whole, `${models}/${name}`);
    Deno.writeTextFileSync(`${models}/config/unet/config.json`, "nonsense");
    Deno.writeTextFileSync(`${models}/graph/unet/model.onnx`, "nonsense");
    Deno.removeSync(`${models}/weights/vae_decoder/model.onnx`);
    await using server = await startServer({ environment: { PARTERRE_MODELS: models } });
    const texts = [JSON.stringify(await server.client.request("{ models { name state refusal } }"))];
    for (const model of ["config", "graph", "weights"]) {
      texts.push(JSON.stringify(await generate(server.client, { ...SMALL, model })));
    }
    for (const text of texts) {
      assert.match(text, /Cannot (use|read)|UNSUPPORTED/);
      assert.ok(!text.includes(models), text);
      assert.doesNotMatch(text, /"\/|\/tmp|file:/);
    }
    assert.match(texts[0] ?? "", /config\/unet\/config\.json/, "the file is named from the model's folder on");
  } finally {
    Deno.removeSync(models, { recursive: true });
  }
});
