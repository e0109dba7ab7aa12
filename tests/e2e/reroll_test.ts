/** Regions of a picture are painted anew by a client: from its generation, from its file, and again from the new one's. */

import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import type { GraphqlClient } from "../../cli/graphql_client.ts";
import { encodeImage } from "../../image/encode.ts";
import { decodePng, decodePngPixels } from "../../image/png.ts";
import { photo } from "../image/pictures.ts";
import { finish, generate, SMALL, startServer } from "./server.ts";

const PARTERRE_MODELS = fileURLToPath(new URL("../fixtures/models", import.meta.url));

const MUTATION = `mutation ($input: RerollInput!) { reroll(input: $input) {
  __typename
  ... on InvalidInputError { problems { code field value rule } }
  ... on Reroll {
    generation { id seed rerolls { of regions { name seed } lockRest } }
    differences { field was is }
  } } }`;

interface Told {
  readonly id: string;
  readonly seed: number;
  readonly rerolls: readonly {
    readonly of: string | null;
    readonly regions: readonly { readonly name: string; readonly seed: number }[];
    readonly lockRest: boolean;
  }[];
}

interface Answer {
  readonly __typename: string;
  readonly problems?: readonly { code: string; field: string; value: string; rule: string }[];
  readonly generation?: Told;
  readonly differences?: readonly { field: string; was: string | null; is: string | null }[];
}

type Bytes = Uint8Array<ArrayBuffer>;

async function reroll(client: GraphqlClient, input: Record<string, unknown>, file?: Bytes): Promise<Answer> {
  const variables = { input: file === undefined ? input : { ...input, file: null } };
  const files = file === undefined ? {} : { files: { "variables.input.file": new File([file], "picture") } };
  return (await client.request<{ reroll: Answer }>(MUTATION, variables, files)).reroll;
}

async function download(client: GraphqlClient, id: string): Promise<Bytes> {
  const { image, error } = await finish(client, id);
  assert.ok(image, JSON.stringify(error));
  return new Uint8Array(await client.picture(image.url));
}

/** Paints a picture. */
async function paint(client: GraphqlClient, input: Record<string, unknown>): Promise<{ id: string; file: Bytes }> {
  const { generate: { id, message } } = await generate(client, input);
  assert.ok(id, message);
  return { id, file: await download(client, id) };
}

/** Paints regions anew. */
async function repaint(client: GraphqlClient, input: Record<string, unknown>, file?: Bytes) {
  const { generation, problems } = await reroll(client, input, file);
  assert.ok(generation, JSON.stringify(problems));
  return { ...generation, file: await download(client, generation.id) };
}

/** The mean absolute change of each half. */
function change(a: Bytes, b: Bytes): { readonly sea: number; readonly wood: number } {
  const [{ pixels: before }, { pixels: after }] = [decodePngPixels(a), decodePngPixels(b)];
  const sums = { sea: 0, wood: 0 };
  before.data.forEach((value, i) => {
    const right = Math.floor(i / before.channels) % before.width >= before.width / 2;
    sums[right ? "wood" : "sea"] += Math.abs(value - (after.data[i] ?? NaN));
  });
  return { sea: sums.sea * 2 / before.data.length, wood: sums.wood * 2 / before.data.length };
}

Deno.test("regions of a picture are painted anew", async (test) => {
  await using server = await startServer({ environment: { PARTERRE_MODELS } });
  const { client } = server;
  const input = { ...SMALL, width: 128, model: "tiny-sd15", steps: 2 };
  const { id, file } = await paint(client, input);

  await test.step("by its generation: one region changes, the rest hardly, and the file says how", async () => {
    const again = await repaint(client, { generation: id, regions: ["wood"], seeds: [77] });
    assert.deepEqual(again.rerolls, [{ of: id, regions: [{ name: "wood", seed: 77 }], lockRest: true }]);
    assert.equal(again.seed, SMALL.seed);
    const { sea, wood } = change(file, again.file);
    assert(wood > 5 && sea < wood / 5, `${sea} and ${wood}`);

    // The new file is enough to paint it once more.
    const regenerate = `mutation ($input: RegenerateInput!) { regenerate(input: $input) {
      ... on Regeneration { generation { id } } ... on InvalidInputError { message } } }`;
    const files = { "variables.input.file": new File([again.file], "picture") };
    const { regenerate: answer } = await client.request<{
      regenerate: { generation?: { id: string }; message?: string };
    }>(regenerate, { input: { file: null } }, { files });
    assert.ok(answer.generation, JSON.stringify(answer));
    assert.equal(Buffer.compare(await download(client, answer.generation.id), again.file), 0);

    // Painted anew again, the region has another seed, and the other one is beside what it was.
    const seeds = { regions: ["sea"], seeds: [3], lockRest: false };
    const [first, second] = (await repaint(client, { generation: again.id, ...seeds })).rerolls;
    assert.deepEqual([first, second?.of], [again.rerolls[0], again.id]);
    const third = await repaint(client, { generation: again.id, regions: ["wood"], seeds: [78] });
    assert.deepEqual(third.rerolls, [{ of: again.id, regions: [{ name: "wood", seed: 78 }], lockRest: true }]);
  });

  await test.step("by its file, where its generation is gone", async () => {
    const wanted = await repaint(client, { generation: id, regions: ["sea"], seeds: [4] });
    const other = await paint(client, { ...input, seed: 6 });
    const deleted = `mutation ($id: ID!) { deleteGeneration(id: $id) { __typename } }`;
    await client.request(deleted, { id: other.id });
    assert.equal((await reroll(client, { generation: other.id, regions: ["sea"] })).__typename, "NotFoundError");
    const ofFile = await repaint(client, { regions: ["sea"], seeds: [4] }, other.file);
    assert.equal(ofFile.rerolls[0]?.of, null);
    assert.notDeepEqual(ofFile.file, wanted.file);
    const same = await repaint(client, { regions: ["sea"], seeds: [4] }, file);
    assert.deepEqual(decodePngPixels(same.file).pixels, decodePngPixels(wanted.file).pixels);
  });

  await test.step("one that started from a picture, with a variation", async () => {
    const query = `mutation ($file: File!) { uploadImage(file: $file) { ... on ImageAsset { id } } }`;
    const files = { "variables.file": new File([await encodeImage(photo(128, 64), "PNG")], "picture.png") };
    const { uploadImage } = await client.request<{ uploadImage: { id: string } }>(query, { file: null }, { files });
    const variation = { variationSeed: 5, variationStrength: 0.5 };
    const init = { initImage: uploadImage.id, maskRegion: "sea", maskFeather: 0.02, strength: 0.5, ...variation };
    const from = await paint(client, { ...input, ...init, steps: 4, format: "PNG" });
    const { sea, wood } = change(from.file, (await repaint(client, { generation: from.id, regions: ["sea"] })).file);
    assert(sea > 1 && wood < sea / 5, `${sea} and ${wood}`);
  });

  await test.step("seeds are random by default, and one key means one re-roll", async () => {
    const twice = { generation: id, regions: ["sea", "wood"], idempotencyKey: "k" };
    const first = (await reroll(client, twice)).generation, second = (await reroll(client, twice)).generation;
    assert.equal(first?.id, second?.id);
    assert.equal(new Set(first?.rerolls[0]?.regions.map(({ seed }) => seed)).size, 2);
    assert.equal((await reroll(client, { ...twice, regions: ["sea"] })).__typename, "IdempotencyConflictError");
  });

  await test.step("what cannot be painted anew is refused at its field", async () => {
    const problems = async (more: Record<string, unknown>, of?: Bytes) =>
      (await reroll(client, { ...of ? {} : { generation: id }, ...more }, of)).problems?.map(({ field, rule }) =>
        `${field} ${rule}`
      );
    assert.deepEqual(await problems({ regions: ["sky", "wood", "wood"], seeds: [1, 2, 3] }), [
      "input.regions[0] must be one of the regions that paint: sea, wood",
      "input.regions[2] must be named once",
    ]);
    assert.deepEqual(await problems({ regions: [] }), ["input.regions must name a region"]);
    assert.deepEqual(await problems({ regions: ["sea"], seeds: [1, 2] }), [
      "input.seeds must be 1, one for each region",
    ]);
    assert.match((await problems({ generation: null, regions: ["sea"] }))?.[0] ?? "", /^input.generation must be set/);
    assert.match((await problems({ regions: ["sea"], generation: id }, file))?.[0] ?? "", /^input.generation must not/);

    const waiting = await generate(client, { ...input, steps: 60, layout: { basePrompt: "a" } });
    const [unfinished] = await problems({ generation: waiting.generate.id, regions: ["sea"] }) ?? [];
    assert.match(unfinished ?? "", /^input.generation must be a generation that has SUCCEEDED/);
    await client.request(`mutation ($id: ID!) { cancelGeneration(id: $id) { __typename } }`, {
      id: waiting.generate.id,
    });

    const { pixels, text } = decodePng(file);
    const record = JSON.parse(text["parterre"] ?? "{}");
    const edited = (changes: Record<string, unknown>) =>
      encodeImage(pixels, "PNG", { text: { parterre: JSON.stringify({ ...record, ...changes }) } });
    const changed = await edited({ made: { ...record.made, model: "0".repeat(64) } });
    assert.match(
      (await problems({ regions: ["sea"] }, changed))?.[0] ?? "",
      /^input.file.made.model .* tiny-sd15 has changed/,
    );
    const lock = { of: null, lockRest: true };
    const ninth = await edited({
      rerolls: Array.from({ length: 8 }, (_, i) => ({ ...lock, regions: [{ name: ["sea", "wood"][i % 2], seed: i }] })),
    });
    assert.match((await problems({ regions: ["sea"] }, ninth))?.[0] ?? "", /^input.file.rerolls must be at most 8/);
    const odd = await edited({ rerolls: [{ ...lock, regions: ["sea"] }] });
    assert.match((await problems({ regions: ["sea"] }, odd))?.[0] ?? "", /^input.file.rerolls must be regions with/);
  });
});
