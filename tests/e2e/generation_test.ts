/** The life of a generation, seen by a client. */

import { strict as assert } from "node:assert";
import { decodePng } from "../../image/png.ts";
import { finish, generate, picture, SMALL, startServer, type TestServer } from "./server.ts";

async function cancel(server: TestServer, id: string): Promise<{ outcome: string; message: string }> {
  const { cancelGeneration } = await server.client.request<{ cancelGeneration: { outcome: string; message: string } }>(
    `mutation Cancel($id: ID!) {
      cancelGeneration(id: $id) { ... on CancelGenerationPayload { outcome } ... on Error { message } }
    }`,
    { id },
  );
  return cancelGeneration;
}

Deno.test("the same seed and input give the same bytes, in one process and in another", async () => {
  const pictures: Uint8Array[] = [];
  for (let run = 0; run < 2; run++) {
    await using server = await startServer();
    pictures.push(await picture(server.client, SMALL), await picture(server.client, SMALL));
    const other = await picture(server.client, { ...SMALL, seed: 6 });
    assert.notDeepEqual(other, pictures[0], "another seed gives another picture");
  }
  for (const bytes of pictures) assert.deepEqual(bytes, pictures[0]);
});

Deno.test("one thread and two threads agree to within 1/255 per pixel", async () => {
  const pictures: Uint8Array[] = [];
  for (const threads of ["1", "2"]) {
    await using server = await startServer({ environment: { PARTERRE_THREADS: threads } });
    pictures.push(decodePng(await picture(server.client, { ...SMALL, steps: 8 })).pixels.data);
  }
  const [one = new Uint8Array(), two = new Uint8Array()] = pictures;
  assert.equal(one.length, 64 * 64 * 3);
  assert.ok(one.every((value, i) => Math.abs(value - (two[i] ?? NaN)) <= 1));
});

Deno.test("a model loaded at the start gives estimates before the first picture", async () => {
  await using server = await startServer({ environment: { PARTERRE_PRELOAD: "auto" } });
  const eta = async (width: number) => {
    const { validateLayout } = await server.client.request<{ validateLayout: { etaSeconds: number | null } }>(
      `query Check($width: Int) {
        validateLayout(input: { width: $width, height: 256, layout: {} }) { ... on LayoutReport { etaSeconds } }
      }`,
      { width },
    );
    return validateLayout.etaSeconds;
  };
  let small = await eta(128);
  while (small === null) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    small = await eta(128);
  }
  assert.ok(small > 0);
  const large = await eta(256);
  assert.ok(large !== null && Math.abs(large / small - 2) < 1e-9, "twice the pixels take twice as long");
});

Deno.test("the PNG carries the request that made it", async () => {
  await using server = await startServer();
  const { text } = decodePng(await picture(server.client, SMALL));
  const request = JSON.parse(text["parterre"] ?? "");
  assert.equal(request.seed, SMALL.seed);
  assert.equal(request.layout.regions[1].prompt, "forest");
});

Deno.test("an idempotency key stands for one generation; another input under it is refused", async () => {
  await using server = await startServer();
  const { seed: _, ...unseeded } = SMALL;
  const input = { ...unseeded, idempotencyKey: "order-1" };
  const first = await generate(server.client, input);
  const second = await generate(server.client, input);
  assert.equal(first.generate.__typename, "Generation");
  assert.equal(second.generate.id, first.generate.id);
  const { generate: conflict } = await generate(server.client, { ...input, steps: 3 });
  assert.equal(conflict.__typename, "IdempotencyConflictError");
  assert.match(conflict.message, /"order-1"/);
  await finish(server.client, first.generate.id);
});

Deno.test("cancellation takes effect at the next step, and may be repeated", async () => {
  await using server = await startServer();
  const { generate: { id: running } } = await generate(server.client, { ...SMALL, steps: 150 });
  const { generate: { id: waiting } } = await generate(server.client, SMALL);
  assert.equal((await cancel(server, waiting)).outcome, "CANCELED", "at once while it waits");

  const watch = `subscription Watch($id: ID!) {
    generationEvents(id: $id, after: 0, preview: { every: 0 }) {
      ... on GenerationProgressEvent { step }
      ... on GenerationCompletedEvent { generation { status } }
    }
  }`;
  let canceledAt = Infinity;
  let last = 0;
  let status: string | undefined;
  for await (
    const { generationEvents: event } of server.client.subscribe<
      { generationEvents: { step?: number; generation?: { status: string } } }
    >(watch, { id: running })
  ) {
    last = event.step ?? last;
    status = event.generation?.status ?? status;
    if (last === 3 && canceledAt === Infinity) {
      canceledAt = last;
      assert.equal((await cancel(server, running)).outcome, "CANCELING");
      assert.match((await cancel(server, running)).outcome, /^CANCEL(ING|ED)$/);
    }
  }
  assert.equal(status, "CANCELED");
  assert.ok(last < 30, `stopped at step ${last} of 150`);
  assert.equal((await cancel(server, running)).outcome, "CANCELED");
  assert.match((await cancel(server, "Generation:0190")).message, /No generation has the id "0190"/);
});

Deno.test("generations are listed page by page, the latest first, and found by their ids", async () => {
  await using server = await startServer();
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.unshift((await generate(server.client, { ...SMALL, steps: 1, seed: i })).generate.id);
  interface Page {
    generations: { edges: { node: { id: string } }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }
  const page = (after: string | null) =>
    server.client.request<Page>(
      `query Page($after: String) {
        generations(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
      }`,
      { after },
    );
  const { generations: one } = await page(null);
  const { generations: two } = await page(one.pageInfo.endCursor);
  assert.deepEqual([...one.edges, ...two.edges].map(({ node }) => node.id), ids);
  assert.deepEqual([one.pageInfo.hasNextPage, two.pageInfo.hasNextPage], [true, false]);
  const { generation, node } = await server.client.request<
    { generation: { seed: number }; node: { __typename: string } }
  >(`query Both($id: ID!) { generation(id: $id) { seed } node(id: $id) { __typename } }`, { id: ids[0] });
  assert.deepEqual([generation.seed, node.__typename], [2, "Generation"]);
  for (const id of ids) await finish(server.client, id);
});
