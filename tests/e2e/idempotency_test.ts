/** A request that is sent again, as clients do after a time-out, when the server has changed meanwhile. */

import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { encodePng } from "../../image/png.ts";
import { draw } from "../image/pictures.ts";
import { generate, startServer } from "./server.ts";

const MASK = encodePng(draw(16, 8, 3, (x) => x < 8 ? [255, 0, 0] : [0, 0, 255]), {});
const OTHER_MODELS = fileURLToPath(new URL("../fixtures/models", import.meta.url));

Deno.test("neither another default, a lower limit nor a lost mask comes between a request and its second sending", async () => {
  const dataFolder = Deno.makeTempDirSync({ prefix: "parterre-test-" });
  try {
    let first: string;
    let input: Record<string, unknown>;
    let key: string;
    {
      await using server = await startServer({ dataFolder });
      const { assets } = server.parterre.services;
      ({ key } = await assets.put(MASK, { contentType: "image/png" }));
      const layout = { regions: [{ prompt: "sea", geometry: { mask: { asset: key, channel: "LUMINANCE" } } }] };
      input = { width: 64, height: 64, steps: 150, priority: 1, layout, idempotencyKey: "order-1" };
      first = (await generate(server.client, input)).generate.id;
      assert.ok(first);
      await assets.remove(key);
      const again = { ...input, layout: { regions: [...layout.regions] } };
      assert.equal((await generate(server.client, again)).generate.id, first, "the mask is not looked at again");
    }
    await using server = await startServer({
      dataFolder,
      environment: { PARTERRE_MODELS: OTHER_MODELS, PARTERRE_MAX_STEPS: "2" },
    });
    const { generate: { id } } = await generate(server.client, input);
    assert.equal(id, first);
    for (const change of [{ steps: 2 }, { priority: 2 }, { seed: 3 }]) {
      const { generate: { __typename } } = await generate(server.client, { ...input, ...change });
      assert.equal(__typename, "IdempotencyConflictError", JSON.stringify(change));
    }
    const { generate: { problems } } = await generate(server.client, { ...input, idempotencyKey: "order-2" });
    const [mask, steps] = problems;
    assert.deepEqual([mask?.value, steps?.field], [`"${key}"`, "input.steps"], "as a new request it is refused");
  } finally {
    Deno.removeSync(dataFolder, { recursive: true });
  }
});
