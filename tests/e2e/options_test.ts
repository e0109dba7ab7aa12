/** The speed-ups and preview methods that a request may choose, each with what it changes. */

import { strict as assert } from "node:assert";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { finish, generate, picture, pixelsOf, SMALL, startServer, type TestServer } from "./server.ts";

interface Metrics {
  readonly denoiseSeconds: number;
  readonly attention: readonly { level: number; form: string; computed: number; dense: number }[];
}

async function metrics(server: TestServer, input: unknown): Promise<Metrics> {
  const { generate: { id } } = await generate(server.client, input);
  await finish(server.client, id);
  const { generation } = await server.client.request<{ generation: { metrics: Metrics } }>(
    `query Metrics($id: ID!) {
      generation(id: $id) { metrics { denoiseSeconds attention { level form computed dense } } }
    }`,
    { id },
  );
  return generation.metrics;
}

Deno.test("metrics say in which form attention was computed, and what it cost", async () => {
  await using server = await startServer();
  const { denoiseSeconds, attention } = await metrics(server, SMALL);
  assert.ok(denoiseSeconds > 0);
  // 64 x 64 pixels are 8 x 8 latent cells; this model attends on levels 1 and 2; two halves cover each cell once.
  assert.deepEqual(attention, [
    { level: 1, form: "GATHERED", computed: 16, dense: 32 },
    { level: 2, form: "GATHERED", computed: 4, dense: 8 },
  ]);
  const { attention: plain } = await metrics(server, { ...SMALL, layout: { basePrompt: "ocean" } });
  assert.deepEqual(plain.map(({ form }) => form), ["DENSE", "DENSE"], "one prompt everywhere: nothing to save");
});

Deno.test("a guidance interval changes the picture, and the whole interval is the default", async () => {
  await using server = await startServer();
  const whole = await picture(server.client, SMALL);
  assert.deepEqual(await picture(server.client, { ...SMALL, guidanceStart: 0, guidanceEnd: 1 }), whole);
  assert.notDeepEqual(await picture(server.client, { ...SMALL, guidanceStart: 0.5 }), whole);
  const { generate: { problems } } = await generate(server.client, { ...SMALL, guidanceStart: 0.5, guidanceEnd: 0.5 });
  assert.deepEqual(problems.map(({ field, value }) => [field, value]), [["input.guidanceEnd", "0.5"]]);
});

Deno.test("a mode for a part of the steps changes the picture, and all of them are the default", async () => {
  await using server = await startServer();
  const whole = await pixelsOf(server.client, SMALL);
  assert.deepEqual(await pixelsOf(server.client, { ...SMALL, modeUntil: 1 }), whole);
  const hybrid = await pixelsOf(server.client, { ...SMALL, modeUntil: 0.25 });
  assert.notDeepEqual(hybrid, whole);
  assert.notDeepEqual(hybrid, await pixelsOf(server.client, { ...SMALL, mode: "LATENT" }));
  for (const modeUntil of [0, -1, 1.5]) {
    const { generate: { problems } } = await generate(server.client, { ...SMALL, modeUntil });
    assert.deepEqual(problems.map(({ field, code }) => [field, code]), [["input.modeUntil", "OUT_OF_RANGE"]]);
  }
  const { generate: { problems } } = await generate(server.client, { ...SMALL, mode: "LATENT", modeUntil: 0.5 });
  assert.deepEqual(problems.map(({ field, code }) => [field, code]), [["input.modeUntil", "UNSUPPORTED"]]);
});

Deno.test("guidance 1 skips the unconditional pass, and refuses negative prompts that it would ignore", async () => {
  await using server = await startServer();
  const input = { ...SMALL, guidanceScale: 1 };
  const plain = await picture(server.client, input);
  assert.deepEqual(await picture(server.client, { ...input, layout: { ...SMALL.layout, negativePrompt: "" } }), plain);
  const { generate: { problems } } = await generate(server.client, {
    ...input,
    layout: { ...SMALL.layout, negativePrompt: "blurry" },
  });
  assert.deepEqual(problems.map(({ code, field }) => [code, field]), [["UNSUPPORTED", "input.layout.negativePrompt"]]);
});

Deno.test("a tiny autoencoder makes the previews that somebody watches, where the model folder has one", async () => {
  const modelsFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  const stock = fileURLToPath(new URL("../fixtures/models/tiny-sd15", import.meta.url));
  cpSync(stock, join(modelsFolder, "without"), { recursive: true });
  cpSync(stock, join(modelsFolder, "with"), { recursive: true });
  cpSync(join(stock, "vae_decoder"), join(modelsFolder, "with", "taesd_decoder"), { recursive: true });
  try {
    await using server = await startServer({ environment: { PARTERRE_MODELS: modelsFolder } });
    const input = { ...SMALL, model: "with", steps: 5, previews: "AUTOENCODER" };
    const { generate: { problems } } = await generate(server.client, { ...input, model: "without" });
    assert.deepEqual(problems.map(({ code, field }) => [code, field]), [["UNSUPPORTED", "input.previews"]]);

    const widths = async (id: string) => {
      const events = await server.parterre.services.events.read(id.slice("Generation:".length), 0);
      return events.flatMap((event) => event.type === "PREVIEW" ? event.width : []);
    };
    const { generate: unwatched } = await generate(server.client, input);
    const query = "subscription ($id: ID!) { generationEvents(id: $id, preview: { every: 3 }) { __typename } }";
    const watch = async (more: Record<string, unknown>) => {
      const { generate: { id } } = await generate(server.client, { ...input, ...more }); // waits for those before it
      for await (const _ of server.client.subscribe(query, { id })); // to the end
      return await widths(id);
    };
    const [one, two] = await Promise.all([watch({}), watch({ steps: 2, count: 2, seed: 1 })]);
    assert.deepEqual(one, [8, 8, 64, 8, 64], "the third and the last were watched");
    assert.deepEqual(two, [8, 8, 64, 64], "counted over both pictures");
    assert.deepEqual(await widths(unwatched.id), [8, 8, 8, 8, 8], "whoever asks later finds one pixel per latent cell");
  } finally {
    Deno.removeSync(modelsFolder, { recursive: true });
  }
});
