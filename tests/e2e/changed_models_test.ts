/** Models that come, change, break and go while a server runs; and what it costs to know of them. */

import { strict as assert } from "node:assert";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import { copy } from "../copy_folder.ts";
import { CountedFiles } from "../counted_files.ts";
import { requestFor } from "../jobs/requests.ts";
import { generate, picture, SMALL, startServer, type TestServer } from "./server.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/models", import.meta.url));

/** A server whose folder of models holds what is copied into it. */
async function withModels(
  models: Readonly<Record<string, string>>,
  check: (server: TestServer, folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    for (const [name, fixture] of Object.entries(models)) copy(join(FIXTURES, fixture), join(folder, name));
    await using server = await startServer({ environment: { PARTERRE_MODELS: folder } });
    await check(server, folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("a folder that comes, changes, breaks, is mended and goes is seen without a restart", async () => {
  await withModels({ turbo: "tiny-turbo" }, async ({ client }, folder) => {
    const [model, unet] = [join(folder, "m"), join(folder, "m", "unet", "model.onnx")];
    const states = async () => {
      const { models } = await client.request<{ models: { name: string; state: string }[] }>(
        "{ models { name state } }",
      );
      return Object.fromEntries(models.map(({ name, state }) => [name, state]));
    };
    /** Asks until the model stands so; each look is good for a second. */
    const becomes = async (state: string | undefined) => {
      for (const until = performance.now() + 20_000; (await states()).m !== state;) {
        assert.ok(performance.now() < until, `not ${state} in time`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    /** Pixels; what the models' defaults would decide is said. */
    const paint = async (model: string) => {
      const settings = { sampler: "euler", schedule: "model", guidanceScale: 1, steps: 2 };
      return decode(await picture(client, { ...SMALL, ...settings, model })).data;
    };
    const asked = async () => (await generate(client, { ...SMALL, model: "m" })).generate.problems?.[0]?.code;

    assert.deepEqual(await states(), { turbo: "READY" });
    copy(join(FIXTURES, "tiny-sd15"), model);
    const first = await paint("m"); // at once: what was there a moment ago refuses nothing
    await becomes("LOADED");

    renameSync(model, join(folder, "before"));
    copy(join(FIXTURES, "tiny-turbo"), model);
    const second = await paint("m");
    assert.notDeepEqual(second, first);
    assert.deepEqual(second, await paint("turbo"));

    const whole = Deno.readFileSync(unet);
    Deno.writeFileSync(unet, whole.subarray(0, 1000));
    await becomes("REFUSED");
    assert.equal(await asked(), "UNSUPPORTED");
    Deno.writeFileSync(unet, whole);
    assert.deepEqual(await paint("m"), second, "mended a moment ago");
    await becomes("LOADED");
    Deno.removeSync(model, { recursive: true });
    await becomes(undefined);
    assert.equal(await asked(), "UNKNOWN_MODEL");
  });
});

Deno.test("a thousand rows of generations read no file of a model, and look at each once a second at most", async () => {
  await withModels({ m: "tiny-sd15", other: "tiny-sdxl" }, async ({ client, parterre: { services } }, folder) => {
    for (let i = 0; i < 100; i++) {
      const { generation } = await services.queue.enqueue({ ...requestFor(`${i}`), model: "m", width: 64, height: 64 });
      await services.queue.requestCancel(generation.id);
    }
    interface Row {
      readonly model: { readonly state: string; readonly memoryBytes: number; readonly embeddings: readonly unknown[] };
    }
    const rows = async () => {
      const query = `{
        generations(first: 100) {
          edges { node { model { name state memoryBytes fileBytes embeddings { name vectors } defaultSampler { name } } } }
        }
      }`;
      return (await client.request<{ generations: { edges: { node: Row }[] } }>(query)).generations.edges;
    };
    await rows(); // now the graphs have been looked into
    const began = performance.now();
    using files = new CountedFiles(folder);
    let count = 0;
    for (let page = 0; page < 10; page++) {
      for (const { node: { model: { state, memoryBytes, embeddings } } } of await rows()) {
        count++;
        assert.ok(state !== "REFUSED" && memoryBytes > 1000 && embeddings.length === 3);
      }
    }
    assert.equal(count, 1000);
    assert.deepEqual(files.read, []);
    const looks = files.looked.filter((path) => path === "m/unet/model.onnx").length;
    const most = (performance.now() - began) / 1000 + 1;
    assert.ok(looks <= most, `${looks} looks, at most ${most}`);
    assert.ok(!files.looked.includes("other/unet/model.onnx"), "nobody asked for it");
  });
});
